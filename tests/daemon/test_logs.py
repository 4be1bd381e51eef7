"""Logs: what was said is redacted unless asked for; JSON lines hold every field."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from assistant.core.settings import DaemonSettings
from assistant.daemon.logs import set_up_logging


@pytest.fixture(autouse=True)
def restored_root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def logged(settings: DaemonSettings) -> str:
    out = io.StringIO()
    set_up_logging(settings, out)
    logging.getLogger("assistant.acting").info("turn done", extra={"turn": "t1", "words": "call mom", "ms": 12})
    return out.getvalue()


def test_words_are_redacted_by_default() -> None:
    line = json.loads(logged(DaemonSettings()))
    assert line["words"] == "<8 characters>"
    assert (line["turn"], line["ms"], line["part"], line["message"]) == ("t1", 12, "acting", "turn done")


def test_words_are_logged_when_asked_for() -> None:
    assert json.loads(logged(DaemonSettings(log_words=True)))["words"] == "call mom"


def test_human_lines_hold_the_same_fields() -> None:
    line = logged(DaemonSettings(log_format="human"))
    assert "info" in line
    assert "turn=t1" in line
    assert "call mom" not in line


def test_a_traceback_stays_on_the_json_line() -> None:
    out = io.StringIO()
    set_up_logging(DaemonSettings(), out)
    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("assistant.x").exception("failed")
    assert "ValueError: boom" in json.loads(out.getvalue())["traceback"]
