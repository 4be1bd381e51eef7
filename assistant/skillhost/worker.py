"""A thread with an event loop of its own, for one user's skill: what blocks there blocks nobody else.

The seam for a process per skill: a process would take this class's place, with pipes where `Bridge` hands over.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from assistant.core.errors import SkillError

T = TypeVar("T")

GRACE_S = 0.2
"""A worker that doesn't answer for so long after its time is up counts as stuck."""

_LOGGER = logging.getLogger(__name__)


class SkillCut(BaseException):
    """Thrown into a worker's thread to end a loop that never yields."""


class SkillStuck(SkillError):
    """The skill still hangs in an earlier call."""

    code = "skill_stuck"


class Worker:
    """Runs coroutines of one skill on its own thread, and gives up on them when their time is over."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._note)
        self._probe: concurrent.futures.Future[None] | None = None
        self._is_closing = False
        self._thread = threading.Thread(target=self._main, name=f"skill-{name}", daemon=True)
        self._thread.start()

    @property
    def is_stuck(self) -> bool:
        """True while an earlier call still holds the thread; ends by itself when that call ends."""
        return self._probe is not None and not self._probe.done()

    async def call(self, make: Callable[[], Coroutine[Any, Any, T]], timeout_s: float) -> T:
        """Run `make()` on the worker. Raises TimeoutError when time is up, SkillStuck while an earlier call hangs."""
        if self.is_stuck:
            raise SkillStuck(f"the skill {self._name} still hangs in an earlier call")
        if self._is_closing:
            raise SkillError(f"the skill {self._name} is being unloaded")
        future = asyncio.run_coroutine_threadsafe(_kept_inside(make), self._loop)
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if not self._is_closing:
                await self._free()
            raise

    async def close(self) -> None:
        """End the thread; one that hangs is left behind, it can do no more than use a core."""
        self._is_closing = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self.is_stuck:
            self._cut()
        await asyncio.to_thread(self._thread.join, GRACE_S)
        if self._thread.is_alive():
            _LOGGER.warning("a skill's thread could not be ended", extra={"skill": self._name})

    async def _free(self) -> None:
        """After a time-out: see whether the thread answers, and cut what it does if not."""
        self._probe = concurrent.futures.Future()
        self._loop.call_soon_threadsafe(self._probe.set_result, None)
        if await self._answers():
            return
        self._cut()
        if not await self._answers():
            _LOGGER.error("a skill hangs and can't be cut", extra={"skill": self._name})

    async def _answers(self) -> bool:
        assert self._probe is not None
        done, _ = await asyncio.wait([asyncio.wrap_future(self._probe)], timeout=GRACE_S)
        return bool(done)

    def _cut(self) -> None:
        ident = self._thread.ident
        assert ident is not None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(SkillCut))

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._is_closing:
            try:
                self._loop.run_forever()
            except SkillCut:
                _LOGGER.warning("a skill's thread was cut short", extra={"skill": self._name}, exc_info=True)
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks, timeout=GRACE_S))
        self._loop.close()

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        _LOGGER.warning(
            "something failed in a skill's thread",
            extra={"skill": self._name, "what": context.get("message", "")},
            exc_info=context.get("exception"),
        )


async def _kept_inside(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What would end the whole process is an error of the skill."""
    try:
        return await make()
    except (KeyboardInterrupt, SystemExit) as error:
        raise SkillError("it tried to end the assistant", why=f"it raised {type(error).__name__}") from error
