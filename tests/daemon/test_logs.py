"""Logs: what was said is redacted unless asked for; JSON lines hold every field."""

import io
import json
import logging
import subprocess
import sys
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


def test_lines_go_out_while_the_sound_library_has_standard_error_elsewhere() -> None:
    program = (
        "import logging, os\n"
        "from assistant.core.settings import DaemonSettings\n"
        "from assistant.daemon.logs import own_stderr, set_up_logging\n"
        "set_up_logging(DaemonSettings(), own_stderr())\n"
        "os.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n"
        "logging.getLogger('assistant.daemon').info('ready')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert '"message": "ready"' in done.stderr
