"""Structured logging: human lines on a terminal, JSON under systemd; what was said is redacted by default."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import TextIO

from assistant.core.settings import DaemonSettings

PRIVATE_FIELDS = frozenset({"words", "names", "payload"})
"""Fields that may hold what people said, named or own."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NOISY = {
    "apscheduler": logging.WARNING,
    "amqtt": logging.CRITICAL,
    "transitions": logging.WARNING,
    "asyncio": logging.WARNING,
    "watchfiles": logging.WARNING,
    "faster_whisper": logging.WARNING,
    "urllib3": logging.WARNING,
    # its messages hold whole answers of the server; we tell in our own words what went wrong
    "caldav": logging.CRITICAL,
}


def fields_of(record: logging.LogRecord, *, shows_words: bool) -> dict[str, object]:
    """The record's extra fields; private ones only say how long they were unless `shows_words`."""
    fields: dict[str, object] = {}
    for name, value in vars(record).items():
        if name in _STANDARD:
            continue
        if name in PRIVATE_FIELDS and not shows_words:
            value = f"<{len(str(value))} characters>"
        fields[name] = value
    return fields


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, *, shows_words: bool) -> None:
        super().__init__()
        self._shows_words = shows_words

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        data: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name.removeprefix("assistant."),
            "message": record.getMessage(),
            **fields_of(record, shows_words=self._shows_words),
        }
        if record.exc_info:
            data["traceback"] = self.formatException(record.exc_info)
        return json.dumps(data, ensure_ascii=False, default=str)


class HumanFormatter(logging.Formatter):
    """Time, level, part, message and fields on one line."""

    def __init__(self, *, shows_words: bool) -> None:
        super().__init__()
        self._shows_words = shows_words

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S.%f")[:-3]
        fields = " ".join(f"{k}={v}" for k, v in fields_of(record, shows_words=self._shows_words).items())
        part = record.name.removeprefix("assistant.")
        line = f"{at} {record.levelname.lower():7} {part}: {record.getMessage()} {fields}".rstrip()
        return line + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


def set_up_logging(settings: DaemonSettings, stream: TextIO | None = None) -> None:
    """Replace the root handlers by one on `stream` (standard error)."""
    out = stream or sys.stderr
    is_human = settings.log_format == "human" or (settings.log_format == "auto" and out.isatty())
    formatter = HumanFormatter if is_human else JsonFormatter
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter(shows_words=settings.log_words))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    logging.captureWarnings(True)
    for name, level in _NOISY.items():
        logging.getLogger(name).setLevel(level)


def own_stderr() -> TextIO:
    """Standard error under a number of its own: the sound library points number 2 elsewhere while it looks for devices,
    and lines that other threads wrote meanwhile would be lost."""
    try:
        number = os.dup(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # no real file, as in a test or behind pythonw
        return sys.stderr
    return os.fdopen(number, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")
