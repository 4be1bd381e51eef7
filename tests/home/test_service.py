"""The home over a real broker: announced → named → commanded → confirmed, and everything that can go wrong between."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.core.errors import BrokerError
from assistant.core.home import Action, ActionStatus, Entity
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home import HomeService
from tests.home.brokers import LOGIN, Embedded, Mosquitto, TestBroker, free_port, running
from tests.home.client import client
from tests.home.houses import LAMP, TIMEOUT_S, house, house_with_lamp, lamp, simulated, until

pytestmark = pytest.mark.broker


async def test_announced_named_commanded_confirmed(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        assert home.entity(LAMP) == Entity(LAMP, "Lamp", "light", home.service.view().areas[0].id)
        assert home.service.view().areas[0].name == "Hall"
        result = await home.act(LAMP, "turn_on")
        assert result.status is ActionStatus.CONFIRMED
        assert result.state.value == "on"
        assert result.state.updated_at is not None
        assert home.device.payloads("lamp/set") == ["ON"]


async def test_many_things_are_commanded_at_once(broker: TestBroker) -> None:
    async with house(broker.settings) as home:
        await home.device.connected()

        def sluggish(number: int) -> Callable[[str], Mapping[str, str]]:
            return lambda payload: {f"p{number}/state": payload}

        for number in range(20):
            home.obey(f"p{number}/set", sluggish(number))
            home.announce(
                "switch",
                {
                    "unique_id": f"p{number}",
                    "name": f"Plug {number}",
                    "command_topic": f"p{number}/set",
                    "state_topic": f"p{number}/state",
                },
            )
        await until(lambda: len(home.service.view().entities) == 20)
        actions = [Action(entity.id, "turn_on") for entity in home.service.view().entities]
        before = time.monotonic()
        results = await home.service.act(actions)
        assert time.monotonic() - before < 20 * TIMEOUT_S / 4
    assert [result.action for result in results] == actions
    assert {result.status for result in results} == {ActionStatus.CONFIRMED}


async def test_a_device_that_refuses_is_told_as_failed_with_its_true_state(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        home.device.answer = lambda _: None
        before = time.monotonic()
        result = await home.act(LAMP, "turn_on")
        assert result.status is ActionStatus.FAILED
        assert result.state.value == "off"
        assert TIMEOUT_S * 0.9 < time.monotonic() - before < TIMEOUT_S + 0.5


async def test_a_thing_that_is_so_already_is_confirmed_soon_though_it_reports_nothing_new(broker: TestBroker) -> None:
    async with house(broker.settings) as home:
        await home.device.connected()
        home.announce("light", lamp())
        home.device.link.publish("lamp/state", "ON", retain=True)
        await until(lambda: home.state(LAMP).value == "on")
        before = time.monotonic()
        assert (await home.act(LAMP, "turn_on")).status is ActionStatus.CONFIRMED
        assert time.monotonic() - before < TIMEOUT_S


async def test_a_thing_that_changes_its_mind_is_not_confirmed(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        home.device.answer = lambda _: home.device.link.publish("lamp/state", "OFF")
        home.device.link.publish("lamp/state", "ON")
        await until(lambda: home.state(LAMP).value == "on")
        home.device.link.subscribe(["lamp/set"])
        result = await home.act(LAMP, "turn_on")
        assert (result.status, result.state.value) == (ActionStatus.FAILED, "off")


async def test_a_device_that_reports_nothing_is_assumed(broker: TestBroker) -> None:
    async with house(broker.settings) as home:
        await home.device.connected()
        home.announce("scene", {"unique_id": "s", "name": "Movie Night", "command_topic": "scene/set"})
        home.announce("button", {"unique_id": "b", "name": "Bell", "command_topic": "bell/press"})
        home.announce("switch", {"unique_id": "d", "name": "Deaf", "command_topic": "deaf/set"})
        await until(lambda: len(home.names()) == 3)
        home.device.link.subscribe(["scene/set", "bell/press", "deaf/set"])
        home.announce("scene", {"unique_id": "t", "name": "Subscribed", "command_topic": "scene/set"})
        await until(lambda: len(home.names()) == 4)
        for entity_id, verb in (("scene.movie_night", "turn_on"), ("button.bell", "press"), ("switch.deaf", "turn_on")):
            assert (await home.act(entity_id, verb)).status is ActionStatus.ASSUMED


async def test_what_reports_nothing_is_toggled_from_what_it_was_told_last(broker: TestBroker) -> None:
    async with house(broker.settings) as home:
        await home.device.connected()
        home.device.link.subscribe(["deaf/set"])
        home.announce("switch", {"unique_id": "d", "name": "Deaf", "command_topic": "deaf/set"})
        await until(lambda: len(home.names()) == 1)
        for _ in range(3):
            assert (await home.act("switch.deaf", "toggle")).status is ActionStatus.ASSUMED
        await home.device.until(lambda: len(home.device.payloads("deaf/set")) == 3)
        state = home.state("switch.deaf")
    assert home.device.payloads("deaf/set") == ["ON", "OFF", "ON"]
    assert (state.value, state.attributes["sent"]) == (None, "on"), "that is no state"


async def test_where_the_broker_says_that_nobody_listens_nothing_is_assumed(tmp_path: Path) -> None:
    async with running(Mosquitto(tmp_path)) as broker, house(broker.settings) as home:
        await home.device.connected()
        home.announce("scene", {"unique_id": "s", "name": "Movie Night", "command_topic": "scene/set"})
        await until(lambda: len(home.names()) == 1)
        assert (await home.act("scene.movie_night", "turn_on")).status is ActionStatus.UNAVAILABLE


async def test_a_device_that_is_offline_gets_no_command(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings, availability_topic="lamp/online") as home:
        home.device.link.publish("lamp/online", "online", retain=True)
        await until(lambda: home.state(LAMP).is_available)
        home.device.link.publish("lamp/online", "offline", retain=True)
        await until(lambda: not home.state(LAMP).is_available)
        result = await home.act(LAMP, "turn_on")
        assert result.status is ActionStatus.UNAVAILABLE
        assert home.device.payloads("lamp/set") == []
        home.device.link.publish("lamp/online", "online", retain=True)
        await until(lambda: home.state(LAMP).is_available)
        assert (await home.act(LAMP, "turn_on")).status is ActionStatus.CONFIRMED


async def test_what_a_thing_cannot_do_is_unsupported_and_not_sent(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        for verb, values in (("lock", {}), ("turn_on", {"brightness_pct": 40}), ("turn_on", {"color": "red"})):
            assert (await home.act(LAMP, verb, **values)).status is ActionStatus.UNSUPPORTED
        assert (await home.act("light.nobody", "turn_on")).status is ActionStatus.UNAVAILABLE
        assert home.device.payloads("lamp/set") == []


async def test_a_kept_command_is_never_taken_for_a_state_or_an_order(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        home.device.link.publish("lamp/set", "ON", retain=True)
        await home.device.until(lambda: "ON" in home.device.payloads("lamp/set"))
        home.device.link.publish("lamp/state", "OFF", retain=True)
        await asyncio.sleep(0.1)
        async with house(broker.settings) as late:
            await until(lambda: late.state(LAMP).value == "off")


async def test_a_simulated_home_obeys_no_kept_command(broker: TestBroker) -> None:
    settings = broker.settings.model_copy(update={"mode": "external"})
    async with client(settings, "ghost") as ghost:
        await ghost.connected()
        ghost.link.publish("simulated/kitchen_light/set", '{"state": "ON"}', retain=True)
        async with house(settings) as home, simulated(settings):
            await until(lambda: home.state("light.kitchen_light").value is not None)
            await asyncio.sleep(0.2)
            assert home.state("light.kitchen_light").value == "off"


async def test_after_the_broker_was_killed_everything_works_again(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        await broker.stop()
        await until(lambda: not home.service.status.is_connected)
        before = time.monotonic()
        result = await home.act(LAMP, "turn_on")
        assert result.status is ActionStatus.UNAVAILABLE
        assert time.monotonic() - before < TIMEOUT_S / 2, "nobody waits for a broker that is away"
        assert home.names() == ["Lamp"], "names stay while the broker is away"
        assert not home.state(LAMP).is_available
        await broker.start()
        await home.device.connected()
        await until(lambda: home.service.status.is_connected)
        assert home.device.payloads("lamp/set") == [], "what was said meanwhile is not sent now"
        await until(lambda: home.state(LAMP).is_available)
        assert (await home.act(LAMP, "turn_on")).status is ActionStatus.CONFIRMED


async def test_it_starts_without_a_broker_and_heals_when_one_comes(tmp_path: Path) -> None:
    late = Mosquitto(tmp_path)
    async with house(late.settings) as home:
        await asyncio.sleep(0.05)
        assert home.names() == []
        assert (await home.act(LAMP, "turn_on")).status is ActionStatus.UNAVAILABLE
        async with running(late):
            await home.device.connected()
            home.announce("light", lamp())
            await until(lambda: home.names() == ["Lamp"])


async def test_a_storm_of_kept_configurations_is_taken_while_the_loop_stays_awake(broker: TestBroker) -> None:
    count = 500 if broker.settings.mode == "external" else 150  # our own broker is slow, and not what is judged here
    async with client(broker.settings, "hub") as hub:
        await hub.connected()
        for number in range(count):
            config = {
                "unique_id": f"u{number}",
                "name": f"Sensor {number}",
                "state_topic": f"s/{number}",
                "device": {"identifiers": [f"d{number // 5}"]},
            }
            hub.link.publish(f"homeassistant/sensor/u{number}/config", json.dumps(config), retain=True)
            hub.link.publish(f"s/{number}", str(number), retain=True)
        hub.link.subscribe(["done"])
        hub.link.publish("done", "x")
        await hub.until(lambda: bool(hub.heard))
        async with house(broker.settings) as home:
            longest_s = 0.0
            while home.state(f"sensor.sensor_{count - 1}").value is None:
                before = time.monotonic()
                await asyncio.sleep(0.005)
                longest_s = max(longest_s, time.monotonic() - before)
            assert home.service.status.dropped == 0
            await until(lambda: len(home.names()) == count)
            await until(lambda: all(home.state(f"sensor.sensor_{n}").value == str(n) for n in range(count)))
    if broker.settings.mode == "external":  # our own broker shares the loop
        assert longest_s < 2.0


async def test_names_change_and_go_as_the_devices_say(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        count = len(home.changes)
        topic = home.announce("light", lamp())
        home.announce("light", lamp(device={"identifiers": ["l1"], "name": "Reading Lamp", "suggested_area": "Hall"}))
        await until(lambda: home.names() == ["Reading Lamp"])
        assert len(home.changes) == count + 1, "the same words again are no news"
        assert home.state(LAMP).value == "off", "a new name is no new thing"
        home.device.link.publish(topic, "not json", retain=True)
        home.device.link.publish("homeassistant/light/other/config", json.dumps(lamp(unique_id="o", name="Other")))
        await until(lambda: len(home.names()) == 2)
        assert "Reading Lamp" in home.names(), "rubbish takes nothing away"
        home.device.link.publish(topic, "", retain=True)
        await until(lambda: len(home.names()) == 1)


async def test_our_own_broker_on_a_port_that_is_taken_is_an_error_with_a_fix() -> None:
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(running(Embedded()))
        service = HomeService(other.settings, HomeSettings(), SystemClock(), "test")
        with pytest.raises(BrokerError, match=r"mqtt\.port"):
            await service.run()


async def test_others_learn_that_the_assistant_was_killed(broker: TestBroker) -> None:
    program = (
        "import asyncio, sys\n"
        "from assistant.core.clock import SystemClock\n"
        "from assistant.core.settings import HomeSettings, MqttSettings\n"
        "from assistant.home import HomeService\n"
        "mqtt = MqttSettings(mode='external', port=int(sys.argv[1]))\n"
        "asyncio.run(HomeService(mqtt, HomeSettings(), SystemClock(), 'hub7').run())\n"
    )
    topic = "voicehub/hub7/status"
    async with client(broker.settings, "watcher", topic) as watcher:
        await watcher.connected()
        port = str(broker.settings.port)
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, port)
        try:
            await watcher.until(lambda: watcher.payloads(topic) == ["online"])
        finally:
            process.kill()
            await process.wait()
        await watcher.until(lambda: watcher.payloads(topic) == ["online", "offline"])


async def test_no_password_is_in_what_is_shown_of_the_home(tmp_path: Path) -> None:
    locked = Mosquitto(tmp_path, needs_login=True)
    await locked.write_login()
    async with running(locked), house(locked.settings) as home:
        await until(lambda: home.service.status.is_connected)
        shown = f"{home.service.status!r} {home.service!r} {home.service.status} {locked.settings!r}"
    assert LOGIN[1] not in shown


async def test_without_mqtt_the_home_is_empty_and_quiet() -> None:
    service = HomeService(MqttSettings(mode="off", port=free_port()), HomeSettings(), SystemClock(), "test")
    task = asyncio.create_task(service.run())
    await asyncio.sleep(0.01)
    assert not task.done()
    assert service.view().entities == ()
    assert [each.status for each in await service.act([Action(LAMP, "turn_on")])] == [ActionStatus.UNAVAILABLE]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_from_plan_to_publish_takes_a_few_milliseconds(broker: TestBroker) -> None:
    async with house_with_lamp(broker.settings) as home:
        taken_ms = []
        for number in range(30):
            before = time.perf_counter()
            await home.act(LAMP, "turn_off" if number % 2 else "turn_on")
            taken_ms.append((time.perf_counter() - before) * 1000)
    taken_ms.sort()
    print(f"act and confirmation: median {taken_ms[15]:.1f} ms, slowest {taken_ms[-1]:.1f} ms")
    assert taken_ms[15] < 100
