"""What to publish for an action on a component, and how its effect is recognised; pure.

Verbs and their values, by component:
  light        turn_on (brightness_pct, color, color_temp_kelvin, effect, transition), turn_off (transition)
  switch       turn_on, turn_off                scene   turn_on              button  press
  cover valve  open, close, stop, set_position (position), set_tilt (tilt), open_tilt, close_tilt
  fan          turn_on (percentage, preset), turn_off, set_percentage (percentage), set_preset (preset),
               oscillate (oscillating), set_direction (direction)
  climate      turn_on, turn_off, set_temperature (temperature, temperature_high, temperature_low, unit, mode),
               set_mode (mode), set_preset (preset), set_fan_mode (fan_mode), set_swing (swing_mode),
               set_humidity (humidity)          water_heater   turn_on, turn_off, set_temperature, set_mode
  humidifier   turn_on, turn_off, set_humidity (humidity), set_mode (mode)
  lock         lock, unlock, open (code)        alarm_control_panel   arm_…, disarm, trigger (code)
  vacuum       start, stop, pause, return_to_base, clean_spot, locate, set_fan_speed (fan_speed), send_command (command)
  lawn_mower   start_mowing, pause, dock        number   set_value (value)   select  select (option)
  siren        turn_on (tone, duration, volume_pct), turn_off                text    set_text (text)
  update       install                          notify   send_message (message)
  media_player play, pause, play_pause, stop, next, previous, set_volume (volume_pct), volume_up, volume_down (by)
All that switches knows toggle besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.home import Action, EntityState
from assistant.home import adjustables, climates, fans, guards, machines, openings
from assistant.home.discovery import Announced
from assistant.home.lights import features_of_light, light_off, light_on
from assistant.home.order import (
    NeedsCode,
    Order,
    Outgoing,
    Request,
    Unsupported,
    Wanted,
    Writer,
    has,
    is_in,
)
from assistant.home.vacuum_rooms import clean_rooms

__all__ = [
    "NeedsCode", "Order", "Outgoing", "Unsupported", "Wanted", "features_of", "order_for", "sent_word", "verbs_of",
]  # fmt: skip


def order_for(announced: Announced, action: Action, state: EntityState) -> Order:
    """The messages for an action. Raises Unsupported, TemplateFault (a broken command template) or ConfigFault."""
    verb = _verb_of(announced, action, state)
    write = _WRITERS.get((announced.component, verb))
    if write is None:
        raise Unsupported(f"{announced.component} can't {verb}")
    order = write(Request(announced.config, action.values, state, announced.component))
    # what calls itself optimistic says that it does not report
    return replace(order, wanted=None) if announced.config.flag("optimistic") else order


def sent_word(announced: Announced, action: Action, state: EntityState) -> str:
    """What a thing that reports nothing was told to be; empty where that is no state."""
    return _SENT.get(_verb_of(announced, action, state), "")


def _verb_of(announced: Announced, action: Action, state: EntityState) -> str:
    """To toggle is the opposite of what is known, else of what was sent last."""
    if action.verb != "toggle":
        return action.verb
    was = state.value or str(state.attributes.get("sent", ""))
    return _TOGGLED.get(was, "open" if announced.component in {"cover", "valve"} else "turn_on")


def verbs_of(component: str) -> frozenset[str]:
    """What can be said to do to such a component, at most."""
    return frozenset(verb for known, verb in _WRITERS if known == component)


def features_of(announced: Announced) -> frozenset[str]:
    """What a component can do beyond its domain's basics."""
    config = announced.config
    match announced.component:
        case "light":
            return features_of_light(config)
        case "cover" | "valve":
            return openings.features_of_opening(config)
        case "fan":
            return fans.features_of_fan(config)
        case "climate" | "water_heater" | "humidifier":
            return climates.features_of_climate(config)
        case "lock" | "alarm_control_panel":
            return guards.features_of_guard(announced.component, config)
        case "vacuum" | "lawn_mower" | "media_player":
            return machines.features_of_machine(announced.component, config)
        case _:
            return frozenset()


_SENT = {
    "turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "unlock": "unlocked",
}  # fmt: skip
_TOGGLED = {"on": "turn_off", "off": "turn_on"} | {
    moving: verb for verb, states in {"close": ("open", "opening"), "open": ("closed", "closing")}.items()
    for moving in states
}  # fmt: skip


