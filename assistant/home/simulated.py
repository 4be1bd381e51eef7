"""A simulated home: devices that announce themselves by discovery, obey, and report; to try everything without any."""

from __future__ import annotations

import asyncio
import json
import logging
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.core.clock import Clock
from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.link import Identity, Message, MqttLink

_LOGGER = logging.getLogger(__name__)
BASE = "simulated"
STATUS_TOPIC = f"{BASE}/status"
DELAY_S = 0.05
"""How long a simulated device takes to obey."""
State = dict[str, Any]
Obey = Callable[[State, str, str], None]
"""(state, last part of the command topic, payload) → the state is changed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of device announces itself, what it starts as, how it obeys and what it reports."""

    component: str
    config: Mapping[str, Any]
    first: Mapping[str, Any]
    obey: Obey
    state_topics: Mapping[str, str]
    """Last part of a state topic → key of the state ("" : the whole as JSON)."""


@dataclass(slots=True)
class Device:
    """One simulated device. `refuses` takes no command; `is_online` false: unavailable."""

    id: str
    area: str
    kind: Kind
    state: State = field(default_factory=dict)
    refuses: bool = False
    is_online: bool = True


def _json_light(state: State, _: str, payload: str) -> None:
    told = json.loads(payload)
    state.update({key: told[key] for key in ("state", "brightness", "color", "color_temp") if key in told})


def _named_state(**names: str) -> Obey:
    def obey(state: State, _: str, payload: str) -> None:
        state["state"] = names[payload]

    return obey


def _cover(state: State, part: str, payload: str) -> None:
    named = {"OPEN": 100, "CLOSE": 0, "STOP": state["position"]}
    position = int(float(payload)) if part == "set_position" else named[payload]
    state["position"] = min(100, max(0, position))
    state["state"] = "closed" if state["position"] == 0 else "open"


def _thermostat(state: State, part: str, payload: str) -> None:
    if part == "set_temperature":
        state["temperature"] = float(payload)
    elif payload in THERMOSTAT.config["modes"]:
        state["mode"] = payload


def _fan(state: State, part: str, payload: str) -> None:
    if part == "set_percentage":
        state["percentage"] = int(float(payload))
        state["state"] = "ON" if state["percentage"] else "OFF"
    else:
        state["state"] = {"ON": "ON", "OFF": "OFF"}[payload]


def _deaf(state: State, _: str, __: str) -> None:
    """Sensors take no commands."""


_STATE = {"state": "state"}
LIGHT = Kind(
    "light",
    {"schema": "json", "command_topic": "~/set", "state_topic": "~/state", "brightness": True, "brightness_scale": 254,
     "supported_color_modes": ["rgb", "color_temp"]},
    {"state": "OFF", "brightness": 254},
    _json_light,
    {"state": ""},
)  # fmt: skip
SWITCH = Kind(
    "switch",
    {"command_topic": "~/set", "state_topic": "~/state"},
    {"state": "OFF"},
    _named_state(ON="ON", OFF="OFF"),
    _STATE,
)
COVER = Kind(
    "cover",
    {"command_topic": "~/set", "state_topic": "~/state", "position_topic": "~/position",
     "set_position_topic": "~/set_position"},
    {"state": "closed", "position": 0},
    _cover,
    {"state": "state", "position": "position"},
)  # fmt: skip
LOCK = Kind(
    "lock", {"command_topic": "~/set", "state_topic": "~/state"}, {"state": "UNLOCKED"},
    _named_state(LOCK="LOCKED", UNLOCK="UNLOCKED"), _STATE,
)  # fmt: skip
THERMOSTAT = Kind(
    "climate",
    {"modes": ["off", "heat"], "mode_command_topic": "~/set_mode", "mode_state_topic": "~/mode",
     "temperature_command_topic": "~/set_temperature", "temperature_state_topic": "~/temperature",
     "current_temperature_topic": "~/current"},
    {"mode": "heat", "temperature": 20.0, "current": 20.5},
    _thermostat,
    {"mode": "mode", "temperature": "temperature", "current": "current"},
)  # fmt: skip
FAN = Kind(
    "fan",
    {"command_topic": "~/set", "state_topic": "~/state", "percentage_command_topic": "~/set_percentage",
     "percentage_state_topic": "~/percentage"},
    {"state": "OFF", "percentage": 0},
    _fan,
    {"state": "state", "percentage": "percentage"},
)  # fmt: skip
SCENE = Kind("scene", {"command_topic": "~/set"}, {}, _deaf, {})


def _with(kind: Kind, **config: Any) -> Kind:
    return Kind(kind.component, {**kind.config, **config}, kind.first, kind.obey, kind.state_topics)


