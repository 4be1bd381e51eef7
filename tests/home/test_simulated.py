"""The simulated home: devices that obey as real ones do, and nothing that was kept for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.home.simulated import SimulatedHome
from assistant.home.simulated_kinds import ALARM, MOWER, SLOW_COVER, VACUUM, Kind
from tests.home.brokers import Embedded, Mosquitto, TestBroker, running
from tests.home.client import Client, client

pytestmark = pytest.mark.broker


@pytest.fixture(params=["mosquitto", "embedded"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TestBroker]:
    made: TestBroker = Mosquitto(tmp_path) if request.param == "mosquitto" else Embedded()
    async with running(made):
        yield made


@pytest.fixture
async def simulated(broker: TestBroker) -> AsyncIterator[SimulatedHome]:
    home = SimulatedHome(broker.settings, "en", SystemClock())
    task = asyncio.create_task(home.run())
    yield home
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def ear(broker: TestBroker, simulated: SimulatedHome) -> AsyncIterator[Client]:
    async with client(broker.settings, "ear", "simulated/#") as one:
        await one.until(lambda: one.payloads("simulated/movie_night/online") == ["online"])
        yield one


async def test_a_kept_command_is_not_obeyed(broker: TestBroker) -> None:
    async with client(broker.settings, "mouth", "simulated/#") as mouth:
        await mouth.connected()
        mouth.link.publish("simulated/coffee_machine/set", "ON", retain=True)
        await mouth.until(lambda: bool(mouth.heard))
        home = SimulatedHome(broker.settings, "en", SystemClock())
        task = asyncio.create_task(home.run())
        await mouth.until(lambda: bool(mouth.payloads("simulated/movie_night/online")))
        mouth.link.publish("simulated/bedroom_fan/set", "ON")
        await mouth.until(lambda: "ON" in mouth.payloads("simulated/bedroom_fan/state"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert set(mouth.payloads("simulated/coffee_machine/state")) == {"OFF"}


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("coffee_machine/set", "EXPLODE"),
        ("living_room_blind/set", "UP"),
        ("living_room_blind/set_position", "high"),
        ("thermostat/set_mode", "sauna"),
        ("kitchen_light/set", "{"),
        ("kitchen_light/set", "[]"),
        ("nobody/set", "ON"),
    ],
)
async def test_a_command_that_means_nothing_changes_nothing(
    simulated: SimulatedHome, ear: Client, topic: str, payload: str
) -> None:
    before = {name: dict(device.state) for name, device in simulated.devices.items()}
    ear.link.publish(f"simulated/{topic}", payload)
    ear.link.publish("simulated/bedroom_fan/set", "ON")
    await ear.until(lambda: "ON" in ear.payloads("simulated/bedroom_fan/state"))
    before["bedroom_fan"]["state"] = "ON"
    assert {name: device.state for name, device in simulated.devices.items()} == before


async def test_many_commands_at_once_are_obeyed_at_once(simulated: SimulatedHome, ear: Client) -> None:
    lights = [name for name in simulated.devices if name.endswith("_light")]
    for name in lights:
        ear.link.publish(f"simulated/{name}/set", '{"state": "ON"}')
    async with asyncio.timeout(1):
        await ear.until(lambda: all(simulated.devices[name].state["state"] == "ON" for name in lights))


def test_a_slow_cover_is_on_its_way_until_it_is_there() -> None:
    state = dict(SLOW_COVER.first)
    SLOW_COVER.obey(state, "set", "OPEN")
    assert (state["state"], state["position"]) == ("opening", 0)
    assert SLOW_COVER.live is not None
    assert [SLOW_COVER.live(state) for _ in range(5)] == [True, True, True, True, False]
    assert (state["state"], state["position"]) == ("open", 100)


def test_a_slow_cover_that_is_stopped_stays_where_it_is() -> None:
    state = dict(SLOW_COVER.first)
    SLOW_COVER.obey(state, "set", "OPEN")
    assert SLOW_COVER.live is not None
    SLOW_COVER.live(state)
    SLOW_COVER.obey(state, "set", "STOP")
    assert (SLOW_COVER.live(state), state["state"], state["position"]) == (False, "open", 20)


@pytest.mark.parametrize(
    ("kind", "part", "payload", "first", "last"),
    [
        (VACUUM, "set", "return_to_base", "returning", "docked"),
        (MOWER, "set", "dock", "returning", "docked"),
        (ALARM, "set", "ARM_AWAY", "arming", "armed_away"),
    ],
)
def test_what_takes_its_time_gets_there_in_the_end(kind: Kind, part: str, payload: str, first: str, last: str) -> None:
    state = dict(kind.first)
    kind.obey(state, part, payload)
    assert state["state"] == first
    assert kind.live is not None
    while kind.live(state):
        pass
    assert state["state"] == last


def test_a_device_that_was_sent_elsewhere_on_its_way_home_does_not_dock() -> None:
    state = dict(VACUUM.first)
    VACUUM.obey(state, "set", "return_to_base")
    VACUUM.obey(state, "set", "start")
    assert VACUUM.live is not None
    assert (VACUUM.live(state), state["state"]) == (False, "cleaning")


async def test_one_device_is_away_and_one_does_not_obey(simulated: SimulatedHome, ear: Client) -> None:
    await ear.until(lambda: ear.payloads("simulated/garden_socket/online") == ["offline"])
    for name in ("old_heater", "garden_socket", "coffee_machine"):
        ear.link.publish(f"simulated/{name}/set", "ON")
    await ear.until(lambda: "ON" in ear.payloads("simulated/coffee_machine/state"))
    assert {simulated.devices[name].state["state"] for name in ("old_heater", "garden_socket")} == {"OFF"}


async def test_many_commands_under_way_are_dropped_beyond_a_bound(
    simulated: SimulatedHome, ear: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(1500):
        ear.link.publish("simulated/front_door/set", "LOCK")
    await ear.until(lambda: "LOCKED" in ear.payloads("simulated/front_door/state"))
    assert simulated.devices["front_door"].state["state"] == "LOCKED"
    assert {record.message for record in caplog.records} <= {"the simulated home drops a command"}
