"""The hub's own topics beside the home's devices, on a real broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.core.home import EntityId
from assistant.core.hooks import Watch
from assistant.core.settings import HomeSettings
from assistant.home import HomeService
from assistant.home.announce import Announcement, Hub, HubCommands
from assistant.home.hooks import Came, Firing, HookPorts, Hooks
from tests.home.brokers import Mosquitto, TestBroker, running
from tests.home.client import client

pytestmark = pytest.mark.broker
CONFIG = "homeassistant/device/voicehub_h1/config"
DOOR_ID = EntityId("binary_sensor.door")
DOOR = {"unique_id": "door", "name": "Door", "state_topic": "door/state", "device_class": "door"}


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  states have no event
            await asyncio.sleep(0.005)


async def test_the_hub_is_found_commanded_and_waits_for_a_door_that_another_announces(tmp_path: Path) -> None:
    made: TestBroker = Mosquitto(tmp_path)
    async with running(made) as broker:
        settings = broker.settings.model_copy(update={"mode": "external"})
        service = HomeService(settings, HomeSettings(), SystemClock(), hub_id="h1")
        said: list[str] = []
        fired: list[Firing] = []
        nothing = HubCommands(said.append, said.append, lambda _: None, lambda _: None, lambda: None)
        announcement = Announcement(Hub("h1", "Hub", "1"), nothing, service.publish, SystemClock())
        hooks = Hooks((), SystemClock(), HookPorts(fired.append, service.publish))
        service.beside += [announcement, hooks]
        task = asyncio.ensure_future(service.run())
        async with client(settings, "other", CONFIG, "voicehub/h1/#") as other:
            await other.connected()
            await other.until(lambda: bool(other.payloads(CONFIG)) and "online" in other.payloads("voicehub/h1/status"))
            other.link.publish("homeassistant/binary_sensor/door/config", json.dumps(DOOR), retain=True)
            other.link.publish("voicehub/h1/say/set", "hello")
            other.link.publish("door/state", "OFF", retain=True)
            await until(lambda: bool(said) and service.state(DOOR_ID).value == "off")
            assert [entity.name for entity in service.view().entities] == ["Door"]
            watch = Watch("1", DOOR_ID, "door", "opens", words=("on",))
            hooks.watch([watch], service.state)
            other.link.publish("door/state", "ON")
            await until(lambda: bool(fired))
            assert [each.watch.id for each in fired if isinstance(each, Came)] == ["1"]
            assert said == ["hello"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
