"""What the doctor says of the PIN: whether it is needed, set, readable for others, soon guessed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from assistant.acting.pin import MIN_LENGTH, matches
from assistant.core.errors import ConfigError
from assistant.daemon.config import Config
from assistant.daemon.doctor import Finding, Grade, good, of_error
from assistant.daemon.fencing import pin_file

PART = "PIN"
SET = "set one: assistant home pin"
CREDENTIALS = Path("/run/credentials")
GUESSED_FIRST = ("1234", "0000", "1111", "2580", "1212", "4321", "2222", "7777", "9999", "123456", "12345", "000000")
"""What people choose most, and a thief tries first."""
_MAX_BYTES = 1024
_OTHERS = 0o077


def pin_findings(config: Config) -> Iterator[Finding]:
    """One line where all is well, else one per fault."""
    file, needed = pin_file(config), config.settings.safety.pin
    try:
        with file.open("rb") as opened:
            mode, text = os.fstat(opened.fileno()).st_mode, opened.read(_MAX_BYTES).decode("ascii", "replace").strip()
    except FileNotFoundError:
        yield from _unset(file, needed)
        return
    except OSError as error:
        fix = f"let the assistant's user read it: chown assistant {file}"
        yield Finding(PART, Grade.FAULT, f"{file} can't be read: {error.strerror}", fix)
        return
    if not text:
        yield from _unset(file, needed)
        return
    try:
        is_weak = any(matches(text, guess) for guess in GUESSED_FIRST)
    except ConfigError as error:
        yield of_error(PART, error)
        return
    yield from _set(file, mode, text, needed, is_weak=is_weak)


def _unset(file: Path, needed: tuple[str, ...]) -> Iterator[Finding]:
    if needed:
        text = f"{', '.join(needed)} needs the PIN (safety.pin), and there is none in {file}: those are always refused"
        yield Finding(PART, Grade.FAULT, text, SET)
    else:
        yield good(PART, "none is set, and nothing needs one (safety.pin)")


def _set(file: Path, mode: int, text: str, needed: tuple[str, ...], *, is_weak: bool) -> Iterator[Finding]:
    faults = []
    if mode & _OTHERS:
        faults.append(Finding(PART, Grade.FAULT, f"others can read {file}", f"chmod 600 {file}"))
    if text.isdigit() and not file.is_relative_to(CREDENTIALS):
        faults.append(Finding(PART, Grade.NOTE, f"{file} holds the digits themselves", f"keep a hash; {SET}"))
    if is_weak or (text.isdigit() and len(text) < MIN_LENGTH):
        faults.append(Finding(PART, Grade.NOTE, "it is one of those that are guessed first", f"choose another; {SET}"))
    yield from faults or [good(PART, f"set, in {file}, for {', '.join(needed) or 'nothing (safety.pin is empty)'}")]
