"""What tests of several rooms share: a sound server, folders of models and recordings, a free port."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.audio.portaudio import PORTAUDIO
from tests.support.pulse import Pulse, is_installed, running_pulse

_LONG_MARKS = ("audio", "process", "slow", "broker")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole files that take long come first, so that no worker is left alone with one of them at the end."""
    long = {item.path for item in items if any(item.get_closest_marker(mark) for mark in _LONG_MARKS)}
    items.sort(key=lambda item: ("e2e" not in item.path.parts, item.path not in long))


@pytest.fixture(scope="session")
def pulse() -> Iterator[Pulse]:
    """A private PulseAudio that this process's default devices lead to. Sound comes and goes for real, in real time."""
    if not is_installed():
        pytest.skip("PulseAudio is not installed (apt install pulseaudio pulseaudio-utils libasound2-plugins)")
    with running_pulse() as server:
        PORTAUDIO.refresh()
        yield server


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the models, as `make setup` fills it; it may be empty."""
    default = Path.home() / ".local/share/assistant/models"
    return Path(os.environ.get("ASSISTANT_MODELS_DIR", default))


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with recordings and labelled data; skips where there is none."""
    folder = Path(os.environ.get("ASSISTANT_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip("no folder with shared data (set ASSISTANT_SHARED)")
    return folder


@pytest.fixture
def free_port() -> int:
    """A TCP port on loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