def _humidifier_mode(request: Request) -> Order:
    mode = request.option("mode", request.config.texts("modes"))
    message = request.send(mode, "mode_command_topic", "mode_command_template")
    return Order((message,), request.seen(has("mode", mode), "mode_state_topic"))


_OPENINGS = ("cover", "valve")
_THERMAL = ("climate", "water_heater")
_SWING = ("on", "off")
_FAN_MODES = ("auto", "low", "medium", "high")
_WRITERS: Mapping[tuple[str, str], Writer] = {
    ("light", "turn_on"): light_on,
    ("light", "turn_off"): light_off,
    ("switch", "turn_on"): fans.ON,
    ("switch", "turn_off"): fans.OFF,
    ("scene", "turn_on"): adjustables.SCENE,
    ("button", "press"): adjustables.PRESS,
    ("humidifier", "turn_on"): climates.ON,
    ("humidifier", "turn_off"): climates.OFF,
    ("humidifier", "set_mode"): _humidifier_mode,
    ("siren", "turn_on"): adjustables.siren("on"),
    ("siren", "turn_off"): adjustables.siren("off"),
    **{(each, "open"): openings.OPEN for each in _OPENINGS},
    **{(each, "close"): openings.CLOSE for each in _OPENINGS},
    **{(each, "stop"): openings.STOP for each in _OPENINGS},
    **{(each, "set_position"): openings.set_position for each in _OPENINGS},
    ("cover", "set_tilt"): openings.set_tilt,
    ("cover", "open_tilt"): openings.tilted_to("tilt_opened_value", 100),
    ("cover", "close_tilt"): openings.tilted_to("tilt_closed_value", 0),
    ("lock", "lock"): guards.LOCK,
    ("lock", "unlock"): guards.UNLOCK,
    ("lock", "open"): guards.UNLATCH,
    **{("alarm_control_panel", verb): guards.armed(verb) for verb in guards.ARM_VERBS},
    **{(each, "set_temperature"): climates.set_temperature for each in _THERMAL},
    **{(each, "set_mode"): climates.set_mode for each in _THERMAL},
    **{(each, "turn_on"): climates.turn_on for each in _THERMAL},
    **{(each, "turn_off"): climates.turn_off for each in _THERMAL},
    **{(each, "set_humidity"): climates.set_humidity for each in ("climate", "humidifier")},
    ("climate", "set_preset"): climates.chosen("preset", "preset_mode", "preset_modes"),
    ("climate", "set_fan_mode"): climates.chosen("fan_mode", "fan_mode", "fan_modes", _FAN_MODES),
    ("climate", "set_swing"): climates.chosen("swing_mode", "swing_mode", "swing_modes", _SWING),
    ("fan", "turn_on"): fans.fan_on,
    ("fan", "turn_off"): fans.OFF,
    ("fan", "set_percentage"): fans.set_percentage,
    ("fan", "set_preset"): fans.set_preset,
    ("fan", "oscillate"): fans.oscillate,
    ("fan", "set_direction"): fans.set_direction,
    **{("vacuum", verb): write for verb, write in machines.VACUUM.items()},
    ("vacuum", "set_fan_speed"): machines.vacuum_speed,
    ("vacuum", "send_command"): machines.vacuum_command,
    ("vacuum", "clean_rooms"): clean_rooms,
    ("lawn_mower", "start_mowing"): machines.mower("start_mowing", is_in("mowing")),
    ("lawn_mower", "pause"): machines.mower("pause", is_in("paused")),
    ("lawn_mower", "dock"): machines.mower("dock", is_in("returning", "docked")),
    ("number", "set_value"): adjustables.set_value,
    ("select", "select"): adjustables.select_option,
    ("text", "set_text"): adjustables.set_text,
    ("update", "install"): adjustables.install,
    ("notify", "send_message"): adjustables.send_message,
    ("media_player", "play"): machines.play,
    ("media_player", "pause"): machines.player("pause", is_in("paused", "idle", "stopped")),
    ("media_player", "play_pause"): machines.player("playpause"),
    ("media_player", "stop"): machines.player("stop", is_in("idle", "stopped", "off")),
    ("media_player", "next"): machines.player("next"),
    ("media_player", "previous"): machines.player("previous"),
    ("media_player", "set_volume"): machines.set_volume,
    ("media_player", "volume_up"): machines.shift_volume(10),
    ("media_player", "volume_down"): machines.shift_volume(-10),
}
