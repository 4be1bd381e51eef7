"""What Zigbee2MQTT's bridge tells of devices and groups beside its discovery: where they stand.

The form: zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages, `bridge/devices`, `bridge/groups`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.home.discovery import Discovery, DiscoveryFault

MAX_BYTES = 8_000_000
"""Some hundred devices, each with all that it can."""
MAX_THINGS = 5_000
_TOPIC = re.compile(r"[^/+#]+/bridge/(devices|groups)")
_AREA = re.compile(r"(?im)^\s*(?:area|room)\s*[:=]\s*(?P<area>[^\n,;/]{2,60}?)\s*(?:[,;\n]|$)")


class Zigbee2MqttBridge:
    """Use as every dialect. It announces no entities, its discovery does; groups are known there by name and number,
    devices by address."""

    filters: tuple[str, ...] = ("+/bridge/devices", "+/bridge/groups")

    def takes(self, topic: str) -> bool:
        """True for the lists of a bridge, whatever its base topic is."""
        return _TOPIC.fullmatch(topic) is not None

    def read(self, topic: str, payload: bytes) -> Discovery:
        """One list. Raises DiscoveryFault."""
        things = _parsed(payload) if payload else []
        base = topic.partition("/")[0]
        areas = {identifier: area for thing in things for identifier, area in _places(thing, base)}
        return Discovery(topic, (), is_whole=False, areas=areas)


def area_in(description: str) -> str:
    """Where its user says that it stands: a line `area: …` or `room: …` of its description; empty: nowhere."""
    told = _AREA.search(description)
    return " ".join(told["area"].split()) if told is not None else ""


def _places(thing: object, base: str) -> Iterator[tuple[str, str]]:
    """Identifier in discovery, and area. What stands before a slash in a name is told by discovery itself."""
    area = area_in(_text(thing, "description")) if isinstance(thing, dict) else ""
    if not area or not isinstance(thing, dict):
        return
    if address := _text(thing, "ieee_address"):
        yield f"zigbee2mqtt_{address}", area
    elif isinstance(number := thing.get("id"), int):
        # groups of different bridges share numbers: the bridge's name stands before it, in numbers too
        yield f"zigbee2mqtt_{''.join(str(ord(letter)) for letter in base)}_{number}", area


def _text(thing: Mapping[str, Any], key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""


def _parsed(payload: bytes) -> list[object]:
    if len(payload) > MAX_BYTES:
        raise DiscoveryFault(f"{len(payload)} bytes are too many")
    try:
        things = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise DiscoveryFault("not JSON") from error
    if not isinstance(things, list):
        raise DiscoveryFault("not a JSON list")
    return things[:MAX_THINGS]
