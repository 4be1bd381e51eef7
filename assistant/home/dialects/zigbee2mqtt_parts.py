"""Lights, switches, covers, locks, thermostats and fans of Zigbee2MQTT, told in Home Assistant's form; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.home.dialects.zigbee2mqtt_exposes import Expose
from assistant.home.dialects.zigbee2mqtt_things import Thing, setting, setting_template, told

Keys = dict[str, object]
FULL = 254
SPEEDS = ("low", "medium", "high")
_JSON_KEYS = {"state": "state", "brightness": "brightness", "color_temp": "color_temp", "color_xy": "color",
              "color_hs": "color"}  # fmt: skip
_OPENING, _CLOSING = ("opening", "open", "up"), ("closing", "close", "down")
_ACTIONS = "{'idle': 'idle', 'heat': 'heating', 'cool': 'cooling', 'fan_only': 'fan', 'fan': 'fan', 'off': 'off'}"


def main_part(thing: Thing, expose: Expose, beside: Sequence[Expose]) -> Keys | None:
    """The keys of a component, by the kind of the expose; None when it can't work. `beside`: all that the device
    exposes."""
    make = MAIN[expose.kind]
    keys = make(thing, expose, [each for each in beside if each.endpoint in ("", expose.endpoint)])
    return None if keys is None else {"state_topic": thing.topic, **keys}


# ── lights and switches ──────────────────────────────────────────────────────────────────────────


def _light(thing: Thing, expose: Expose, beside: Sequence[Expose]) -> Keys | None:
    parts = {name: found for name in _JSON_KEYS if (found := expose.feature(name)) is not None}
    if "state" not in parts:
        return None
    keys: Keys = {"command_topic": thing.command_topic, "brightness_scale": FULL}
    if "brightness" in parts and (parts["brightness"].high or 0) >= 1:
        keys["brightness_scale"] = parts["brightness"].high
    if (white := parts.get("color_temp")) is not None and 0 < (white.low or 0) < (white.high or 0):
        keys |= {"min_mireds": white.low, "max_mireds": white.high}
    effect = next((each for each in beside if each.name == "effect" and each.kind == "enum" and each.is_settable), None)
    if effect is not None and effect.key == "effect" and not expose.endpoint:
        keys["effect_list"] = list(effect.values)
    is_plain = all(found.key == _JSON_KEYS[name] for name, found in parts.items())
    return keys | (_json_light(parts) if is_plain else _template_light(parts))


def _json_light(parts: Mapping[str, Expose]) -> Keys:
    modes = [mode for mode, name in (("xy", "color_xy"), ("hs", "color_hs"), ("color_temp", "color_temp"))
             if name in parts]  # fmt: skip
    if not modes and "brightness" in parts:
        modes = ["brightness"]
    return {"schema": "json", "brightness": "brightness" in parts, "supported_color_modes": modes}


def _template_light(parts: Mapping[str, Expose]) -> Keys:
    """One of several lights of a device: its keys have the name of its endpoint in."""
    own = {name: found.key for name, found in parts.items()}
    color = own.get("color_xy") or own.get("color_hs")
    keys: Keys = {"schema": "template", "state_template": told(own["state"])}
    on = f'{{"{own["state"]}": "ON"'
    for name in ("brightness", "color_temp"):
        if name in own:
            keys[f"{name}_template"] = told(own[name])
            on += f'{{% if {name} is defined %}}, "{own[name]}": {{{{ {name} }}}}{{% endif %}}'
    if color:
        on += f'{{% if red is defined %}}, "{color}": '
        on += '{"r": {{ red }}, "g": {{ green }}, "b": {{ blue }} }{% endif %}'
        for long in ("red", "green", "blue"):
            inner = f"value_json['{color}']"
            keys[f"{long}_template"] = f"{{% if {inner} is mapping %}}{{{{ {inner}['{long[0]}'] }}}}{{% endif %}}"
    fade = '{% if transition is defined %}, "transition": {{ transition }}{% endif %}}'
    keys["command_on_template"] = on + fade
    keys["command_off_template"] = f'{{"{own["state"]}": "OFF"{fade}'
    return keys


def _switch(thing: Thing, expose: Expose, _: Sequence[Expose]) -> Keys | None:
    state = expose.feature("state")
    return None if state is None else switched(thing, state)


def switched(thing: Thing, state: Expose) -> Keys:
    """On and off by one value."""
    on, off = ("ON" if state.on is None else state.on), ("OFF" if state.off is None else state.off)
    keys: Keys = {
        "command_topic": thing.command_topic,
        "payload_on": setting(state.key, on),
        "payload_off": setting(state.key, off),
    }
    if state.is_told:
        keys |= {"value_template": told(state.key), "state_on": on, "state_off": off}
    return keys


# ── covers and locks ─────────────────────────────────────────────────────────────────────────────


def _cover(thing: Thing, expose: Expose, beside: Sequence[Expose]) -> Keys | None:
    state, position, tilt = expose.feature("state"), expose.feature("position"), expose.feature("tilt")
    keys: Keys = {}
    if state is not None:
        keys |= {f"payload_{word}": setting(state.key, word.upper()) for word in ("open", "close", "stop")}
        keys |= {
            "command_topic": thing.command_topic,
            "value_template": _moving(state, beside),
            "state_open": "OPEN",
            "state_closed": "CLOSE",
            "state_stopped": "STOP",
        }
    if state is None or (state.values and "STOP" not in state.values):
        keys["payload_stop"] = None
    if position is not None:
        keys |= {
            "position_topic": thing.topic,
            "position_template": told(position.key),
            "set_position_topic": thing.command_topic,
            "set_position_template": setting_template(position.key, "{{ position }}"),
        }
    if tilt is not None:
        keys |= {
            "tilt_status_topic": thing.topic,
            "tilt_status_template": told(tilt.key),
            "tilt_command_topic": thing.command_topic,
            "tilt_command_template": setting_template(tilt.key, "{{ tilt_position }}"),
        }
    if state is None:
        # a state that nobody tells would keep the position from telling it
        return (keys | {"state_topic": None}) if position is not None else None
    # what tells no position only repeats its last command
    return keys if position is not None or tilt is not None else keys | {"optimistic": True}


def _moving(state: Expose, beside: Sequence[Expose]) -> str:
    """Its state, or where a motor tells that it runs, which way."""
    motor = next((each for each in beside if each.name in ("motor_state", "moving") and each.kind == "enum"), None)
    words = {word.casefold(): word for word in motor.values} if motor is not None else {}
    found = {words[word]: name for name, known in (("opening", _OPENING), ("closing", _CLOSING)) for word in known
             if word in words and words[word].isalnum()}  # fmt: skip
    if motor is None or not motor.key or not found:
        return told(state.key)
    table = ", ".join(f"'{word}': '{name}'" for word, name in found.items())
    inner = f"value_json['{motor.key}']"
    return f"{{% set m = {{{table}}} %}}{{{{ m[{inner}] if {inner} in m else value_json['{state.key}'] }}}}"


def _lock(thing: Thing, expose: Expose, _: Sequence[Expose]) -> Keys | None:
    state = expose.feature("state")
    if state is None:
        return None
    lock, unlock = ("LOCK" if state.on is None else state.on), ("UNLOCK" if state.off is None else state.off)
    return {
        "command_topic": thing.command_topic,
        "payload_lock": setting(state.key, lock),
        "payload_unlock": setting(state.key, unlock),
        "state_locked": lock,
        "state_unlocked": unlock,
        "value_template": told(state.key),
    }


# ── thermostats and fans ─────────────────────────────────────────────────────────────────────────


def _climate(thing: Thing, expose: Expose, _: Sequence[Expose]) -> Keys | None:
    warm = expose.feature("occupied_heating_setpoint", "current_heating_setpoint", "unoccupied_heating_setpoint")
    cool = expose.feature("occupied_cooling_setpoint", "unoccupied_cooling_setpoint")
    first = warm or cool
    if first is None:
        return None
    keys: Keys = {"modes": ["heat" if warm is not None else "cool"], "temperature_unit": first.unit[-1:] or "C"}
    keys |= {key: value for key, value in (("min_temp", first.low), ("max_temp", first.high), ("temp_step", first.step))
             if value is not None}  # fmt: skip
    if warm is not None and cool is not None:
        keys |= _followed(thing, "temperature_low", warm) | _followed(thing, "temperature_high", cool)
    else:
        keys |= _followed(thing, "temperature", first)
    if (local := expose.feature("local_temperature")) is not None:
        keys |= {"current_temperature_topic": thing.topic, "current_temperature_template": told(local.key)}
    if (mode := expose.feature("system_mode")) is not None and mode.values:
        keys |= _followed(thing, "mode", mode, "{{ value | tojson }}") | {"modes": list(mode.values)}
    if (running := expose.feature("running_state")) is not None:
        keys |= {"action_topic": thing.topic,
                 "action_template": f"{{{{ {_ACTIONS}[value_json['{running.key}']] }}}}"}  # fmt: skip
    for name, what in (("preset", "preset_mode"), ("fan_mode", "fan_mode"), ("swing_mode", "swing_mode")):
        if (chosen := expose.feature(name)) is not None and chosen.values:
            keys |= _followed(thing, what, chosen, "{{ value | tojson }}") | {f"{what}s": list(chosen.values)}
            keys["preset_mode_value_template"] = keys.get("preset_mode_state_template")
    return keys


def _followed(thing: Thing, what: str, feature: Expose, inner: str = "{{ value }}") -> Keys:
    """A value that is told, and set if it can be."""
    keys: Keys = {f"{what}_state_topic": thing.topic, f"{what}_state_template": told(feature.key)}
    if feature.is_settable:
        keys[f"{what}_command_topic"] = thing.command_topic
        keys[f"{what}_command_template"] = setting_template(feature.key, inner)
    return keys


def _fan(thing: Thing, expose: Expose, _: Sequence[Expose]) -> Keys | None:
    state, mode, speed = expose.feature("state"), expose.feature("mode"), expose.feature("speed")
    speeds = [each for each in SPEEDS if mode is not None and each in mode.values]
    keys: Keys
    if state is not None:
        keys = switched(thing, state)
    elif mode is not None and "off" in mode.values and ("on" in mode.values or speeds):
        keys = _fan_by_mode(thing, mode, "on" if "on" in mode.values else speeds[-1])
    else:
        return None
    if speed is not None and speed.kind == "numeric" and max(1, speed.low or 1) < (speed.high or 0):
        keys |= _percentage(thing, told(speed.key), setting_template(speed.key))
        keys |= {"speed_range_min": max(1, speed.low or 1), "speed_range_max": speed.high}
    elif mode is not None and len(speeds) > 1:
        words = ["off", *speeds]
        table = ", ".join(f"'{word}': {number}" for number, word in enumerate(words))
        keys |= _percentage(
            thing,
            f"{{{{ {{{table}}}[value_json['{mode.key}']] }}}}",
            setting_template(mode.key, f"{{{{ {words}[value] | tojson }}}}"),
        )
        keys |= {"speed_range_min": 1, "speed_range_max": len(speeds)}
    presets = [each for each in mode.values if each not in (*SPEEDS, "off", "on")] if mode is not None else []
    if mode is not None and presets:
        keys |= _followed(thing, "preset_mode", mode, "{{ value | tojson }}")
        keys |= {"preset_modes": presets, "preset_mode_value_template": told(mode.key)}
    return keys


def _fan_by_mode(thing: Thing, mode: Expose, start: str) -> Keys:
    inner = f"value_json['{mode.key}']"
    return {
        "command_topic": thing.command_topic,
        "payload_on": setting(mode.key, start),
        "payload_off": setting(mode.key, "off"),
        "state_on": "ON",
        "state_off": "OFF",
        "value_template": f"{{% if {inner} is string %}}{{{{ 'OFF' if {inner} == 'off' else 'ON' }}}}{{% endif %}}",
    }


def _percentage(thing: Thing, value: str, command: str) -> Keys:
    return {
        "percentage_state_topic": thing.topic,
        "percentage_value_template": value,
        "percentage_command_topic": thing.command_topic,
        "percentage_command_template": command,
    }


MAIN: Mapping[str, Callable[[Thing, Expose, Sequence[Expose]], Keys | None]] = {
    "light": _light,
    "switch": _switch,
    "cover": _cover,
    "lock": _lock,
    "climate": _climate,
    "fan": _fan,
}
"""Kinds of exposes that are what a device is there for."""
