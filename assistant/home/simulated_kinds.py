"""What stands in the simulated home: kinds of devices, how each obeys and what it does by itself afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

DELAY_S = 0.05
"""How long a simulated device takes to obey, where its kind says nothing else."""
STEP = 20
"""A slow cover moves so many percent at a time."""
State = dict[str, Any]
Obey = Callable[[State, str, str], None]
"""(state, last part of the command topic, payload) → the state is changed. Raises ValueError, KeyError or TypeError for
a command that means nothing."""
Live = Callable[[State], bool]
"""One step of what it does by itself; False when nothing more will change."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of device announces itself, what it starts as, how it obeys and what it reports."""

    component: str
    config: Mapping[str, Any]
    first: Mapping[str, Any]
    obey: Obey
    state_topics: Mapping[str, str]
    """Last part of a state topic → key of the state ("" : the whole as JSON)."""
    live: Live | None = None
    delay_s: float = DELAY_S


@dataclass(slots=True)
class Device:
    """One simulated device. `refuses` takes no command; `is_online` false: unavailable."""

    id: str
    area: str
    kind: Kind
    state: State = field(default_factory=dict)
    refuses: bool = False
    is_online: bool = True
    is_living: bool = False
    """It is changing by itself just now."""


# ── how they obey ────────────────────────────────────────────────────────────────────────────────


def _json_light(state: State, _: str, payload: str) -> None:
    told = json.loads(payload)
    state.update({key: told[key] for key in ("state", "brightness", "color", "color_temp", "effect") if key in told})


def _named_state(**names: str) -> Obey:
    def obey(state: State, _: str, payload: str) -> None:
        state["state"] = names[payload]

    return obey


def _cover(state: State, part: str, payload: str) -> None:
    state["position"] = _wanted_position(state, part, payload)
    state["state"] = "closed" if state["position"] == 0 else "open"


def _wanted_position(state: State, part: str, payload: str) -> int:
    named = {"OPEN": 100, "CLOSE": 0, "STOP": state["position"]}
    return min(100, max(0, int(float(payload)) if part == "set_position" else named[payload]))


def _slow_cover(state: State, part: str, payload: str) -> None:
    state["target"] = _wanted_position(state, part, payload)
    _head_for_target(state)


def _head_for_target(state: State) -> None:
    way = state["target"] - state["position"]
    state["state"] = "opening" if way > 0 else "closing" if way < 0 else "open" if state["position"] else "closed"


def _move_on(state: State) -> bool:
    way = state["target"] - state["position"]
    state["position"] += max(-STEP, min(STEP, way))
    _head_for_target(state)
    return bool(state["target"] != state["position"])


def _thermostat(state: State, part: str, payload: str) -> None:
    if part == "set_temperature":
        state["temperature"] = float(payload)
    elif payload in THERMOSTAT.config["modes"]:
        state["mode"] = payload


def _fan(state: State, part: str, payload: str) -> None:
    if part == "set_percentage":
        state["percentage"] = int(float(payload))
        state["state"] = "ON" if state["percentage"] else "OFF"
    elif part == "set_preset":
        state["preset"] = payload
    elif part == "set_oscillation":
        state["oscillation"] = {"oscillate_on": "oscillate_on", "oscillate_off": "oscillate_off"}[payload]
    else:
        state["state"] = {"ON": "ON", "OFF": "OFF"}[payload]


def _humidifier(state: State, part: str, payload: str) -> None:
    if part == "set_humidity":
        state["humidity"] = int(float(payload))
    elif part == "set_mode":
        state["mode"] = payload
    else:
        state["state"] = {"ON": "ON", "OFF": "OFF"}[payload]


def _robot(**verbs: str) -> Obey:
    """Of a vacuum cleaner or mower: what each verb makes it do."""

    def obey(state: State, part: str, payload: str) -> None:
        if part == "set_fan_speed":
            state["fan_speed"] = payload
        elif payload != "locate":
            state["state"] = verbs[payload]
            state["steps"] = 3

    return obey


def _drive_home(state: State) -> bool:
    if state["state"] != "returning":
        return False
    state["steps"] -= 1
    if state["steps"] <= 0:
        state["state"] = "docked"
    return bool(state["state"] == "returning")


def _alarm(state: State, _: str, payload: str) -> None:
    names = {"ARM_HOME": "armed_home", "ARM_AWAY": "armed_away", "ARM_NIGHT": "armed_night", "DISARM": "disarmed"}
    state["target"], state["steps"] = names[payload], 3
    state["state"] = "disarmed" if payload == "DISARM" else "arming"


