"""A simulated home: devices that announce themselves by discovery, obey, and report; to try everything without any."""

from __future__ import annotations

import asyncio
import json
import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.core.clock import Clock
from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.link import Identity, Message, MqttLink
from assistant.home.simulated_kinds import OFFLINE, PLAN, STUBBORN, Device

_LOGGER = logging.getLogger(__name__)
BASE = "simulated"
STATUS_TOPIC = f"{BASE}/status"
STEP_S = 0.5
"""Between two steps of what a device does by itself."""
MAX_ORDERS = 1000
"""Commands under way at most; more are dropped, and that is logged."""


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
        self._orders: asyncio.Queue[Message] = asyncio.Queue(MAX_ORDERS)
        self._under_way = 0
        self.devices = {
            name: Device(name, area, kind, dict(kind.first), name in STUBBORN, name not in OFFLINE)
            for name, area, kind in PLAN
        }

    async def run(self) -> None:
        """Announce everything whenever the broker comes, and obey, until cancelled."""
        self._link.subscribe([f"{BASE}/+/+"])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._link.run(), name="simulated home: link")
            tasks.create_task(self._serve(tasks), name="simulated home: devices")

    async def _serve(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            order = await self._orders.get()
            _, name, part = order.topic.split("/")
            device = self.devices.get(name)
            if device is None or device.refuses or not device.is_online:
                continue
            if self._under_way >= MAX_ORDERS:
                _LOGGER.warning("the simulated home drops a command")
                continue
            self._under_way += 1
            tasks.create_task(self._obey(device, part, order.payload), name=f"simulated home: {name}")

    async def _obey(self, device: Device, part: str, payload: bytes) -> None:
        """After a while, and then whatever follows by itself."""
        try:
            await self._clock.sleep(device.kind.delay_s)
            device.kind.obey(device.state, part, payload.decode())
            self.report(device)
            await self._live(device)
        except (ValueError, KeyError, TypeError, BrokerError) as error:
            _LOGGER.warning("a simulated device can't obey", extra={"device": device.id, "why": type(error).__name__})
        finally:
            self._under_way -= 1

    async def _live(self, device: Device) -> None:
        if device.kind.live is None or device.is_living:
            return
        device.is_living = True
        try:
            goes_on = True
            while goes_on:
                await self._clock.sleep(STEP_S)
                before = dict(device.state)
                goes_on = device.kind.live(device.state)
                if device.state != before:
                    self.report(device)
        finally:
            device.is_living = False

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
