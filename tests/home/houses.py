"""A home on a real broker, and a device beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from assistant.core.clock import SystemClock
from assistant.core.home import Action, ActionResult, Entity, EntityId, EntityState, Value
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home import HomeService, SimulatedHome
from assistant.home.link import Message
from tests.home.client import Client, client

LAMP = EntityId("light.lamp")
TIMEOUT_S = 0.4


@dataclass
class House:
    """The home under test, and a device on the same broker."""

    service: HomeService
    device: Client
    changes: list[int]

    def names(self) -> list[str]:
        return [entity.name for entity in self.service.view().entities]

    def entity(self, entity_id: str) -> Entity:
        return next(entity for entity in self.service.view().entities if entity.id == entity_id)

    def state(self, entity_id: str) -> EntityState:
        return self.service.state(EntityId(entity_id))

    def announce(self, component: str, config: Mapping[str, object], place: str = "") -> str:
        """Give a configuration out, kept; the topic."""
        topic = f"homeassistant/{component}/{place or config['unique_id']}/config"
        self.device.link.publish(topic, json.dumps(config), retain=True)
        return topic

    def obey(self, command_topic: str, answer: Callable[[str], Mapping[str, str]]) -> None:
        """From now on the device answers commands: payload → topic → state."""
        others = self.device.answer

        def obeying(message: Message) -> None:
            others(message)
            if message.topic == command_topic and not message.is_retained:
                for topic, payload in answer(message.payload.decode()).items():
                    self.device.link.publish(topic, payload, retain=True)

        self.device.answer = obeying
        self.device.link.subscribe([command_topic])

    async def act(self, entity_id: str, verb: str, **values: Value) -> ActionResult:
        results = await self.service.act([Action(EntityId(entity_id), verb, values)])
        return results[0]


def lamp(**more: object) -> dict[str, object]:
    """A light of the default form, in the hall."""
    return {
        "unique_id": "lamp",
        "name": None,
        "command_topic": "lamp/set",
        "state_topic": "lamp/state",
        "device": {"identifiers": ["l1"], "name": "Lamp", "suggested_area": "Hall"},
        **more,
    }


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  # states have no event
            await asyncio.sleep(0.005)


@asynccontextmanager
async def house(settings: MqttSettings) -> AsyncIterator[House]:
    """The home, connected in the background, and a device."""
    settings = settings.model_copy(update={"mode": "external"})
    service = HomeService(settings, HomeSettings(confirm_timeout_s=TIMEOUT_S), SystemClock(), "test")
    made = House(service, Client.__new__(Client), [])
    service.on_change = lambda: made.changes.append(len(service.view().entities))
    task = asyncio.create_task(service.run(), name="home")
    try:
        async with client(settings, "device") as made.device:
            yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def house_with_lamp(settings: MqttSettings, **more: object) -> AsyncIterator[House]:
    """One lamp that obeys."""
    async with house(settings) as made:
        await made.device.connected()
        made.obey("lamp/set", lambda payload: {"lamp/state": payload})
        made.announce("light", lamp(**more))
        made.device.link.publish("lamp/state", "OFF", retain=True)
        await until(lambda: made.state(LAMP).value == "off")
        yield made


@asynccontextmanager
async def simulated(settings: MqttSettings, language: str = "en") -> AsyncIterator[SimulatedHome]:
    """A simulated home on the broker."""
    made = SimulatedHome(settings, language, SystemClock())
    task = asyncio.create_task(made.run(), name="simulated home")
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