def _arm(state: State) -> bool:
    if state["state"] != "arming":
        return False
    state["steps"] -= 1
    if state["steps"] <= 0:
        state["state"] = state["target"]
    return bool(state["state"] == "arming")


def _player(state: State, part: str, payload: str) -> None:
    match part:
        case "set_volume":
            state["volume"] = min(1.0, max(0.0, float(payload)))
        case "set_play":
            state["state"] = "playing"
        case "set_pause":
            state["state"] = "paused"
        case "set_next" | "set_previous":
            state["track"] = (state["track"] + (1 if part == "set_next" else -1)) % 9


def _siren(state: State, _: str, payload: str) -> None:
    state["state"] = {"ON": "ON", "OFF": "OFF"}[json.loads(payload)["state"]]


def _told(state: State, _: str, payload: str) -> None:
    state["state"] = payload


def _deaf(state: State, _: str, __: str) -> None:
    """Sensors take no commands."""


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────

_STATE = {"state": "state"}
_SET = {"command_topic": "~/set", "state_topic": "~/state"}
LIGHT = Kind(
    "light",
    {**_SET, "schema": "json", "brightness": True, "brightness_scale": 254,
     "supported_color_modes": ["rgb", "color_temp"], "effect": True, "effect_list": ["colorloop", "candle", "none"]},
    {"state": "OFF", "brightness": 254},
    _json_light,
    {"state": ""},
)  # fmt: skip
SWITCH = Kind("switch", _SET, {"state": "OFF"}, _named_state(ON="ON", OFF="OFF"), _STATE)
COVER = Kind(
    "cover",
    {**_SET, "position_topic": "~/position", "set_position_topic": "~/set_position"},
    {"state": "closed", "position": 0},
    _cover,
    {"state": "state", "position": "position"},
)
SLOW_COVER = replace(COVER, first={**COVER.first, "target": 0}, obey=_slow_cover, live=_move_on)
VALVE = Kind(
    "valve", _SET, {"state": "closed"}, _named_state(OPEN="open", CLOSE="closed"), _STATE, delay_s=0.2
)  # fmt: skip
LOCK = Kind(
    "lock", _SET, {"state": "UNLOCKED"}, _named_state(LOCK="LOCKED", UNLOCK="UNLOCKED"), _STATE, delay_s=0.6
)  # fmt: skip
THERMOSTAT = Kind(
    "climate",
    {"modes": ["off", "heat"], "mode_command_topic": "~/set_mode", "mode_state_topic": "~/mode",
     "temperature_command_topic": "~/set_temperature", "temperature_state_topic": "~/temperature",
     "current_temperature_topic": "~/current", "temp_step": 0.5},
    {"mode": "heat", "temperature": 20.0, "current": 20.5},
    _thermostat,
    {"mode": "mode", "temperature": "temperature", "current": "current"},
)  # fmt: skip
FAN = Kind(
    "fan",
    {**_SET, "percentage_command_topic": "~/set_percentage", "percentage_state_topic": "~/percentage",
     "preset_mode_command_topic": "~/set_preset", "preset_mode_state_topic": "~/preset",
     "preset_modes": ["normal", "breeze", "sleep"], "oscillation_command_topic": "~/set_oscillation",
     "oscillation_state_topic": "~/oscillation"},
    {"state": "OFF", "percentage": 0, "preset": "normal", "oscillation": "oscillate_off"},
    _fan,
    {"state": "state", "percentage": "percentage", "preset": "preset", "oscillation": "oscillation"},
)  # fmt: skip
HUMIDIFIER = Kind(
    "humidifier",
    {**_SET, "target_humidity_command_topic": "~/set_humidity", "target_humidity_state_topic": "~/humidity",
     "mode_command_topic": "~/set_mode", "mode_state_topic": "~/mode", "modes": ["normal", "eco", "sleep"],
     "current_humidity_topic": "~/current", "min_humidity": 30, "max_humidity": 80},
    {"state": "OFF", "humidity": 50, "current": 42, "mode": "normal"},
    _humidifier,
    {"state": "state", "humidity": "humidity", "mode": "mode", "current": "current"},
)  # fmt: skip
VACUUM = Kind(
    "vacuum",
    {**_SET, "set_fan_speed_topic": "~/set_fan_speed", "fan_speed_list": ["quiet", "standard", "max"],
     "supported_features": ["start", "pause", "stop", "return_home", "locate", "fan_speed", "battery", "status"]},
    {"state": "docked", "battery_level": 93, "fan_speed": "standard", "steps": 0},
    _robot(start="cleaning", pause="paused", stop="idle", return_to_base="returning", clean_spot="cleaning"),
    {"state": ""},
    _drive_home,
    0.2,
)  # fmt: skip
MOWER = Kind(
    "lawn_mower",
    {"start_mowing_command_topic": "~/set", "pause_command_topic": "~/set", "dock_command_topic": "~/set",
     "activity_state_topic": "~/activity"},
    {"state": "docked", "steps": 0},
    _robot(start_mowing="mowing", pause="paused", dock="returning"),
    {"activity": "state"},
    _drive_home,
    0.2,
)  # fmt: skip
ALARM = Kind(
    "alarm_control_panel",
    {**_SET, "supported_features": ["arm_home", "arm_away", "arm_night"], "code_arm_required": False,
     "code_disarm_required": True, "code": "1234"},
    {"state": "disarmed", "target": "disarmed", "steps": 0},
    _alarm,
    _STATE,
    _arm,
)  # fmt: skip
PLAYER = Kind(
    "media_player",
    {"state_state_topic": "~/state", "state_volume_topic": "~/volume", "command_volume_topic": "~/set_volume",
     **{f"command_{verb}_topic": f"~/set_{verb}" for verb in ("play", "pause", "next", "previous")}},
    {"state": "idle", "volume": 0.3, "track": 0},
    _player,
    {"state": "state", "volume": "volume"},
)  # fmt: skip
SIREN = Kind("siren", _SET, {"state": "OFF"}, _siren, _STATE)
SCENE = Kind("scene", {"command_topic": "~/set"}, {}, _deaf, {})


