"""What every command shares: consoles, exit codes, and the border where errors become words."""

from __future__ import annotations

import asyncio
import codecs
import io
import json
import os
import sys
from collections.abc import Coroutine
from enum import IntEnum
from typing import Any, TypeVar

from rich.console import Console

from assistant.core.errors import AlreadyRunning, AssistantError, ConfigError
from assistant.daemon.config import Config, load_config
from assistant.daemon.logs import set_up_logging

T = TypeVar("T")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    """Wrong arguments, or a configuration that can't be used."""
    ALREADY_RUNNING = 3
    INTERRUPTED = 130


def exit_code(error: AssistantError) -> Exit:
    """The exit code that stands for an error."""
    match error:
        case ConfigError():
            return Exit.USAGE
        case AlreadyRunning():
            return Exit.ALREADY_RUNNING
        case _:
            return Exit.FAILED


def current_config() -> Config:
    """The configuration in force. Raises ConfigError."""
    return load_config(os.environ)


def speak_utf8() -> None:
    """Without a locale Python would give up at the first word that isn't ASCII; every terminal of today takes UTF-8."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name == "ascii":
            stream.reconfigure(encoding="utf-8", errors="replace")


def arguments() -> list[str]:
    """The command line's words; bytes that the locale could not read are read as UTF-8."""
    return [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]


def quiet_config() -> Config:
    """The configuration, for a command that does one thing: only errors are logged beside its answer."""
    config = current_config()
    daemon = config.settings.daemon
    quiet = daemon if daemon.log_level == "debug" else daemon.model_copy(update={"log_level": "error"})
    set_up_logging(quiet)
    return config


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a fresh loop."""
    return asyncio.run(work)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_error(error: AssistantError) -> None:
    """What happened, why, and the fix, on standard error."""
    err.print(f"[bold red]✗[/] {_escaped(error.what)}")
    if error.why:
        err.print(f"  why: {_escaped(error.why)}")
    if error.fix:
        err.print(f"  fix: {_escaped(error.fix)}")


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
