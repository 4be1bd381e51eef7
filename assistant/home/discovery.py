"""Reads Home Assistant's MQTT discovery: one payload in, the components it announces out; pure.

The form: home-assistant.io/integrations/mqtt, "MQTT discovery" (single component and device form)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assistant.home.config import Config

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
)
"""Keys at the top of a device's form that hold for every component that lacks them."""


class DiscoveryFault(ValueError):
    """A payload that announces nothing usable; says why, without its words."""


@dataclass(frozen=True, slots=True)
class ComponentKey:
    """Tells components apart. Unique ids collide between devices in the wild, so the device is part of it."""

    component: str
    device: str
    unique: str


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What a payload says about the hardware."""

    key: str = ""
    name: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """One component with its keys written out (`~` replaced, short forms long)."""

    key: ComponentKey
    component: str
    object_id: str
    device: DeviceFacts
    config: Config
    part: str = ""
    """Its id in the device form."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one message says about its topic."""

    topic: str
    components: tuple[Announced, ...]
    removed: frozenset[str] = field(default=frozenset())
    """Parts of the device form that are taken away by name."""
    is_whole: bool = True
    """Whatever else stood behind this topic is gone; false when some of the message could not be read."""


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
    config = _long_keys(_parse(payload), "component")
    if config.get("migrate_discovery") is True:
        # the components are about to be announced in another form; until then they stay
        return Discovery(topic, (), is_whole=False)
    device = _device(config.get("device"))
    if component == DEVICE:
        return _of_device_form(topic, config, device, object_id)
    place = _Place(f"{node_id}.{object_id}", object_id)
    return Discovery(topic, (_announced(component, place, device, config),))


def _parse(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise DiscoveryFault(f"{len(payload)} bytes are too many")
    try:
        config = json.loads(payload.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DiscoveryFault("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise DiscoveryFault("not JSON") from error
    if not isinstance(config, dict):
        raise DiscoveryFault("not a JSON object")
    return config


def _of_device_form(topic: str, config: dict[str, Any], device: DeviceFacts, object_id: str) -> Discovery:
    parts = config.get("components")
    if not isinstance(parts, dict) or not device.key:
        raise DiscoveryFault("the device form needs `device` and `components`")
    shared = {key: config[key] for key in SHARED if key in config}
    announced, removed, is_whole = [], set(), True
    for part_id, raw in parts.items():
        part = _long_keys(raw, "component") if isinstance(raw, dict) else {}
        if set(part) == {"platform"}:
            removed.add(part_id)
            continue
        platform = part.get("platform")
        if isinstance(platform, str) and part.get("unique_id"):
            place = _Place(f"{object_id}.{part_id}", part_id, part_id)
            announced.append(_announced(platform, place, device, shared | part))
        else:
            is_whole = False
    return Discovery(topic, tuple(announced), frozenset(removed), is_whole)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in topic and payload a component stands: what tells it apart without a unique id, and its plain name."""

    key: str
    object_id: str
    part: str = ""


def _announced(component: str, place: _Place, device: DeviceFacts, config: dict[str, Any]) -> Announced:
    unique = config.get("unique_id")
    key = ComponentKey(component, device.key, str(unique) if unique else place.key)
    chosen = (config.get("object_id"), str(config.get("default_entity_id") or "").rpartition(".")[2], unique)
    name = next((str(choice) for choice in chosen if choice), place.object_id)
    return Announced(key, component, name, device, Config(_without_base(config)), place.part)


def _device(raw: object) -> DeviceFacts:
    if not isinstance(raw, dict):
        return DeviceFacts()
    facts = _long_keys(raw, "device")
    ids = facts.get("identifiers") or facts.get("connections") or facts.get("name") or ""
    # the order of the identifiers may change from one announcement to the next
    key = min((str(item) for item in ids), default="") if isinstance(ids, list) else str(ids)
    return DeviceFacts(key, _text(facts.get("name")), _text(facts.get("suggested_area")))


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _without_base(config: dict[str, Any]) -> dict[str, Any]:
    """`~` at the start or end of a topic stands for the base topic."""
    base = config.get("~")
    if not isinstance(base, str) or not base:
        return config
    return {key: _expanded(key, value, base) for key, value in config.items()}


def _expanded(key: str, value: object, base: str) -> object:
    if isinstance(value, str) and key.endswith("topic"):
        if value.startswith("~"):
            return base + value[1:]
        return value[:-1] + base if value.endswith("~") else value
    if key == "availability" and isinstance(value, list):
        return [
            {k: _expanded(k, v, base) for k, v in item.items()} if isinstance(item, dict) else item for item in value
        ]
    return value


def _long_keys(raw: Mapping[str, Any], table: str) -> dict[str, Any]:
    names = _abbreviations()
    # a long key wins over its short form, whichever comes last
    config = {names[table].get(key, key): value for key, value in raw.items()} | {
        key: value for key, value in raw.items() if key not in names[table]
    }
    items = config.get("availability")
    if isinstance(items, dict):
        items = [items]
    if isinstance(items, list):
        config["availability"] = [
            {names["availability"].get(key, key): value for key, value in item.items()}
            if isinstance(item, dict)
            else item
            for item in items
        ]
    return config


@cache
def _abbreviations() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "abbreviations.toml").read_text(encoding="utf-8"))