def _with(kind: Kind, **config: Any) -> Kind:
    return replace(kind, config={**kind.config, **config})


def _sensor(value: Any, unit: str, device_class: str) -> Kind:
    config = {"state_topic": "~/state", "unit_of_measurement": unit, "device_class": device_class}
    return Kind("sensor", config, {"state": value}, _deaf, _STATE)


_WINDOW = Kind("binary_sensor", {"state_topic": "~/state", "device_class": "window"}, {"state": "OFF"}, _deaf, _STATE)
_LOUDNESS = Kind("number", {**_SET, "min": 0, "max": 10, "step": 1}, {"state": "5"}, _told, _STATE)
_PROGRAM = Kind("select", {**_SET, "options": ["Eco", "Cotton", "Wool"]}, {"state": "Eco"}, _told, _STATE)
PLAN: tuple[tuple[str, str, Kind], ...] = (
    ("living_room_light", "living_room", LIGHT),
    ("kitchen_light", "kitchen", LIGHT),
    ("bedroom_light", "bedroom", LIGHT),
    ("hallway_light", "hallway", LIGHT),
    ("desk_lamp", "bedroom", LIGHT),
    ("coffee_machine", "kitchen", SWITCH),
    ("bedroom_fan", "bedroom", FAN),
    ("living_room_blind", "living_room", _with(COVER, device_class="blind")),
    ("bedroom_curtain", "bedroom", _with(SLOW_COVER, device_class="curtain")),
    ("front_door", "hallway", LOCK),
    ("garage_door", "garage", _with(COVER, device_class="garage")),
    ("thermostat", "living_room", THERMOSTAT),
    ("bedroom_temperature", "bedroom", _sensor(19.5, "°C", "temperature")),
    ("living_room_humidity", "living_room", _sensor(45, "%", "humidity")),
    ("kitchen_window", "kitchen", _WINDOW),
    ("movie_night", "living_room", SCENE),
    ("robot_vacuum", "living_room", VACUUM),
    ("lawn_mower", "garden", MOWER),
    ("bedroom_humidifier", "bedroom", HUMIDIFIER),
    ("house_alarm", "hallway", ALARM),
    ("water_valve", "garden", VALVE),
    ("kitchen_radio", "kitchen", PLAYER),
    ("smoke_siren", "hallway", SIREN),
    ("doorbell_volume", "hallway", _LOUDNESS),
    ("washing_program", "kitchen", _PROGRAM),
    ("garden_socket", "garden", SWITCH),
    ("old_heater", "garage", SWITCH),
)
"""What stands in the home: id, area, kind."""
OFFLINE = frozenset({"garden_socket"})
"""Nobody can reach these."""
STUBBORN = frozenset({"old_heater"})
"""These hear every command and do nothing."""