def _sensor(value: Any, unit: str, device_class: str) -> Kind:
    config = {"state_topic": "~/state", "unit_of_measurement": unit, "device_class": device_class}
    return Kind("sensor", config, {"state": value}, _deaf, _STATE)


_WINDOW = Kind("binary_sensor", {"state_topic": "~/state", "device_class": "window"}, {"state": "OFF"}, _deaf, _STATE)
PLAN: tuple[tuple[str, str, Kind], ...] = (
    ("living_room_light", "living_room", LIGHT),
    ("kitchen_light", "kitchen", LIGHT),
    ("bedroom_light", "bedroom", LIGHT),
    ("hallway_light", "hallway", LIGHT),
    ("desk_lamp", "bedroom", LIGHT),
    ("coffee_machine", "kitchen", SWITCH),
    ("bedroom_fan", "bedroom", FAN),
    ("living_room_blind", "living_room", _with(COVER, device_class="blind")),
    ("bedroom_curtain", "bedroom", _with(COVER, device_class="curtain")),
    ("front_door", "hallway", LOCK),
    ("garage_door", "garage", _with(COVER, device_class="garage")),
    ("thermostat", "living_room", THERMOSTAT),
    ("bedroom_temperature", "bedroom", _sensor(19.5, "°C", "temperature")),
    ("living_room_humidity", "living_room", _sensor(45, "%", "humidity")),
    ("kitchen_window", "kitchen", _WINDOW),
    ("movie_night", "living_room", SCENE),
)
"""What stands in the home: id, area, kind."""


class SimulatedHome:
    """Runs over its own connection, like any other program on the broker."""

    def __init__(self, mqtt: MqttSettings, language: str, clock: Clock) -> None:
        folder = Path(__file__).parent / "simulated_homes"
        words = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        self._names: Mapping[str, str] = words["names"]
        self._areas: Mapping[str, str] = words["areas"]
        self._prefix = mqtt.discovery_prefix
        self._clock = clock
        self._link = MqttLink(mqtt, Identity("assistant-simulated-home", STATUS_TOPIC), self._take, self._connection)
        self._orders: asyncio.Queue[Message] = asyncio.Queue(1000)
        self.devices = {name: Device(name, area, kind, dict(kind.first)) for name, area, kind in PLAN}

    async def run(self) -> None:
        """Announce everything whenever the broker comes, and obey, until cancelled."""
        self._link.subscribe([f"{BASE}/+/+"])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._link.run(), name="simulated home: link")
            tasks.create_task(self._serve(), name="simulated home: devices")

    async def _serve(self) -> None:
        while True:
            orders = [await self._orders.get()]
            await self._clock.sleep(DELAY_S)
            while not self._orders.empty():
                orders.append(self._orders.get_nowait())
            for order in orders:
                self._obey(order)

    def _connection(self, is_connected: bool) -> None:
        if not is_connected:
            return
        try:
            for device in self.devices.values():
                self._announce(device)
                self.report(device)
        except BrokerError as error:
            # gone again before all was said; the next connection hears everything
            _LOGGER.warning("the simulated home was cut off", extra={"why": str(error)})

    def _announce(self, device: Device) -> None:
        config = {
            "~": f"{BASE}/{device.id}",
            "name": None,
            "unique_id": f"simulated_{device.id}",
            "availability": [{"topic": STATUS_TOPIC}, {"topic": f"{BASE}/{device.id}/online"}],
            "availability_mode": "all",
            "device": {
                "identifiers": [f"simulated_{device.id}"],
                "name": self._names[device.id],
                "suggested_area": self._areas[device.area],
            },
            **device.kind.config,
        }
        topic = f"{self._prefix}/{device.kind.component}/simulated_{device.id}/config"
        self._link.publish(topic, json.dumps(config, ensure_ascii=False), retain=True)

    def report(self, device: Device) -> None:
        """Publish a device's availability and states."""
        base = f"{BASE}/{device.id}"
        self._link.publish(f"{base}/online", "online" if device.is_online else "offline", retain=True)
        for part, key in device.kind.state_topics.items():
            self._link.publish(
                f"{base}/{part}", json.dumps(device.state) if not key else str(device.state[key]), retain=True
            )

    def _take(self, message: Message) -> None:
        if message.is_retained or "/set" not in message.topic:
            return
        try:
            self._orders.put_nowait(message)
        except asyncio.QueueFull:
            _LOGGER.warning("the simulated home drops a command")

    def _obey(self, message: Message) -> None:
        _, name, part = message.topic.split("/")
        device = self.devices.get(name)
        if device is None or device.refuses or not device.is_online:
            return
        try:
            device.kind.obey(device.state, part, message.payload.decode())
            self.report(device)
        except (ValueError, KeyError, TypeError, BrokerError) as error:
            _LOGGER.warning("a simulated device can't obey", extra={"device": name, "why": type(error).__name__})
