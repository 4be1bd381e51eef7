"""Reads Home Assistant's MQTT discovery: one payload in, the components it announces out; pure.

The form: home-assistant.io/integrations/mqtt, "MQTT discovery" (single component and device form)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.home.config import Config
from assistant.home.devices import DeviceFacts, Origin, device_of, origin_of
from assistant.home.longkeys import component_keys, without_base

__all__ = ["Announced", "ComponentKey", "DeviceFacts", "Discovery", "DiscoveryFault", "Origin", "read_discovery"]

MAX_PAYLOAD_BYTES = 200_000
_ID = r"[a-zA-Z0-9_-]+"
DEVICE = "device"
SHARED = (
    "~",
    "state_topic",
    "command_topic",
    "availability",
    "availability_topic",
    "availability_mode",
    "availability_template",
    "payload_available",
    "payload_not_available",
    "qos",
    "encoding",
)
"""Keys at the top of a device's form that hold for every component that lacks them."""
QOS = (0, 1, 2, "0", "1", "2")
WITHOUT_ID = frozenset({"device_automation", "tag"})
"""Components that need no unique id in the device form: they are no entities."""


class DiscoveryFault(ValueError):
    """A payload that announces nothing usable; says why, without its words."""


@dataclass(frozen=True, slots=True)
class ComponentKey:
    """Tells components apart. Unique ids collide between devices in the wild, so the device is part of it."""

    component: str
    device: str
    unique: str


@dataclass(frozen=True, slots=True)
class Announced:
    """One component with its keys written out (`~` replaced, short forms long)."""

    key: ComponentKey
    component: str
    object_id: str
    """Its id in the topic, or in the device form."""
    device: DeviceFacts
    config: Config
    part: str = ""
    """Its id in the device form; empty in the single form."""
    node_id: str = ""
    origin: Origin = field(default_factory=Origin)
    called: str = ""
    """What people call it, where its program knows that whole; else it is put together from device and component."""
    also_topics: tuple[str, ...] = ()
    """Topics that tell the same as its state topics; from dialects alone, since everything is read from each."""

    @property
    def plain_id(self) -> str:
        """What it is called where it has no name: the id its program chose for it, or that of its topic."""
        config = self.config
        chosen = (
            config.text("object_id"),
            config.text("default_entity_id").rpartition(".")[2],
            config.text("unique_id"),
        )
        return next((choice for choice in chosen if choice), self.object_id)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one message says about its topic."""

    topic: str
    components: tuple[Announced, ...]
    removed: frozenset[str] = field(default=frozenset())
    """Parts of the device form that are taken away by name."""
    is_whole: bool = True
    """Whatever else stood behind this topic is gone; false when some of the message could not be read."""
    areas: Mapping[str, str] | None = None
    """Where devices stand, by their identifiers, for a bridge that tells that beside; None: it says nothing of it."""
    asks: tuple[tuple[str, str], ...] = ()
    """Messages (topic, payload) that make a device tell its state, once its answers are listened to."""


def discovery_filters(prefix: str) -> tuple[str, str]:
    """The topic filters to subscribe."""
    return f"{prefix}/+/+/config", f"{prefix}/+/+/+/config"


def read_discovery(prefix: str, topic: str, payload: bytes) -> Discovery:
    """Read one message; an empty payload announces nothing any more. Raises DiscoveryFault."""
    match = re.fullmatch(rf"{re.escape(prefix)}/({_ID})/(?:({_ID})/)?({_ID})/config", topic)
    if match is None:
        raise DiscoveryFault("the topic has not the form of discovery")
    component, node_id, object_id = match[1], match[2] or "", match[3]
    if not payload:
        return Discovery(topic, ())
    config = component_keys(_parse(payload))
    if config.get("migrate_discovery") is True:
        # the components are about to be announced in another form; until then they stay
        return Discovery(topic, (), is_whole=False)
    if config.get("device") is not None and not isinstance(config["device"], dict):
        raise DiscoveryFault("`device` is no object")
    about = _About(device_of(config.get("device")), origin_of(config.get("origin")))
    if component == DEVICE:
        return _of_device_form(topic, config, about, object_id)
    place = _Place(f"{node_id}.{object_id}", object_id, node_id)
    return Discovery(topic, (_announced(component, place, about, config),))


def _parse(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise DiscoveryFault(f"{len(payload)} bytes are too many")
    try:
        config = json.loads(_text(payload))
    except (ValueError, RecursionError) as error:
        raise DiscoveryFault("not JSON") from error
    if not isinstance(config, dict):
        raise DiscoveryFault("not a JSON object")
    return config


def _text(payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        # some programs write the degree sign as one byte; what is damaged worse shows in its topics
        return payload.decode("latin-1")


@dataclass(frozen=True, slots=True)
class _About:
    """What a message says about hardware and program."""

    device: DeviceFacts
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in topic and payload a component stands: `key` tells it apart without a unique id."""

    key: str
    object_id: str
    node_id: str = ""
    part: str = ""


def _of_device_form(topic: str, config: dict[str, Any], about: _About, object_id: str) -> Discovery:
    parts = config.get("components")
    if not isinstance(parts, dict) or not about.device.key:
        raise DiscoveryFault("the device form needs `device` and `components`")
    shared = {key: config[key] for key in SHARED if key in config}
    announced, removed, is_whole = [], set(), True
    for part_id, raw in parts.items():
        part = component_keys(raw) if isinstance(raw, dict) else {}
        platform = part.get("platform")
        if set(part) == {"platform"}:
            removed.add(part_id)
        elif isinstance(platform, str) and (part.get("unique_id") or platform in WITHOUT_ID):
            place = _Place(f"{object_id}.{part_id}", part_id, part=part_id)
            announced.append(_announced(platform, place, about, shared | part))
        else:
            is_whole = False
    return Discovery(topic, tuple(announced), frozenset(removed), is_whole)


def _announced(component: str, place: _Place, about: _About, config: dict[str, Any]) -> Announced:
    if config.get("qos", 0) not in QOS:
        raise DiscoveryFault("`qos` is not 0, 1 or 2")
    unique = config.get("unique_id")
    key = ComponentKey(component, about.device.key, str(unique) if unique else place.key)
    written = Config(without_base(config))
    return Announced(key, component, place.object_id, about.device, written, place.part, place.node_id, about.origin)
