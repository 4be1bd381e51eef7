"""Prometheus metrics and a health page on loopback, only when a port is configured."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

from assistant.core.errors import ConfigError
from assistant.core.turn import Stage, Turn
from assistant.daemon.supervise import Health

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
_STEPS = (
    (Stage.SPEECH_END, Stage.ENDPOINT),
    (Stage.ENDPOINT, Stage.TRANSCRIPT),
    (Stage.TRANSCRIPT, Stage.PLAN),
    (Stage.PLAN, Stage.ACTED),
    (Stage.REPLY, Stage.FIRST_SOUND),
)


class Metrics:
    """What is counted; cheap enough to be always on."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter("assistant_turns", "Turns by outcome.", ["status"], registry=self.registry)
        self._stages = Histogram(
            "assistant_stage_seconds", "Seconds per stage.", ["stage"], buckets=BUCKETS_S, registry=self.registry
        )
        self._up = Gauge("assistant_part_up", "1 while the part runs.", ["part"], registry=self.registry)
        self._restarts = Gauge("assistant_part_restarts", "Restarts of the part.", ["part"], registry=self.registry)
        self._counts = Gauge("assistant_count", "Counters of parts.", ["name"], registry=self.registry)

    def note_turn(self, turn: Turn) -> None:
        """Count one finished turn."""
        statuses = [outcome.status.value for outcome in turn.outcomes] or ["nothing"]
        for status in statuses:
            self._turns.labels(status).inc()
        for begin, end in _STEPS:
            if begin not in turn.stages or end not in turn.stages:
                continue
            seconds = turn.stages[end] - turn.stages[begin]
            if seconds >= 0:  # an answer that is spoken while it is made sounds before it is complete
                self._stages.labels(end.value).observe(seconds)

    def note_health(self, health: Health) -> None:
        """Take over the state of all parts."""
        for part in health.parts.values():
            self._up.labels(part.name).set(part.is_up)
            self._restarts.labels(part.name).set(part.restarts)

    def note_count(self, name: str, value: float) -> None:
        """Take over a part's own counter (frames dropped, messages dropped, …)."""
        self._counts.labels(name).set(value)


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Requests are not logged."""


class MetricsServer:
    """Serves /metrics and /health on 127.0.0.1 from a thread of its own."""

    def __init__(self, port: int, metrics: Metrics, health: Health, refresh: Callable[[], None]) -> None:
        pages = make_wsgi_app(metrics.registry)

        def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            refresh()
            if environ.get("PATH_INFO") != "/health":
                return cast(Iterable[bytes], pages(environ, start_response))
            parts = {part.name: part.is_up for part in health.parts.values()}
            is_well = all(parts.values())
            start_response("200 OK" if is_well else "503 Service Unavailable", [("Content-Type", "application/json")])
            return [json.dumps({"ok": is_well, "parts": parts}).encode()]

        try:
            self._server = make_server("127.0.0.1", port, app, WSGIServer, _QuietHandler)
        except OSError as error:
            raise ConfigError(
                f"the metrics port {port} can't be opened",
                why=error.strerror or str(error),
                fix="set daemon.metrics_port to a free port, or to 0",
            ) from error
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
