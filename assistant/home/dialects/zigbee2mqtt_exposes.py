"""What a Zigbee2MQTT device says that it can do, read with its types: where its JSON ends; pure.

The form: zigbee2mqtt.io/guide/usage/exposes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

MAX_EXPOSES = 300
MAX_VALUES = 200
MAX_WORD = 80
FARTHEST = 10**9
STATE, SET = 1, 2
"""Bits of `access`: it is told; it can be set."""
IN_GROUPS = {"light": "state", "switch": "state", "cover": "state", "lock": "state"}
"""What groups take commands for; other kinds have no meaning for many at once."""
_GROUP_KEYS = {"color_xy": "color", "color_hs": "color"}
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Letters that are safe between the quotes of a template."""


@dataclass(frozen=True, slots=True)
class Expose:
    """One thing that a device tells or takes; what it doesn't say is empty or None."""

    kind: str
    name: str = ""
    key: str = ""
    """The key of its value in messages; empty for what only holds features."""
    access: int = 0
    endpoint: str = ""
    label: str = ""
    category: str = ""
    unit: str = ""
    on: object = None
    off: object = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    values: tuple[str, ...] = ()
    features: tuple[Expose, ...] = ()

    @property
    def is_told(self) -> bool:
        """Its value comes in messages."""
        return bool(self.access & STATE)

    @property
    def is_settable(self) -> bool:
        """Its value can be set."""
        return bool(self.access & SET)

    def feature(self, *names: str) -> Expose | None:
        """The first of these features that it has."""
        return next((each for name in names for each in self.features if each.name == name and each.key), None)


def exposes_from(raw: object) -> tuple[Expose, ...]:
    """All that can be read; the rest is passed over."""
    items = raw[:MAX_EXPOSES] if isinstance(raw, list) else []
    return tuple(found for each in items if isinstance(each, dict) and (found := _expose(each, 0)) is not None)


def _expose(raw: Mapping[str, Any], depth: int) -> Expose | None:
    kind, own = _word(raw, "type"), _word(raw, "property")
    if not kind or (own and not _KEY.fullmatch(own)):
        return None
    access = raw.get("access")
    return Expose(
        kind,
        _word(raw, "name"),
        own,
        access if isinstance(access, int) and access >= 0 else 0,
        _word(raw, "endpoint"),
        _word(raw, "label"),
        _word(raw, "category"),
        _word(raw, "unit"),
        _plain(raw.get("value_on")),
        _plain(raw.get("value_off")),
        _number(raw.get("value_min")),
        _number(raw.get("value_max")),
        _number(raw.get("value_step")),
        _values(raw.get("values")),
        _features(raw.get("features")) if depth == 0 else (),
    )


def _features(raw: object) -> tuple[Expose, ...]:
    items = raw[:MAX_EXPOSES] if isinstance(raw, list) else []
    return tuple(found for each in items if isinstance(each, dict) and (found := _expose(each, 1)) is not None)


def _values(raw: object) -> tuple[str, ...]:
    items = raw[:MAX_VALUES] if isinstance(raw, list) else []
    texts = (str(each) for each in items if isinstance(each, str | int | float))
    return tuple(dict.fromkeys(each for each in texts if each and len(each) <= MAX_WORD))


def _word(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= MAX_WORD else ""


def _plain(raw: object) -> object:
    """A payload: a text, a truth value or a number."""
    return raw if isinstance(raw, bool) or (isinstance(raw, str) and len(raw) <= MAX_WORD) else _number(raw)


def _number(raw: object) -> float | None:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < FARTHEST
    return raw if is_number and isinstance(raw, int | float) and math.isfinite(raw) else None


# ── groups ───────────────────────────────────────────────────────────────────────────────────────


def of_group(members: Iterable[Expose]) -> Iterator[Expose]:
    """What a group takes: of each kind all that any of its members can. Endpoints are the group's business."""
    merged: dict[str, dict[str, Expose]] = {}
    for member in members:
        is_main = (found := member.feature("state")) is not None and found.key.startswith("state")
        if member.kind in IN_GROUPS and is_main:
            features = merged.setdefault(member.kind, {})
            for each in member.features:
                features.setdefault(each.name, replace(each, key=_GROUP_KEYS.get(each.name, each.name)))
    for kind, features in merged.items():
        yield Expose(kind, features=tuple(features.values()))
