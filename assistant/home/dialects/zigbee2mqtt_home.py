"""All that one Zigbee2MQTT bridge has told, and the components that this makes where its discovery is off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.home.dialects.zigbee2mqtt_exposes import Expose, exposes_from, of_group
from assistant.home.dialects.zigbee2mqtt_parts import MAIN, main_part
from assistant.home.dialects.zigbee2mqtt_things import Thing, identifier_of, setting, text, thing_from
from assistant.home.dialects.zigbee2mqtt_values import name_of_value, value_part
from assistant.home.discovery import Announced, DiscoveryFault

MAX_BYTES = 8_000_000
"""Some hundred devices, each with all that it can."""
MAX_THINGS = 5_000
MAX_SCENES = 100
DEFAULT_PREFIX = "homeassistant"
_IN_CLIMATE = frozenset({"local_temperature"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What matters of a bridge's settings."""

    announces: bool
    """It tells of its devices in Home Assistant's form, where that is read here."""
    tells_availability: bool = False
    by_address: Mapping[str, bool] = field(default_factory=dict)
    """Devices for which that is set otherwise."""


def settings_from(raw: Mapping[str, Any], prefix: str) -> Settings:
    """Of a bridge's `info`. `prefix`: where its discovery would be read; empty: anywhere."""
    config = raw.get("config")
    config = config if isinstance(config, dict) else {}
    own = config.get("homeassistant")
    is_on = own is True
    if isinstance(own, dict):
        # before version 2 it was on where it was set up at all
        is_on = own.get("enabled", bool(own) and text(raw, "version").startswith("1.")) is True
        topic = text(own, "discovery_topic") or DEFAULT_PREFIX
        is_on = is_on and prefix in ("", topic)
    availability, devices = config.get("availability"), config.get("devices")
    is_told = availability is True
    if isinstance(availability, dict):
        is_told = availability.get("enabled", True) is not False
    options = devices.items() if isinstance(devices, dict) else ()
    return Settings(
        is_on,
        is_told,
        {str(key): each["availability"] is not False for key, each in options
         if isinstance(each, dict) and each.get("availability") is not None},
    )  # fmt: skip


def parsed_list(payload: bytes) -> list[Mapping[str, Any]]:
    """The objects of a list. Raises DiscoveryFault."""
    things = _parsed(payload) if payload else []
    if not isinstance(things, list):
        raise DiscoveryFault("not a JSON list")
    return [thing for thing in things[:MAX_THINGS] if isinstance(thing, dict)]


def parsed_object(payload: bytes) -> Mapping[str, Any]:
    """The object. Raises DiscoveryFault."""
    found = _parsed(payload)
    if not isinstance(found, dict):
        raise DiscoveryFault("not a JSON object")
    return found


def _parsed(payload: bytes) -> object:
    if len(payload) > MAX_BYTES:
        raise DiscoveryFault(f"{len(payload)} bytes are too many")
    try:
        return json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise DiscoveryFault("not JSON") from error


@dataclass(frozen=True, slots=True)
class Listed:
    """What a bridge lists."""

    base: str
    settings: Settings
    devices: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """One device or group with all its components."""

    made_from: object
    """As long as this is the same, so are they."""
    exposes: tuple[Expose, ...]
    announced: tuple[Announced, ...]


def parts_of(listed: Listed, before: Mapping[str, Part]) -> Iterator[tuple[str, Part]]:
    """Every device and group, each once, with the topic that stands for it; what is as `before` is the very same."""
    members: dict[str, tuple[Expose, ...]] = {}
    seen: set[str] = set()
    for raw in (*listed.devices, *listed.groups):
        topic = f"{listed.base}/bridge/devices/{identifier_of(raw, listed.base)}"
        if topic not in seen:
            seen.add(topic)
            part = _device(listed, raw, before.get(topic)) or _group(listed, raw, members, before.get(topic))
            if part is not None:
                members[text(raw, "ieee_address")] = part.exposes
                yield topic, part


def _device(listed: Listed, raw: Mapping[str, Any], before: Part | None) -> Part | None:
    address = text(raw, "ieee_address")
    tells = listed.settings.by_address.get(address, listed.settings.tells_availability)
    made_from = (tells, repr(raw))
    if before is not None and before.made_from == made_from:
        return before
    thing = thing_from(raw, listed.base, tells_availability=tells)
    if thing is None or not address or text(raw, "type") == "Coordinator":
        return None
    definition = raw.get("definition")
    exposes = exposes_from(definition.get("exposes") if isinstance(definition, dict) else None)
    parts = (*_parts(thing, exposes), *_update(thing, raw), *_scenes(thing, _own_scenes(raw)))
    return Part(made_from, exposes, _each_once(parts))


