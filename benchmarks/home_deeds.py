"""What an action makes of a thing of the simulated home, in the words of Home Assistant; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.core.home import Value
from assistant.home.colors import rgb_from
from benchmarks.home_cases import Thing

COLORED = frozenset({"rgb", "rgbw", "rgbww", "hs", "xy"})
"""Modes of lights that show colours."""
FULL = 255
_STEP = 10
_OF_OFF = ("brightness", "color_mode", "rgb_color", "color_temp_kelvin", "effect")
"""What a light that is off doesn't tell; it comes back when it goes on."""


class CannotError(ValueError):
    """A thing of this kind can't do that."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a thing tells of itself; `kept` is what it will tell again once it is on."""

    state: str | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)

    def having(self, state: str | None = None, **attributes: Any) -> Shown:
        """The same in another state, or with other attributes."""
        return replace(self, state=state or self.state, attributes={**self.attributes, **attributes})


Values = Mapping[str, Value]
Obey = Callable[[Thing, Shown, Values], Shown]


def obeyed(thing: Thing, now: Shown, verb: str, values: Values) -> Shown:
    """How the thing is afterwards. Raises CannotError."""
    if verb == "toggle":
        verb = _toggled(thing, now)
    obey = _DEEDS.get((thing.domain, verb))
    needed = _NEEDED.get((thing.domain, verb))
    declared = thing.attributes.get("supported_features")
    if obey is None or (needed and isinstance(declared, list) and not needed & set(declared)):
        raise CannotError(f"{thing.id} can't {verb}")
    return obey(thing, now, values)


def modes_of(thing: Thing) -> frozenset[str]:
    """Colour modes of a light; of one that declares none, all."""
    modes = thing.attributes.get("supported_color_modes")
    if isinstance(modes, str):
        modes = [modes]
    return frozenset(map(str, modes)) if modes else frozenset({"rgb", "color_temp"})


def positions(thing: Thing) -> bool:
    """True for a cover or valve that can be moved to any position."""
    declared = thing.attributes.get("supported_features")
    if isinstance(declared, list):
        return "set_position" in declared
    return "current_position" in thing.attributes


