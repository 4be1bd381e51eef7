"""A daemon that thinks: its start waits for no model, its memory has a bound, and its end cuts a thought off."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, installed, wait_until

pytestmark = [pytest.mark.process, pytest.mark.models]
MODEL = "smollm2-135m"
RSS_LIMIT_MB = 600
END_LIMIT_S = 2.0


@pytest.fixture(scope="module")
def daemon(models_dir: Path) -> Iterator[Daemon]:
    if not (models_dir / MODEL).is_dir():
        pytest.skip(f"{MODEL} is not installed (run: make setup)")
    with installed(models_dir, LLM_MODEL=MODEL, LLM_PLANNER="true", LLM_CHAT="true") as daemon:
        yield daemon.start("--simulate")


def test_it_answers_in_free_words_within_its_memory(daemon: Daemon) -> None:
    assert not daemon.logged("language model loaded")  # ready before that
    daemon.wait_logged("language model loaded", limit_s=60)
    for text in ("what is an apple", "tell me about the moon", "make it a little cosier in here"):
        assert daemon.ask(text)
    assert daemon.rss_mb() < RSS_LIMIT_MB


def test_its_end_cuts_a_thought_off(daemon: Daemon) -> None:
    with daemon.connected() as client:
        client.sendall(b'{"command": "ask", "text": "tell me a long story about a lighthouse"}\n')
        client.settimeout(0.3)
        with pytest.raises(socket.timeout):
            client.recv(1)  # it thinks
        assert daemon.terminate() < END_LIMIT_S
    assert daemon.process.returncode == 0
    assert wait_until("the end", lambda: daemon.logged("ended"), 2)
