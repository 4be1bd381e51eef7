"""Names and areas out of the settings of Zigbee2MQTT (`configuration.yaml`), for the user's own file; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.home.areas import MAX_NAME, HomeFile, folded_name
from assistant.home.dialects.zigbee2mqtt import area_in

MAX_THINGS = 5_000
_ADDRESS = re.compile(r"0x[0-9a-f]{1,16}")


@dataclass(frozen=True, slots=True)
class Named:
    """A device or group: what discovery calls it, what people shall, and where it stands."""

    key: str
    name: str
    area: str


def named_things(settings: Mapping[str, object]) -> list[Named]:
    """All devices and groups that somebody named or placed."""
    found = [*_things(settings.get("devices"), by_address=True), *_things(settings.get("groups"), by_address=False)]
    return found[:MAX_THINGS]


def _things(raw: object, *, by_address: bool) -> Iterator[Named]:
    for number, thing in raw.items() if isinstance(raw, dict) else ():
        if not isinstance(thing, dict):
            continue
        friendly = " ".join(str(thing.get("friendly_name") or "").split())[:MAX_NAME]
        front, slash, rest = friendly.replace("_", " ").partition("/")
        area, name = (front.strip(), rest.replace("/", " ").strip()) if slash and rest.strip() else ("", front.strip())
        area = area_in(str(thing.get("description") or "")) or area
        name = "" if _ADDRESS.fullmatch(name) else name
        # groups have a number that other bridges have too: they go by their name
        key = str(number) if by_address else friendly
        if key and (area or name):
            yield Named(key, name, area)


def missing_from(file: HomeFile, things: list[Named]) -> list[Named]:
    """Those that the user's file says nothing about."""
    return [thing for thing in things if folded_name(thing.key) not in file.things]


def as_entries(things: list[Named]) -> str:
    """The text to add to the user's file."""
    return "".join(_entry(thing) for thing in things)


def _entry(thing: Named) -> str:
    lines = [f"[things.{_quoted(thing.key)}]"]
    lines += [f"{key} = {_quoted(value)}" for key, value in (("name", thing.name), ("area", thing.area)) if value]
    return "\n".join(("", *lines, ""))


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON escapes the same letters."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
