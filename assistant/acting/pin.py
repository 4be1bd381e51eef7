"""The PIN: kept as a salted hash, compared in constant time, and not taken for a while after some wrong ones."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from enum import StrEnum

from assistant.core.clock import Clock, SystemClock
from assistant.core.errors import ConfigError, InputError

MIN_LENGTH, MAX_LENGTH = 4, 12
_SCHEME = "scrypt"
_COST, _BLOCK, _LANES = 2**14, 8, 1
"""16 MiB and some 50 ms: a guess costs something, a weak board still bears it."""
_SALT_BYTES = 16


class Verdict(StrEnum):
    """What became of a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    PAUSED = "paused"
    """Not looked at: there were too many wrong ones."""


class PinLock:
    """Knows whether a PIN is right; `read` gives what is stored, which is a hash or the PIN itself, or nothing."""

    def __init__(
        self, read: Callable[[], str], clock: Clock | None = None, tries: int = 3, pause_min: float = 5.0
    ) -> None:
        self._read = read
        self._clock = clock or SystemClock()
        self._tries = tries
        self._pause_s = pause_min * 60
        self._wrong = 0
        self._paused_until_s: float | None = None

    def is_set(self) -> bool:
        """True when there is a PIN."""
        return bool(self._read())

    async def check(self, pin: str) -> Verdict:
        """Look at a PIN; a wrong one counts. Raises ConfigError when what is stored can't be read."""
        now_s = self._clock.monotonic()
        if self._paused_until_s is not None and now_s < self._paused_until_s:
            return Verdict.PAUSED
        self._paused_until_s = None
        # counted before it is known, so that many at once are no way around the limit
        self._wrong += 1
        is_last = self._wrong >= self._tries
        if is_last:
            self._paused_until_s = now_s + self._pause_s
        if await asyncio.to_thread(matches, self._read(), pin):
            self._wrong, self._paused_until_s = 0, None
            return Verdict.RIGHT
        if is_last:
            self._wrong = 0
        return Verdict.WRONG


NO_PIN = PinLock(lambda: "")
"""No PIN is set."""


def hashed(pin: str) -> str:
    """A PIN as it is stored. Raises InputError for what is none."""
    if not (pin.isascii() and pin.isdigit() and MIN_LENGTH <= len(pin) <= MAX_LENGTH):
        raise InputError("that is no PIN", fix=f"take {MIN_LENGTH} to {MAX_LENGTH} digits")
    salt = os.urandom(_SALT_BYTES)
    return f"{_SCHEME}:{_text(salt)}:{_text(_derived(pin, salt))}"


def matches(stored: str, pin: str) -> bool:
    """True for the right PIN. Raises ConfigError when what is stored is neither a hash nor a PIN."""
    if not stored or not pin:
        return False
    if not stored.startswith(_SCHEME + ":"):
        if not (stored.isascii() and stored.isdigit()):
            raise _unreadable("it holds neither digits nor a hash")
        return hmac.compare_digest(stored, pin)
    try:
        salt, wanted = (base64.b64decode(part, validate=True) for part in stored.split(":")[1:])
    except (binascii.Error, ValueError) as error:
        raise _unreadable("its hash is damaged") from error
    return hmac.compare_digest(wanted, _derived(pin, salt))


def _derived(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unreadable(why: str) -> ConfigError:
    return ConfigError("the stored PIN can't be read", why=why, fix="set it again: assistant home pin")
