"""What Zigbee2MQTT's bridge tells beside its discovery: where devices and groups stand, and all that they can where its
discovery is off.

The form: zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages, `bridge/info`, `bridge/devices`, `bridge/groups`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.home.dialects.zigbee2mqtt_home import (
    Settings,
    components_of,
    parsed_list,
    parsed_object,
    settings_from,
)
from assistant.home.dialects.zigbee2mqtt_things import identifier_of, text
from assistant.home.discovery import Announced, Discovery, DiscoveryFault

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


class Zigbee2MqttBridge:
    """Use as every dialect, with the prefix where its own discovery would be read. While that is on, or nothing is
    known of it, no entities are announced here; areas always are. All messages of a bridge are told as one, behind its
    list of devices."""

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
        base, about = match["base"], match["about"]
        if base not in self._bridges and len(self._bridges) >= MAX_BRIDGES:
            raise DiscoveryFault("there are too many bridges")
        bridge = self._bridges.get(base, _Bridge())
        if about == "info":
            before = bridge.settings
            bridge.settings = settings_from(parsed_object(payload), self._prefix) if payload else None
            self._bridges[base] = bridge
            is_news = bridge.settings is not None and bridge.settings != before
            return self._told(base, bridge) if is_news else Discovery(_behind(base), (), is_whole=False)
        things = parsed_list(payload)
        if about == "devices":
            bridge.devices = payload
        else:
            bridge.groups = payload
        self._bridges[base] = bridge
        return self._told(base, bridge, dict(_places(things, base)))

    def _told(self, base: str, bridge: _Bridge, areas: Mapping[str, str] | None = None) -> Discovery:
        settings, components = bridge.settings, _NOTHING
        if settings is not None and not settings.announces:
            components = components_of(base, settings, parsed_list(bridge.devices), parsed_list(bridge.groups))
        return Discovery(_behind(base), components, is_whole=settings is not None, areas=areas)


_NOTHING: tuple[Announced, ...] = ()


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
