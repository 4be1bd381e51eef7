"""Run a blocking call of the sound system in a thread of its own, with a time limit, without leaking what it opens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from assistant.core.errors import AudioError

T = TypeVar("T")


class _Errand(Generic[T]):
    """One call: either its caller still waits when it ends, or the result is undone."""

    def __init__(self, call: Callable[[], T], undo: Callable[[T], None]) -> None:
        self._call = call
        self._undo = undo
        self._lock = threading.Lock()
        self._is_abandoned = False
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self._loop.create_future()

    def run(self) -> None:
        try:
            result = self._call()
        except AudioError as error:
            self._post(self._fail, error)
            return
        with self._lock:
            is_abandoned = self._is_abandoned
            if not is_abandoned:
                self._loop.call_soon_threadsafe(self._succeed, result)
        if is_abandoned:
            self._undo(result)

    def abandon(self) -> None:
        with self._lock:
            self._is_abandoned = True

    def _post(self, settle: Callable[[AudioError], None], error: AudioError) -> None:
        with self._lock:
            if not self._is_abandoned:
                self._loop.call_soon_threadsafe(settle, error)

    def _succeed(self, result: T) -> None:
        if self.future.done():
            threading.Thread(target=self._undo, args=(result,), name="audio-undo", daemon=True).start()
        else:
            self.future.set_result(result)

    def _fail(self, error: AudioError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


def _nothing(_: object) -> None:
    """Nothing to undo."""


async def off_loop(name: str, call: Callable[[], T], limit_s: float, undo: Callable[[T], None] = _nothing) -> T:
    """Run `call`, which may raise AudioError only, in a daemon thread.

    Raises AudioError when it takes longer than `limit_s`; whatever it gives after that goes to `undo`.
    """
    errand = _Errand(call, undo)
    threading.Thread(target=errand.run, name=name, daemon=True).start()
    try:
        async with asyncio.timeout(limit_s):
            return await errand.future
    except TimeoutError as error:
        raise AudioError(
            "the sound system does not answer",
            why=f"{name} took more than {limit_s:.0f} seconds",
            fix="restart the sound server",
            may_retry=True,
        ) from error
    finally:
        errand.abandon()
