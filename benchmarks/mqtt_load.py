"""A large home on a real broker: whether every message is heard, and what hearing them costs."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from time import monotonic, process_time, sleep

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from assistant.core.clock import SystemClock
from assistant.core.errors import InputError
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home import HomeService
from benchmarks.report import rounded

ENTITIES, RATE_HZ, SECONDS = 5_000, 500, 60
_READY_S, _REST_S = 120.0, 5.0
_PREFIX = "load"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the home is, how much it says a second, and for how long."""

    entities: int = ENTITIES
    rate_hz: int = RATE_HZ
    seconds: int = SECONDS


def measure_load(size: Size) -> dict[str, object]:
    """`load_lost` messages, `load_cpu_percent` of one core, and `load_rss_mb` over an empty home."""
    mosquitto = mosquitto_program()
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(mosquitto, Path(folder), size))


def mosquitto_program() -> str:
    """Where mosquitto is. Raises InputError where it isn't."""
    mosquitto = which("mosquitto") or which("mosquitto", path="/usr/sbin")
    if mosquitto is None:
        raise InputError("a real broker is needed, and there is none", fix="install mosquitto, or leave out --load")
    return mosquitto


async def _measured(mosquitto: str, folder: Path, size: Size) -> dict[str, object]:
    async with running_broker(mosquitto, folder) as port:
        settings = MqttSettings(mode="external", host="127.0.0.1", port=port)
        home = HomeService(settings, HomeSettings(), SystemClock(), "load")
        serving = asyncio.create_task(home.run())
        base_mb = _rss_mb()
        devices = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.mqtt_load", json.dumps([port, size.entities, size.rate_hz, size.seconds]),
            stdin=subprocess.PIPE,
        )  # fmt: skip
        try:
            await _all_announced(home, size.entities)
            before, spent_s, began_s = home.status.received, process_time(), monotonic()
            assert devices.stdin is not None
            devices.stdin.close()
            await devices.wait()
            await asyncio.sleep(_REST_S)
            lasted_s = monotonic() - began_s
            heard = home.status.received - before
            return {
                "load_lost": size.rate_hz * size.seconds - heard + home.status.dropped + _wrong(home, size),
                "load_cpu_percent": rounded((process_time() - spent_s) / lasted_s * 100, 1),
                "load_rss_mb": rounded(_rss_mb() - base_mb, 1),
                "load_entities": len(home.view().entities),
                "load_heard": heard,
            }
        finally:
            if devices.returncode is None:
                devices.kill()
                await devices.wait()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def running_broker(mosquitto: str, folder: Path) -> AsyncIterator[int]:
    """A mosquitto on a free port, whose files lie in `folder`; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n", encoding="utf-8")
    broker = await asyncio.create_subprocess_exec(mosquitto, "-c", str(config), stderr=subprocess.DEVNULL)
    try:
        await _listening(port)
        yield port
    finally:
        broker.terminate()
        await broker.wait()


async def _listening(port: int) -> None:
    try:
        async with asyncio.timeout(_REST_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                await writer.wait_closed()
                return
    except TimeoutError as error:
        raise InputError("mosquitto does not listen", why=f"port {port} stayed closed for {_REST_S:.0f} s") from error


async def _all_announced(home: HomeService, count: int) -> None:
    try:
        async with asyncio.timeout(_READY_S):
            while len(home.view().entities) < count:  # noqa: ASYNC110  a view tells nobody that it grew
                await asyncio.sleep(0.2)
            await asyncio.sleep(_REST_S)
    except TimeoutError as error:
        found = len(home.view().entities)
        raise InputError(f"only {found} of {count} entities were announced in {_READY_S:.0f} s") from error


def _wrong(home: HomeService, size: Size) -> int:
    """Entities whose last state is not what was said last."""
    last = {number % size.entities: number for number in range(size.rate_hz * size.seconds)}
    said = {f"Meter {entity}": str(number) for entity, number in last.items()}
    return sum(
        said.get(each.name, home.state(each.id).value) != home.state(each.id).value for each in home.view().entities
    )


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


# ── the devices, in a process of their own ───────────────────────────────────────────────────────


def speak(port: int, size: Size) -> None:
    """Announce all entities; when the input ends, say so many states a second."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for entity in range(size.entities):
        config = {
            "name": f"Meter {entity}",
            "unique_id": f"meter{entity}",
            "state_topic": f"{_PREFIX}/{entity}",
            "value_template": "{{ value_json.power }}",
            "device": {"identifiers": [f"device{entity // 5}"]},
        }
        client.publish(f"homeassistant/sensor/meter{entity}/config", json.dumps(config), qos=1, retain=True)
    sys.stdin.read()
    began_s = monotonic()
    for number in range(size.rate_hz * size.seconds):
        if number % 10 == 0:
            wait_s = began_s + number / size.rate_hz - monotonic()
            sleep(max(0.0, wait_s))
        told = client.publish(f"{_PREFIX}/{number % size.entities}", json.dumps({"power": number}), qos=1)
    told.wait_for_publish(30)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    _port, *_size = json.loads(sys.argv[1])
    speak(_port, Size(*_size))