def number(values: Values, name: str) -> float:
    """A value that has to be a number. Raises CannotError."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CannotError(f"{name} has to be a number")
    return float(value)


def _percent(values: Values, name: str) -> float:
    value = number(values, name)
    if not 0 <= value <= 100:
        raise CannotError(f"{name} is 0 to 100")
    return value


def _toggled(thing: Thing, now: Shown) -> str:
    if thing.domain in ("cover", "valve"):
        return "close" if now.state in ("open", "opening") else "open"
    return "turn_off" if now.state == "on" else "turn_on"


def _state(state: str, **attributes: Any) -> Obey:
    return lambda _thing, now, _values: now.having(state, **attributes)


def _attribute(value: str, name: str) -> Obey:
    return lambda _thing, now, values: replace(now, attributes={**now.attributes, name: values.get(value)})


# ── lights, fans ─────────────────────────────────────────────────────────────────────────────────


def _light_on(thing: Thing, now: Shown, values: Values) -> Shown:
    if values.get("brightness_pct") == 0:
        return _light_off(thing, now, values)
    modes = modes_of(thing)
    shown = Shown("on", {**now.attributes, **now.kept})
    if "brightness_pct" in values:
        if modes <= {"onoff"}:
            raise CannotError("it has no brightness")
        shown = shown.having(brightness=round(_percent(values, "brightness_pct") * FULL / 100))
    if "color_temp_kelvin" in values:
        shown = _white(thing, shown, number(values, "color_temp_kelvin"))
    if said := values.get("color"):
        shown = _colored(modes, shown, str(said))
    if effect := values.get("effect"):
        shown = shown.having(effect=effect)
    mode = shown.attributes.get("color_mode")
    if mode is None and len(modes) == 1:
        shown = shown.having(color_mode=next(iter(modes)))
    return shown


def _white(thing: Thing, now: Shown, kelvin: float) -> Shown:
    modes = modes_of(thing)
    if "color_temp" not in modes and not modes & COLORED:
        raise CannotError("it has no colour temperature")
    warmest = thing.attributes.get("min_color_temp_kelvin") or 2000
    coldest = thing.attributes.get("max_color_temp_kelvin") or 6500
    return now.having(color_temp_kelvin=round(min(coldest, max(warmest, kelvin))), color_mode="color_temp")


def _colored(modes: frozenset[str], now: Shown, said: str) -> Shown:
    rgb = rgb_from(said)
    if rgb is None or not modes & COLORED:
        raise CannotError("it has no such colour")
    return now.having(rgb_color=list(rgb), color_mode=next(iter(sorted(modes & COLORED))))


def _light_off(_thing: Thing, now: Shown, _values: Values) -> Shown:
    kept = {key: value for key, value in now.attributes.items() if key in _OF_OFF and value is not None}
    gone = {key: None for key in _OF_OFF if key in now.attributes}
    return Shown("off", {**now.attributes, **gone}, {**now.kept, **kept})


def _fan_on(_thing: Thing, now: Shown, values: Values) -> Shown:
    if "percentage" in values:
        return _speed(_thing, now, values)
    speed = now.kept.get("percentage") or now.attributes.get("percentage") or 100
    shown = now.having("on", percentage=speed)
    return shown.having(preset_mode=values["preset"]) if "preset" in values else shown


def _fan_off(_thing: Thing, now: Shown, _values: Values) -> Shown:
    return replace(now.having("off", percentage=0), kept={"percentage": now.attributes.get("percentage")})


def _speed(_thing: Thing, now: Shown, values: Values) -> Shown:
    percent = _percent(values, "percentage")
    return now.having("on" if percent else "off", percentage=percent)


def _oscillate(_thing: Thing, now: Shown, values: Values) -> Shown:
    return now.having(oscillating=values.get("oscillating") is not False)


# ── covers, valves ───────────────────────────────────────────────────────────────────────────────


def _moved(position: int) -> Obey:
    def obey(thing: Thing, now: Shown, _values: Values) -> Shown:
        shown = now.having("open" if position else "closed")
        is_told = positions(thing) or "current_position" in now.attributes
        return shown.having(current_position=position) if is_told else shown

    return obey


def _to_position(thing: Thing, now: Shown, values: Values) -> Shown:
    if not positions(thing):
        raise CannotError("it opens and closes only")
    position = _percent(values, "position")
    return now.having("open" if position else "closed", current_position=position)


def _tilted(_thing: Thing, now: Shown, values: Values) -> Shown:
    return now.having(current_tilt_position=_percent(values, "tilt"))


# ── heating, players, numbers ────────────────────────────────────────────────────────────────────


def _heat_on(thing: Thing, now: Shown, _values: Values) -> Shown:
    modes = [mode for mode in thing.attributes.get("hvac_modes") or ("heat",) if mode != "off"]
    if now.state not in (None, "off"):
        return now
    return now.having(str(now.kept.get("state") or ("heat" if "heat" in modes else modes[0])))


def _heat_off(_thing: Thing, now: Shown, _values: Values) -> Shown:
    return replace(now.having("off"), kept={"state": None if now.state == "off" else now.state})


def _heat_mode(thing: Thing, now: Shown, values: Values) -> Shown:
    mode, modes = str(values.get("mode")), thing.attributes.get("hvac_modes")
    if modes and mode not in modes:
        raise CannotError("it has no such mode")
    return now.having(mode)


def _degrees(thing: Thing, now: Shown, values: Values) -> Shown:
    warm = number(values, "temperature")
    low, high = thing.attributes.get("min_temp", -50), thing.attributes.get("max_temp", 250)
    if not low <= warm <= high:
        raise CannotError("that is out of range")
    shown = _heat_mode(thing, now, values) if values.get("mode") else now
    return shown.having(temperature=warm)


def _volume(_thing: Thing, now: Shown, values: Values) -> Shown:
    return now.having(volume_level=round(_percent(values, "volume_pct") / 100, 4))


def _louder(sign: int) -> Obey:
    def obey(_thing: Thing, now: Shown, values: Values) -> Shown:
        level = now.attributes.get("volume_level")
        if not isinstance(level, int | float):
            raise CannotError("its volume is not known")
        by = number(values, "by") if "by" in values else _STEP
        return now.having(volume_level=round(min(1.0, max(0.0, level + sign * by / 100)), 4))

    return obey


def _skipped(by: int) -> Obey:
    return lambda _thing, now, _values: now.having(media_track=int(now.attributes.get("media_track") or 1) + by)


def _muted(_thing: Thing, now: Shown, values: Values) -> Shown:
    return now.having(is_volume_muted=values.get("is_muted") is not False)


def _set_value(name: str) -> Obey:
    return lambda _thing, now, values: now.having(f"{values.get(name):g}" if name == "value" else str(values.get(name)))


def _unchanged(_thing: Thing, now: Shown, _values: Values) -> Shown:
    return now


# ── all of them ──────────────────────────────────────────────────────────────────────────────────

_ON, _OFF = _state("on"), _state("off")
_SWITCHED = ("switch", "input_boolean", "siren", "humidifier", "water_heater", "group")
_OPENINGS = ("cover", "valve")
_DEEDS: Mapping[tuple[str, str], Obey] = {
    **{(each, "turn_on"): _ON for each in _SWITCHED},
    **{(each, "turn_off"): _OFF for each in _SWITCHED},
    ("light", "turn_on"): _light_on,
    ("light", "turn_off"): _light_off,
    ("fan", "turn_on"): _fan_on,
    ("fan", "turn_off"): _fan_off,
    ("fan", "set_percentage"): _speed,
    ("fan", "set_preset"): _attribute("preset", "preset_mode"),
    ("fan", "oscillate"): _oscillate,
    ("fan", "set_direction"): _attribute("direction", "direction"),
    **{(each, "open"): _moved(100) for each in _OPENINGS},
    **{(each, "close"): _moved(0) for each in _OPENINGS},
    **{(each, "stop"): _unchanged for each in _OPENINGS},
    **{(each, "set_position"): _to_position for each in _OPENINGS},
    ("cover", "set_tilt"): _tilted,
    ("cover", "open_tilt"): _state("", current_tilt_position=100),
    ("cover", "close_tilt"): _state("", current_tilt_position=0),
    ("lock", "lock"): _state("locked"),
    ("lock", "unlock"): _state("unlocked"),
    ("lock", "open"): _state("open"),
    ("climate", "turn_on"): _heat_on,
    ("climate", "turn_off"): _heat_off,
    ("climate", "set_mode"): _heat_mode,
    ("climate", "set_preset"): _attribute("preset", "preset_mode"),
    ("climate", "set_fan_mode"): _attribute("fan_mode", "fan_mode"),
    ("climate", "set_swing"): _attribute("swing_mode", "swing_mode"),
    ("climate", "set_humidity"): _attribute("humidity", "humidity"),
    ("climate", "set_temperature"): _degrees,
    ("water_heater", "set_temperature"): _degrees,
    ("water_heater", "set_mode"): _set_value("mode"),
    ("humidifier", "set_humidity"): _attribute("humidity", "humidity"),
    ("humidifier", "set_mode"): _attribute("mode", "mode"),
    ("media_player", "turn_on"): _ON,
    ("media_player", "turn_off"): _OFF,
    ("media_player", "play"): _state("playing"),
    ("media_player", "pause"): _state("paused"),
    ("media_player", "stop"): _state("idle"),
    ("media_player", "next"): _skipped(1),
    ("media_player", "previous"): _skipped(-1),
    ("media_player", "set_volume"): _volume,
    ("media_player", "volume_up"): _louder(1),
    ("media_player", "volume_down"): _louder(-1),
    ("media_player", "mute"): _muted,
    ("vacuum", "start"): _state("cleaning"),
    ("vacuum", "clean_spot"): _state("cleaning"),
    ("vacuum", "stop"): _state("idle"),
    ("vacuum", "pause"): _state("paused"),
    ("vacuum", "return_to_base"): _state("returning"),
    ("vacuum", "locate"): _unchanged,
    ("vacuum", "set_fan_speed"): _attribute("fan_speed", "fan_speed"),
    ("lawn_mower", "start_mowing"): _state("mowing"),
    ("lawn_mower", "pause"): _state("paused"),
    ("lawn_mower", "dock"): _state("returning"),
    **{("alarm_control_panel", f"arm_{way}"): _state(f"armed_{way}") for way in ("home", "away", "night", "vacation")},
    ("alarm_control_panel", "disarm"): _state("disarmed"),
    ("scene", "turn_on"): _state("activated"),
    ("script", "turn_on"): _ON,
    ("script", "turn_off"): _OFF,
    ("button", "press"): _state("pressed"),
    ("input_button", "press"): _state("pressed"),
    ("number", "set_value"): _set_value("value"),
    ("input_number", "set_value"): _set_value("value"),
    ("select", "select"): _set_value("option"),
    ("input_select", "select"): _set_value("option"),
    ("text", "set_text"): _set_value("text"),
    ("update", "install"): _OFF,
    ("notify", "send_message"): _set_value("message"),
}
_NEEDED: Mapping[tuple[str, str], frozenset[str]] = {
    ("fan", "set_percentage"): frozenset({"set_speed"}),
    ("fan", "oscillate"): frozenset({"oscillate"}),
    ("fan", "set_direction"): frozenset({"direction"}),
    ("cover", "stop"): frozenset({"stop"}),
    ("valve", "stop"): frozenset({"stop"}),
    ("cover", "set_tilt"): frozenset({"set_tilt_position"}),
    ("media_player", "turn_on"): frozenset({"turn_on"}),
    ("media_player", "turn_off"): frozenset({"turn_off"}),
    ("media_player", "play"): frozenset({"play"}),
    ("media_player", "pause"): frozenset({"pause"}),
    ("media_player", "next"): frozenset({"next_track"}),
    ("media_player", "previous"): frozenset({"previous_track"}),
    ("media_player", "set_volume"): frozenset({"volume_set"}),
    ("media_player", "volume_up"): frozenset({"volume_set", "volume_step"}),
    ("media_player", "volume_down"): frozenset({"volume_set", "volume_step"}),
    ("media_player", "mute"): frozenset({"volume_mute"}),
    ("vacuum", "stop"): frozenset({"stop"}),
    ("vacuum", "pause"): frozenset({"pause"}),
    ("vacuum", "return_to_base"): frozenset({"return_home"}),
}
"""What it must have declared for that, where it declares what it can do."""
