"""A device or group of Zigbee2MQTT: what discovery would call it, its topics, and if it tells that it is there; pure.

Identifiers and ids are those of its own discovery: what was renamed stays so when discovery is switched on or off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.home.config import Config
from assistant.home.devices import DeviceFacts
from assistant.home.discovery import Announced, ComponentKey, Origin
from assistant.home.topics import is_topic

ORIGIN = Origin("Zigbee2MQTT")
_ONLINE = "{{ value_json.state if value_json.state is defined else value }}"
"""Older ones write the bare word."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One device or group, under the base topic of its bridge."""

    base: str
    id: str
    """Address of a device, number of a group."""
    facts: DeviceFacts
    tells_availability: bool = False

    @property
    def topic(self) -> str:
        """Where its state is told."""
        return f"{self.base}/{self.facts.name}"

    @property
    def command_topic(self) -> str:
        """Where it takes commands."""
        return f"{self.topic}/set"

    def announced(self, component: str, object_id: str, config: Mapping[str, object]) -> Announced:
        """One of its components."""
        unique = f"{self.id}_{object_id}_{self.base}"
        places = [f"{self.base}/bridge/state", *([f"{self.topic}/availability"] if self.tells_availability else [])]
        common = {
            "unique_id": unique,
            "availability": [{"topic": place, "value_template": _ONLINE} for place in places],
            "availability_mode": "all",
        }
        key = ComponentKey(component, self.facts.key, unique)
        written = Config({**common, **config})
        return Announced(key, component, object_id, self.facts, written, f"{component} {unique}", origin=ORIGIN)


def identifier_of(thing: Mapping[str, Any], base: str) -> str:
    """As its discovery identifies it; empty: it can't be told apart."""
    if address := text(thing, "ieee_address"):
        return f"zigbee2mqtt_{address}"
    number = thing.get("id")
    if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 10**9:
        # groups of different bridges share numbers: the bridge's name stands before it, in numbers too
        return f"zigbee2mqtt_{''.join(str(ord(letter)) for letter in base)}_{number}"
    return ""


def thing_from(raw: Mapping[str, Any], base: str, *, tells_availability: bool) -> Thing | None:
    """The device or group; None for what has no name, or one that makes no topic."""
    name, identifier = text(raw, "friendly_name"), identifier_of(raw, base)
    if not name or not identifier or not is_topic(f"{base}/{name}/set") or raw.get("disabled") is True:
        return None
    definition = raw.get("definition")
    about = definition if isinstance(definition, dict) else {}
    model, description = text(about, "model"), text(about, "description")
    facts = DeviceFacts(
        key=identifier,
        name=name,
        identifiers=(identifier,),
        manufacturer=text(about, "vendor"),
        model=f"{description} ({model})" if description and model else model,
        sw_version=text(raw, "software_build_id"),
    )
    return Thing(base, text(raw, "ieee_address") or str(raw.get("id")), facts, tells_availability)


def text(raw: Mapping[str, Any], key: str) -> str:
    """A text of a message; empty when it is none."""
    value = raw.get(key)
    return value if isinstance(value, str) else ""


# ── texts of components ──────────────────────────────────────────────────────────────────────────


def told(name: str) -> str:
    """The template that reads one value of a message; a message without it gives nothing."""
    return f"{{{{ value_json['{name}'] }}}}"


def setting(name: str, value: object) -> str:
    """A payload that sets one value."""
    return json.dumps({name: value})


def setting_template(name: str, inner: str = "{{ value }}") -> str:
    """The template of a payload that sets one value."""
    return f'{{"{name}": {inner}}}'
