"""Metrics count turns, stages and parts; the pages are served on loopback."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from prometheus_client import generate_latest

from assistant.core.errors import ConfigError
from assistant.core.turn import Outcome, Situation, Source, Stage, Transcript, Turn, TurnId
from assistant.daemon.metrics import Metrics, MetricsServer
from assistant.daemon.supervise import Health


def turn(*outcomes: Outcome, **stages: float) -> Turn:
    made = Turn(
        TurnId("t"),
        datetime(2026, 1, 5, tzinfo=UTC),
        Situation("en", Source.TYPED),
        Transcript("hello", "en", "typed"),
        outcomes=outcomes,
    )
    made.stages.update({Stage(name): at_s for name, at_s in stages.items()})
    return made


@contextmanager
def served(metrics: Metrics, health: Health, port: int = 0) -> Iterator[MetricsServer]:
    server = MetricsServer(port, metrics, health, lambda: metrics.note_health(health))
    try:
        yield server
    finally:
        server.close()


def page(server: MetricsServer, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def text_of(metrics: Metrics) -> str:
    return generate_latest(metrics.registry).decode()


def test_turns_are_counted_by_outcome() -> None:
    metrics = Metrics()
    metrics.note_turn(turn(Outcome.done("on"), Outcome.failed("off")))
    metrics.note_turn(turn(Outcome.done("on")))
    metrics.note_turn(turn())
    text = text_of(metrics)
    assert 'assistant_turns_total{status="done"} 2.0' in text
    assert 'assistant_turns_total{status="failed"} 1.0' in text
    assert 'assistant_turns_total{status="nothing"} 1.0' in text


def test_stages_that_happened_are_measured_and_others_are_not() -> None:
    metrics = Metrics()
    metrics.note_turn(turn(transcript=10.0, plan=10.03, reply=10.2))
    text = text_of(metrics)
    assert 'assistant_stage_seconds_bucket{le="0.025",stage="plan"} 0.0' in text
    assert 'assistant_stage_seconds_bucket{le="0.05",stage="plan"} 1.0' in text
    assert 'stage="acted"' not in text
    assert 'stage="first_sound"' not in text


def test_parts_and_counters_are_taken_over() -> None:
    metrics, health = Metrics(), Health()
    health.part("home").restarts = 3
    metrics.note_health(health)
    metrics.note_count("frames", 7)
    text = text_of(metrics)
    assert 'assistant_part_up{part="home"} 0.0' in text
    assert 'assistant_part_restarts{part="home"} 3.0' in text
    assert 'assistant_count{name="frames"} 7.0' in text


def test_the_page_is_fresh_at_each_request() -> None:
    metrics, health = Metrics(), Health()
    with served(metrics, health) as server:
        health.part("home").is_up = True
        assert 'assistant_part_up{part="home"} 1.0' in page(server, "/metrics")
        health.part("home").is_up = False
        assert 'assistant_part_up{part="home"} 0.0' in page(server, "/metrics")


def test_health_is_503_while_a_part_is_down() -> None:
    health = Health()
    with served(Metrics(), health) as server:
        health.part("home").is_up = True
        assert json.loads(page(server, "/health")) == {"ok": True, "parts": {"home": True}}
        health.part("home").is_up = False
        with pytest.raises(urllib.error.HTTPError) as caught:
            page(server, "/health")
        with caught.value as answer:
            assert answer.code == 503
            assert json.load(answer)["parts"] == {"home": False}


def test_only_this_machine_can_ask() -> None:
    with served(Metrics(), Health()) as server, socket.socket() as probe:
        probe.bind(("127.0.0.2", server.port))


def test_a_taken_port_is_told_with_the_fix() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError, match=r"daemon\.metrics_port"):
        MetricsServer(taken.getsockname()[1], Metrics(), Health(), lambda: None)