def _group(
    listed: Listed, raw: Mapping[str, Any], members: Mapping[str, tuple[Expose, ...]], before: Part | None
) -> Part | None:
    thing = thing_from(raw, listed.base, tells_availability=listed.settings.tells_availability)
    if thing is None or text(raw, "ieee_address"):
        return None
    exposes = tuple(of_group(each for address in _members(raw) for each in members.get(address, ())))
    made_from = (listed.settings.tells_availability, repr(raw), exposes)
    if before is not None and before.made_from == made_from:
        return before
    return Part(made_from, (), _each_once((*_parts(thing, exposes), *_scenes(thing, raw.get("scenes")))))


def _each_once(announced: Iterable[Announced]) -> tuple[Announced, ...]:
    return tuple({each.key: each for each in announced}.values())


def _members(group: Mapping[str, Any]) -> Iterator[str]:
    listed = group.get("members")
    for member in listed[:MAX_THINGS] if isinstance(listed, list) else ():
        if isinstance(member, dict):
            yield text(member, "ieee_address")


def _parts(thing: Thing, exposes: Sequence[Expose]) -> Iterator[Announced]:
    counted = Counter(each.kind for each in exposes)
    lights = [each for each in exposes if each.kind == "light"]
    # effects are the light's where it stands alone
    in_others = {"effect"} if any(not each.endpoint for each in lights) else set()
    in_others |= _IN_CLIMATE if "climate" in counted else set()
    for expose in exposes:
        if expose.kind in MAIN:
            yield from _main(thing, expose, exposes, is_only=counted[expose.kind] == 1)
        elif expose.key not in in_others and (made := value_part(thing, expose)) is not None:
            yield thing.announced(*made)


def _main(thing: Thing, expose: Expose, beside: Sequence[Expose], *, is_only: bool) -> Iterator[Announced]:
    state = expose.feature("state")
    if expose.kind in ("lock", "switch") and state is not None and not state.key.startswith("state"):
        # `child_lock` and the like: a setting of the device in the form of a lock
        setting_of = Expose(
            "binary", state.key, state.key, state.access, expose.endpoint, category="config", on=state.on,
            off=state.off,
        )  # fmt: skip
        made = value_part(thing, setting_of)
        if made is not None:
            yield thing.announced(*made)
        return
    keys = main_part(thing, expose, beside)
    if keys is not None:
        name = None if is_only or not expose.endpoint else name_of_value(Expose(expose.kind, expose.endpoint))
        object_id = f"{expose.kind}_{expose.endpoint}" if expose.endpoint else expose.kind
        yield thing.announced(expose.kind, object_id, {"name": name, **keys})


def _update(thing: Thing, raw: Mapping[str, Any]) -> Iterator[Announced]:
    """Its firmware, where that can be changed over the air."""
    definition = raw.get("definition")
    if isinstance(definition, dict) and definition.get("supports_ota") is True:
        keys = {
            "name": None,
            "state_topic": thing.topic,
            "value_template": "{% if value_json['update'] is mapping %}{{ value_json['update'] | tojson }}{% endif %}",
            "command_topic": f"{thing.base}/bridge/request/device/ota_update/update",
            "payload_install": setting("id", thing.id),
            "device_class": "firmware",
        }
        yield thing.announced("update", "update", keys)


def _own_scenes(device: Mapping[str, Any]) -> object:
    """Those of the one endpoint that has any; of several, each would need its own name in the command."""
    endpoints = device.get("endpoints")
    listed = endpoints.values() if isinstance(endpoints, dict) else ()
    found = [scenes for each in listed if isinstance(each, dict) and (scenes := each.get("scenes"))]
    return found[0] if len(found) == 1 else ()


def _scenes(thing: Thing, listed: object) -> Iterator[Announced]:
    for scene in listed[:MAX_SCENES] if isinstance(listed, list) else ():
        number = scene.get("id") if isinstance(scene, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= 255:
            keys = {"name": text(scene, "name") or str(number), "command_topic": thing.command_topic,
                    "payload_on": setting("scene_recall", number)}  # fmt: skip
            yield thing.announced("scene", f"scene_{number}", keys)
