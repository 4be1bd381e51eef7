"""Builds the fence around the home: the PIN's file, the log of actions, the limits."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from assistant.acting.pin import PinLock, hashed
from assistant.acting.policy import Fence
from assistant.core.clock import Clock
from assistant.core.errors import StoreError
from assistant.core.ports import HomePort
from assistant.daemon.config import Config
from assistant.home.actionlog import ActionLogFile

_LOGGER = logging.getLogger(__name__)
_MAX_BYTES = 1024
_OTHERS = 0o077


def action_log_file(config: Config) -> Path:
    """Where it is written what was done to the home."""
    return config.paths.data_dir / "actions.jsonl"


def pin_file(config: Config) -> Path:
    """Where the PIN lies."""
    return config.settings.safety.pin_file or config.paths.data_dir / "pin"


def stored_pin(config: Config) -> str:
    """The PIN's hash, or the PIN itself, as it stands in its file; empty where there is none."""
    file = pin_file(config)
    try:
        with file.open("rb") as opened:
            is_open = bool(os.fstat(opened.fileno()).st_mode & _OTHERS)
            text = opened.read(_MAX_BYTES).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        _LOGGER.error("the PIN's file can't be read", extra={"file": str(file), "error": error.strerror})
        return ""
    if is_open:
        _LOGGER.warning("others can read the PIN's file; close it to them (chmod 600)", extra={"file": str(file)})
    return text


def keep_pin(config: Config, pin: str) -> Path:
    """Store a new PIN's hash; gives its file. Raises InputError for what is no PIN, StoreError."""
    file, text = pin_file(config), hashed(pin)
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
            opened.write(text + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    except OSError as error:
        raise StoreError(
            f"the PIN can't be stored in {file}",
            why=error.strerror or str(error),
            fix="let the assistant's user write there, or set safety.pin_file",
        ) from error
    return file


def fence_for(config: Config, home: HomePort, clock: Clock) -> tuple[Fence, ActionLogFile]:
    """The fence, and the log that has to run beside it."""
    safety = config.settings.safety
    log = ActionLogFile(action_log_file(config))
    pin = PinLock(lambda: stored_pin(config), clock, safety.pin_tries, safety.pin_pause_min)
    return Fence(home, safety, clock, log, pin), log
