"""How long `assistant run` takes from its start as a process until it says that it is ready to listen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.core.errors import AssistantError
from benchmarks.models import store

_LIMIT_S = 60.0
_END_S = 15.0
_START = "from assistant.cli.main import main; main()"


def cold_start_s(engine: str, language: str) -> float:
    """Seconds until the daemon tells its supervisor that it is ready. Raises AssistantError when it can't listen."""
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        folder = Path(name)
        supervisor.bind(str(folder / "notify"))
        began_s = time.monotonic()
        daemon = subprocess.Popen(
            [sys.executable, "-c", _START, "run", "--simulate"],
            env={**os.environ, **_environment(folder, engine, language)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            status = _until_ready(supervisor, began_s + _LIMIT_S)
            took_s = time.monotonic() - began_s
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(_END_S)
    # a machine without a microphone has loaded as much, and waits for one
    if not status or status.startswith("can't hear"):
        raise AssistantError("the assistant started and can't hear", why=status)
    return took_s


def _environment(folder: Path, engine: str, language: str) -> dict[str, str]:
    return {
        "NOTIFY_SOCKET": str(folder / "notify"),
        "ASSISTANT_CONFIG": str(folder / "none.toml"),
        "ASSISTANT_DATA_DIR": str(folder / "data"),
        "ASSISTANT_MODELS_DIR": str(store().models_dir),
        "ASSISTANT_LANGUAGE": language,
        "ASSISTANT_RECOGNISER_ENGINE": engine,
        "ASSISTANT_MQTT_PORT": str(_free_port()),
    }


def _until_ready(supervisor: socket.socket, limit_s: float) -> str:
    """The status that comes with READY=1."""
    while (left_s := limit_s - time.monotonic()) > 0:
        supervisor.settimeout(left_s)
        try:
            lines = supervisor.recv(4096).decode().splitlines()
        except TimeoutError:
            break
        if "READY=1" in lines:
            return next((line.partition("=")[2] for line in lines if line.startswith("STATUS=")), "")
    raise AssistantError(f"the assistant was not ready within {_LIMIT_S:g} s", fix="run `assistant run` and look")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
