"""A Tasmota device and given names at a broker: announced, commanded, renamed, followed from a file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from assistant.core.home import ActionStatus, EntityId
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home.names import Names
from assistant.home.service import HomeService
from assistant.testing.clock import FakeClock
from tests.home.brokers import Embedded, TestBroker, running
from tests.home.houses import house, until
from tests.home.test_tasmota import CONFIG, device

pytestmark = pytest.mark.broker


async def test_a_device_is_found_obeys_and_keeps_the_name_it_is_given() -> None:
    kettle = EntityId("switch.kettle")
    broker: TestBroker = Embedded()
    async with running(broker), house(broker.settings) as home:
        await home.device.connected()
        home.obey("cmnd/tea/Power1", lambda payload: {"stat/tea/RESULT": json.dumps({"POWER": payload})})
        home.device.link.publish(CONFIG, json.dumps(device()), retain=True)
        await until(lambda: home.names() == ["Kettle"])
        assert (await home.act(kettle, "turn_on")).status is ActionStatus.CONFIRMED
        before = len(home.changes)
        await home.service.rename(kettle, "Samovar")
        await home.service.place(kettle, "Pantry")
        assert (home.names(), home.entity(kettle).area_id) == (["Samovar"], "pantry")
        assert [area.name for area in home.service.view().areas] == ["Pantry"]
        assert len(home.changes) == before + 2
        assert home.state(kettle).value == "on"


async def test_a_device_is_asked_for_its_state_and_its_answer_is_heard() -> None:
    broker: TestBroker = Embedded()
    async with running(broker), house(broker.settings) as home:
        await home.device.connected()
        status = json.dumps({"StatusSTS": {"POWER": "ON"}})
        home.obey("cmnd/tea/STATUS", lambda asked: {"stat/tea/STATUS11": status} if asked == "11" else {})
        home.device.link.publish(CONFIG, json.dumps(device()), retain=True)
        await until(lambda: home.names() == ["Kettle"] and home.state("switch.kettle").value == "on")


async def test_the_users_file_is_followed(tmp_path: Path) -> None:
    clock, file = FakeClock(), tmp_path / "home.toml"
    service = HomeService(MqttSettings(mode="off"), HomeSettings(), clock, "test", Names(file=file))
    changes: list[int] = []
    service.on_change = lambda: changes.append(1)
    following = asyncio.create_task(service.follow_names())
    await asyncio.sleep(0)
    file.write_text("[areas]\nStudy = {}", encoding="utf-8")
    await clock.advance(3)
    assert [area.name for area in service.view().areas] == ["Study"]
    assert changes == [1]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
