"""What Zigbee2MQTT's bridge tells beside its discovery: where devices and groups stand, and all that they can where its
discovery is off.

The form: zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages, `bridge/info`, `bridge/devices`, `bridge/groups`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.home.dialects.zigbee2mqtt_home import (
    Settings,
    components_of,
    parsed_list,
    parsed_object,
    settings_from,
)
from assistant.home.dialects.zigbee2mqtt_things import identifier_of, text
from assistant.home.discovery import Announced, ComponentKey, Discovery, DiscoveryFault

MAX_BRIDGES = 16
LISTS = ("info", "devices", "groups")
_TOPIC = re.compile(r"(?P<base>[^/+#]+(?:/[^/+#]+)?)/bridge/(?P<about>info|devices|groups)")
_AREA = re.compile(r"(?im)^\s*(?:area|room)\s*[:=]\s*(?P<area>[^\n,;/]{2,60}?)\s*(?:[,;\n]|$)")


@dataclass(slots=True)
class _Bridge:
    """The last that a bridge told; lists as they came, since most are never needed again."""

    settings: Settings | None = None
    devices: bytes = b""
    groups: bytes = b""
    told: dict[ComponentKey, Announced] = field(default_factory=dict)
    """What was announced here."""


class Zigbee2MqttBridge:
    """Use as every dialect, with the prefix where its own discovery would be read. While that is on, or nothing is
    known of it, no entities are announced here; areas always are. All messages of a bridge are told as one, behind its
    list of devices: of a list that changed only what is new and gone, else all."""

    filters: tuple[str, ...] = tuple(f"{base}/bridge/{each}" for base in ("+", "+/+") for each in LISTS)

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._bridges: dict[str, _Bridge] = {}

    def takes(self, topic: str) -> bool:
        """True for settings and lists of a bridge, whatever its base topic is."""
        return _TOPIC.fullmatch(topic) is not None

    def read(self, topic: str, payload: bytes) -> Discovery:
        """One message. Raises DiscoveryFault."""
        match = _TOPIC.fullmatch(topic)
        if match is None:
            raise DiscoveryFault("the topic is none of a bridge")
        base = match["base"]
        if base not in self._bridges and len(self._bridges) >= MAX_BRIDGES:
            raise DiscoveryFault("there are too many bridges")
        bridge = self._bridges.get(base, _Bridge())
        take = {"info": self._take_settings, "devices": self._take_devices, "groups": self._take_groups}[match["about"]]
        discovery = take(base, bridge, payload)
        # one whose first message can't be read is none yet
        self._bridges[base] = bridge
        return discovery

    def _take_settings(self, base: str, bridge: _Bridge, payload: bytes) -> Discovery:
        before = bridge.settings
        bridge.settings = settings_from(parsed_object(payload), self._prefix) if payload else before
        if bridge.settings == before:
            return Discovery(_behind(base), (), is_whole=False)
        return _all_of(base, bridge)

    def _take_devices(self, base: str, bridge: _Bridge, payload: bytes) -> Discovery:
        areas, is_same = dict(_places(parsed_list(payload), base)), payload == bridge.devices
        bridge.devices = payload
        return replace(_all_of(base, bridge) if is_same else _news_of(base, bridge), areas=areas)

    def _take_groups(self, base: str, bridge: _Bridge, payload: bytes) -> Discovery:
        areas, is_same = dict(_places(parsed_list(payload), base)), payload == bridge.groups
        bridge.groups = payload
        return replace(_all_of(base, bridge) if is_same else _news_of(base, bridge), areas=areas)


def _all_of(base: str, bridge: _Bridge) -> Discovery:
    """All that there is: after a reconnection, or when the settings changed."""
    bridge.told = _components(base, bridge)
    return Discovery(_behind(base), tuple(bridge.told.values()), is_whole=bridge.settings is not None)


def _news_of(base: str, bridge: _Bridge) -> Discovery:
    """What is new, otherwise, or gone: a list of hundreds comes whole with each change of one device."""
    before, bridge.told = bridge.told, _components(base, bridge)
    news = tuple(each for key, each in bridge.told.items() if before.get(key) != each)
    gone = frozenset(each.part for key, each in before.items() if key not in bridge.told)
    return Discovery(_behind(base), news, gone, is_whole=False)


def _components(base: str, bridge: _Bridge) -> dict[ComponentKey, Announced]:
    settings = bridge.settings
    if settings is None or settings.announces:
        return {}
    found = components_of(base, settings, parsed_list(bridge.devices), parsed_list(bridge.groups))
    return {each.key: each for each in found}


def _behind(base: str) -> str:
    return f"{base}/bridge/devices"


def area_in(description: str) -> str:
    """Where its user says that it stands: a line `area: …` or `room: …` of its description; empty: nowhere."""
    told = _AREA.search(description)
    return " ".join(told["area"].split()) if told is not None else ""


def _places(things: Sequence[Mapping[str, Any]], base: str) -> Iterator[tuple[str, str]]:
    """Identifier in discovery, and area. What stands before a slash in a name is told by discovery itself."""
    for thing in things:
        area, identifier = area_in(text(thing, "description")), identifier_of(thing, base)
        if area and identifier:
            yield identifier, area
