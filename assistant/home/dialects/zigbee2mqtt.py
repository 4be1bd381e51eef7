"""What Zigbee2MQTT's bridge tells beside its discovery: where devices and groups stand, and all that they can where its
discovery is off.

The form: zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages, `bridge/info`, `bridge/devices`, `bridge/groups`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.home.dialects.zigbee2mqtt_home import (
    Listed,
    Part,
    Settings,
    parsed_list,
    parsed_object,
    parts_of,
    settings_from,
)
from assistant.home.dialects.zigbee2mqtt_things import identifier_of, text
from assistant.home.discovery import Discovery, DiscoveryFault

MAX_BRIDGES = 16
LISTS = ("info", "devices", "groups")
UNCHANGED = 20
"""So many devices that are as before are looked at in one go."""
_TOPIC = re.compile(r"(?P<base>[^/+#]+(?:/[^/+#]+)?)/bridge/(?P<about>info|devices|groups)")
_AREA = re.compile(r"(?im)^\s*(?:area|room)\s*[:=]\s*(?P<area>[^\n,;/]{2,60}?)\s*(?:[,;\n]|$)")


@dataclass(slots=True)
class _Bridge:
    """The last that a bridge told; lists as they came, since most are never needed again."""

    settings: Settings | None = None
    devices: bytes = b""
    groups: bytes = b""
    told: dict[str, Part] = field(default_factory=dict)
    """What was announced here, by the topic that stands for the device or group."""


class Zigbee2MqttBridge:
    """Use as every dialect, with the prefix where its own discovery would be read. While that is on, or nothing is
    known of it, no entities are announced here; areas always are. Each device and group is told behind a topic of its
    own: of a list that changed only what is new, otherwise or gone, else all."""

    filters: tuple[str, ...] = tuple(f"{base}/bridge/{each}" for base in ("+", "+/+") for each in LISTS)

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._bridges: dict[str, _Bridge] = {}

    def takes(self, topic: str) -> bool:
        """True for settings and lists of a bridge, whatever its base topic is."""
        return _TOPIC.fullmatch(topic) is not None

    def read(self, topic: str, payload: bytes) -> Iterator[Discovery]:
        """One message: areas, then what it changed, device by device. Raises DiscoveryFault."""
        match = _TOPIC.fullmatch(topic)
        if match is None:
            raise DiscoveryFault("the topic is none of a bridge")
        base = match["base"]
        if base not in self._bridges and len(self._bridges) >= MAX_BRIDGES:
            raise DiscoveryFault("there are too many bridges")
        bridge = self._bridges.get(base, _Bridge())
        if match["about"] == "info":
            areas, is_same = self._take_settings(bridge, payload)
        else:
            areas, is_same = _take_list(base, bridge, payload, is_groups=match["about"] == "groups")
        # one whose first message can't be read is none yet
        self._bridges[base] = bridge
        yield Discovery(topic, (), is_whole=False, areas=areas)
        if match["about"] != "info" or not is_same:
            yield from _news_of(base, bridge, is_all=is_same)

    def _take_settings(self, bridge: _Bridge, payload: bytes) -> _Taken:
        before = bridge.settings
        bridge.settings = settings_from(parsed_object(payload), self._prefix) if payload else before
        return None, bridge.settings == before


_Taken = tuple[Mapping[str, str] | None, bool]
"""Where devices stand, if it tells that; true for what was told before."""


def _take_list(base: str, bridge: _Bridge, payload: bytes, *, is_groups: bool) -> _Taken:
    areas = dict(_places(parsed_list(payload), base))
    if is_groups:
        before, bridge.groups = bridge.groups, payload
    else:
        before, bridge.devices = bridge.devices, payload
    return areas, payload == before


def _news_of(base: str, bridge: _Bridge, *, is_all: bool) -> Iterator[Discovery]:
    """What is new, otherwise, or gone: a list of hundreds comes whole with each change of one device. All of it again
    after a reconnection, which is when a list comes that was told before."""
    settings = bridge.settings
    before, bridge.told = bridge.told, {}
    if settings is not None and not settings.announces:
        listed = Listed(base, settings, parsed_list(bridge.devices), parsed_list(bridge.groups))
        for number, (topic, part) in enumerate(parts_of(listed, before)):
            bridge.told[topic] = part
            if is_all or part is not before.get(topic):
                yield Discovery(topic, part.announced)
            elif number % UNCHANGED == 0:
                yield Discovery(topic, (), is_whole=False)
    for topic in before.keys() - bridge.told.keys():
        yield Discovery(topic, ())


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
