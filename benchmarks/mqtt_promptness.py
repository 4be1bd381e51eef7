"""From a plan to its message: how long until a device on a real broker has what was decided."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

import skills.home
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.template import check
from assistant.core.clock import SystemClock
from assistant.core.errors import InputError
from assistant.core.settings import HomeSettings, MqttSettings, SkillSettings
from assistant.core.turn import Command, Commands, Outcome, OutcomeStatus, Situation, Source
from assistant.home import HomeService
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.paper import PaperClock, PaperNotebook, PaperSchedule
from benchmarks.mqtt_load import mosquitto_program, running_broker
from benchmarks.report import percentile, rounded

LAMPS, PLANS = 200, 400
_READY_S, _WARM_UP = 60.0, 20


def measure_promptness(plans: int = PLANS, lamps: int = LAMPS) -> dict[str, object]:
    """`plan_to_publish_p50_ms` and `plan_to_publish_p95_ms`: executor, fence, skill, home port, broker, and the device
    has it; `plans_undone` is how many of them it did not confirm."""
    program = mosquitto_program()
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(program, Path(folder), plans, lamps))


async def _measured(program: str, folder: Path, plans: int, lamps: int) -> dict[str, object]:
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(running_broker(program, folder))
        home = HomeService(
            MqttSettings(mode="external", host="127.0.0.1", port=port), HomeSettings(), SystemClock(), "promptness"
        )
        serving = asyncio.create_task(home.run())
        stack.push_async_callback(_ended, serving)
        devices = _Lamps(port, lamps)
        stack.callback(devices.close)
        await _all_there(home, lamps)
        executor = await stack.enter_async_context(_executor(home))
        taken_ms, undone = [], 0
        for number in range(_WARM_UP + plans):
            took_s, outcome = await _one(executor, devices, number)
            if number >= _WARM_UP:
                taken_ms.append(took_s * 1000)
                undone += outcome.status is not OutcomeStatus.DONE
        return {
            "plan_to_publish_p50_ms": rounded(percentile(taken_ms, 50), 2),
            "plan_to_publish_p95_ms": rounded(percentile(taken_ms, 95), 2),
            "plans_undone": undone,
        }


async def _one(executor: Executor, devices: _Lamps, number: int) -> tuple[float, Outcome]:
    lamp, is_on = number % devices.count, number // devices.count % 2 == 0
    command = Command("HassTurnOn" if is_on else "HassTurnOff", {"entity_id": f"light.lamp_{lamp}"})
    outcomes: list[Outcome] = []
    began_s = time.perf_counter()
    await executor.run(Commands((command,)), Situation("en", Source.TYPED), outcomes.append)
    heard_s = devices.heard_s.pop(lamp, None)
    if heard_s is None:
        raise InputError("a lamp never heard its command", why=f"{outcomes}")
    return heard_s - began_s, outcomes[0]


class _Lamps:
    """Lamps on one connection that obey at once, and know when they heard their command."""

    def __init__(self, port: int, count: int) -> None:
        self.count = count
        self.heard_s: dict[int, float] = {}
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.max_queued_messages_set(0)
        self._client.on_message = self._obey
        self._client.connect("127.0.0.1", port)
        self._client.subscribe("lamp/+/set")
        self._client.loop_start()
        for lamp in range(count):
            config = {"name": f"Lamp {lamp}", "unique_id": f"lamp{lamp}", "command_topic": f"lamp/{lamp}/set",
                      "state_topic": f"lamp/{lamp}"}  # fmt: skip
            self._client.publish(f"homeassistant/light/lamp{lamp}/config", json.dumps(config), qos=1, retain=True)
            self._client.publish(f"lamp/{lamp}", "OFF", qos=1, retain=True)

    def _obey(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        lamp = int(message.topic.split("/")[1])
        self.heard_s[lamp] = time.perf_counter()
        self._client.publish(f"lamp/{lamp}", message.payload, qos=0)

    def close(self) -> None:
        """Go."""
        self._client.disconnect()
        self._client.loop_stop()


@asynccontextmanager
async def _executor(home: HomeService) -> AsyncIterator[Executor]:
    """With the bundled home skill behind the fence."""
    clock = PaperClock(SystemClock().now())
    schedule, notebook = PaperSchedule(clock), PaperNotebook()
    parts = ContextParts(clock, ZoneInfo("UTC"), schedule, lambda _: notebook, check, schedule.calendar)
    host = SkillHost(SkillSettings(), False, None, parts)
    await host.reload(Path(skills.home.__file__).parent)
    try:
        yield Executor(host, Fence(home))
    finally:
        await host.stop()


async def _all_there(home: HomeService, count: int) -> None:
    try:
        async with asyncio.timeout(_READY_S):
            while sum(home.state(each.id).value == "off" for each in home.view().entities) < count:  # noqa: ASYNC110  a view tells nobody that it grew
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise InputError(f"not all of {count} lamps were announced in {_READY_S:.0f} s") from error


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
