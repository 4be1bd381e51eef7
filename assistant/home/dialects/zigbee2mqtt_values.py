"""Single values of Zigbee2MQTT devices (sensors, settings, buttons of remotes), told in Home Assistant's form; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from assistant.home.dialects.zigbee2mqtt_exposes import Expose
from assistant.home.dialects.zigbee2mqtt_parts import Keys, switched
from assistant.home.dialects.zigbee2mqtt_things import Thing, setting, setting_template, told

LOWEST, HIGHEST = -65_535, 65_535
"""Limits of a number that tells none: the device judges."""
MAX_TEXT = 255
NUMBER_CLASSES: Mapping[str, str] = {
    "battery": "battery",
    "co2": "carbon_dioxide",
    "current": "current",
    "device_temperature": "temperature",
    "distance": "distance",
    "energy": "energy",
    "formaldehyd": "volatile_organic_compounds",
    "humidity": "humidity",
    "illuminance": "illuminance",
    "illuminance_lux": "illuminance",
    "local_temperature": "temperature",
    "pm10": "pm10",
    "pm25": "pm25",
    "power": "power",
    "pressure": "pressure",
    "soil_moisture": "moisture",
    "temperature": "temperature",
    "voc": "volatile_organic_compounds",
    "voltage": "voltage",
}
"""Device classes by the names that converters share."""
BINARY_CLASSES: Mapping[str, str] = {
    "battery_low": "battery",
    "carbon_monoxide": "carbon_monoxide",
    "contact": "door",
    "gas": "gas",
    "moving": "moving",
    "noise_detected": "sound",
    "occupancy": "occupancy",
    "presence": "occupancy",
    "rain": "moisture",
    "smoke": "smoke",
    "tamper": "tamper",
    "vibration": "vibration",
    "water_leak": "moisture",
}
_CATEGORIES = frozenset({"config", "diagnostic"})
_PRESSED = frozenset({"identify", "restart", "reset"})
"""What is done, not chosen, even where converters list several words."""

Made = tuple[str, str, Keys]
"""Component, object id, keys."""


def value_part(thing: Thing, expose: Expose) -> Made | None:
    """The component of one value; None for a kind that can't be told as one."""
    make = _KINDS.get(expose.kind)
    if make is None or not expose.key or not (expose.is_told or expose.is_settable):
        return None
    made = make(thing, expose)
    if made is None:
        return None
    component, object_id, keys = made
    common: Keys = {"name": name_of_value(expose)}
    if expose.is_told:
        common |= {"state_topic": thing.topic, "value_template": told(expose.key)}
    if expose.category in _CATEGORIES:
        common["entity_category"] = expose.category
    if expose.name == "linkquality":
        common |= {"entity_category": "diagnostic", "enabled_by_default": False}
    return component, object_id, common | keys


def name_of_value(expose: Expose) -> str:
    """As people say it; where a device has several of a kind, with the endpoint."""
    # a label tells the endpoint in its own way: "Power (l1 endpoint)"
    name = expose.label.partition("(")[0].strip() or (expose.name or expose.key).replace("_", " ").strip()
    return f"{name} {expose.endpoint}" if expose.endpoint and expose.endpoint not in name.split() else name


def _number(thing: Thing, expose: Expose) -> Made:
    keys: Keys = {}
    if expose.unit:
        keys["unit_of_measurement"] = expose.unit
    if expose.name in NUMBER_CLASSES:
        keys["device_class"] = NUMBER_CLASSES[expose.name]
    if not expose.is_settable:
        return "sensor", expose.key, keys
    low = LOWEST if expose.low is None else expose.low
    high = HIGHEST if expose.high is None else expose.high
    keys |= _taken(thing, expose, "{{ value }}") | {"min": low, "max": high}
    if expose.step:
        keys["step"] = expose.step
    return "number", expose.key, keys


def _binary(thing: Thing, expose: Expose) -> Made:
    if expose.is_settable:
        return "switch", f"switch_{expose.key}", switched(thing, expose)
    keys: Keys = {
        "payload_on": True if expose.on is None else expose.on,
        "payload_off": False if expose.off is None else expose.off,
    }
    if expose.name in BINARY_CLASSES:
        keys["device_class"] = BINARY_CLASSES[expose.name]
    return "binary_sensor", expose.key, keys


def _choice(thing: Thing, expose: Expose) -> Made:
    if expose.name == "action" and expose.is_told:
        return "event", expose.key, _event(expose)
    if not expose.is_settable:
        return "sensor", expose.key, {}
    is_pressed = len(expose.values) == 1 or (expose.name in _PRESSED and not expose.is_told)
    if is_pressed and expose.values:
        keys: Keys = {"command_topic": thing.command_topic, "payload_press": setting(expose.key, expose.values[0])}
        return "button", expose.key, keys
    return (
        "select",
        expose.key,
        _taken(thing, expose, "{{ value | tojson }}") | {"options": list(expose.values)},
    )


def _event(expose: Expose) -> Keys:
    """What a remote's button did; the empty action after it is none."""
    inner = f"value_json['{expose.key}']"
    template = f"{{% if {inner} is string and {inner} %}}{{{{ {{'event_type': {inner}}} | tojson }}}}{{% endif %}}"
    return {"event_types": list(expose.values), "value_template": template}


def _text(thing: Thing, expose: Expose) -> Made:
    if not expose.is_settable:
        return "sensor", expose.key, {}
    keys = _taken(thing, expose, "{{ value | tojson }}")
    return "text", expose.key, keys | {"min": 0, "max": MAX_TEXT}


def _taken(thing: Thing, expose: Expose, inner: str) -> Keys:
    return {"command_topic": thing.command_topic, "command_template": setting_template(expose.key, inner)}


def _warning(thing: Thing, expose: Expose) -> Made | None:
    """A siren: what it sounds like is its mode, and one of the modes is silence. Other composites are none."""
    mode, duration = expose.feature("mode"), expose.feature("duration")
    tones = [each for each in mode.values if each != "stop"] if mode is not None else []
    if expose.name != "warning" or not expose.is_settable or mode is None or not tones:
        return None
    body = f'"{mode.key}": {{{{ tone | default({json.dumps(tones[0])}) | tojson }}}}'
    if duration is not None:
        body += f'{{% if duration is defined %}}, "{duration.key}": {{{{ duration }}}}{{% endif %}}'
    keys: Keys = {
        "name": None,
        "command_topic": thing.command_topic,
        "command_template": f'{{"{expose.key}": {{{body} }}}}',
        "command_off_template": setting(expose.key, {mode.key: "stop"}),
        "available_tones": tones,
    }
    return "siren", "siren", keys


_KINDS: Mapping[str, Callable[[Thing, Expose], Made | None]] = {
    "numeric": _number,
    "binary": _binary,
    "enum": _choice,
    "text": _text,
    "composite": _warning,
}
