"""Whether the messages that the product sends are those that a step wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.home.order import Outgoing
from benchmarks.mqtt_cases import Step

EXTRA = 1
"""A light of the default form may be sent its plain "on" beside what is wanted."""


def fault_of(messages: Sequence[Outgoing], step: Step) -> str:
    """What is wrong with the messages for a step; empty when they are right."""
    sent = [(each.topic, each.payload) for each in messages]
    if step.part is None:
        return "" if any(_is_wanted(each, step) for each in messages) else f"sent {sent}"
    k, n = step.part
    places = [place for place, each in enumerate(messages) if _is_wanted(each, step)]
    if not places or len(messages) > n + EXTRA or not k - 1 <= places[0] <= k - 1 + EXTRA:
        return f"sent {sent}"
    return ""


def _is_wanted(message: Outgoing, step: Step) -> bool:
    topics = (step.topic, *(step.wanted.get("also_ok_topic") or ()))
    if message.topic not in topics:
        return False
    payloads = (step.payload.decode(), *(step.wanted.get("also_ok") or ()))
    return any(_same(message.payload, wanted, step.wanted.get("tolerance") or {}) for wanted in payloads)


def _same(sent: str, wanted: str, tolerance: Mapping[str, float]) -> bool:
    if sent == wanted:
        return True
    one, other = _json(sent), _json(wanted)
    if one is None or other is None:
        return False
    return _alike(one, other, tolerance, "value")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _alike(one: Any, other: Any, tolerance: Mapping[str, float], key: str) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[k], other[k], tolerance, k) for k in one)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= tolerance.get(key, 0)
    return bool(one == other)
