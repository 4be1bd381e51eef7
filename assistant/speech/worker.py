"""One owner thread for an engine that must not be shared: jobs in order, each with a time limit."""

from __future__ import annotations

import asyncio
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from assistant.core.errors import SpeechError

_LOGGER = logging.getLogger(__name__)
_COUNTER = itertools.count(1)
Engine = TypeVar("Engine")
Result = TypeVar("Result")


class _Thread(Generic[Engine]):
    """A daemon thread (one that hangs must not keep the process alive) with its engine and its jobs."""

    def __init__(self, name: str, make_engine: Callable[[], Engine]) -> None:
        self.jobs: queue.SimpleQueue[Callable[[Callable[[], Engine]], None] | None] = queue.SimpleQueue()
        self._make_engine = make_engine
        self.engine: Engine | None = None
        self.thread = threading.Thread(target=self._run, name=f"{name}-{next(_COUNTER)}", daemon=True)
        self.thread.start()

    def _engine_of_thread(self) -> Engine:
        if self.engine is None:
            self.engine = self._make_engine()
        return self.engine

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            job(self._engine_of_thread)


class Worker(Generic[Engine]):
    """Runs jobs on the engine's own thread; the engine is made there before the first job, and anew after a hang."""

    def __init__(
        self,
        name: str,
        make_engine: Callable[[], Engine],
        limit_s: float,
        *,
        give_up: Callable[[Engine], None] | None = None,
    ) -> None:
        self._name = name
        self._give_up = give_up
        self._make_engine = make_engine
        self._limit_s = limit_s
        self._thread: _Thread[Engine] | None = None
        self._is_closed = False

    async def prepare(self) -> None:
        """Make the engine now, if it isn't made. Raises what making it raises."""
        await self.run(_nothing)

    async def run(self, job: Callable[[Engine], Result]) -> Result:
        """The job's result. Raises SpeechError when it takes longer than the limit, or after `close`."""
        if self._is_closed:
            raise SpeechError("the voice is closed", why="the assistant is shutting down")
        owner = self._thread
        if owner is None:
            owner = self._thread = _Thread(self._name, self._make_engine)
        future: Future[Result] = Future()
        owner.jobs.put(lambda engine: _settle(future, engine, job))
        try:
            async with asyncio.timeout(self._limit_s):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            self._abandon(owner)
            raise SpeechError(
                "the voice did not answer",
                why=f"it took longer than {self._limit_s:g} s for one sentence",
                fix="try again; if it stays so, choose another voice.engine",
                may_retry=True,
            ) from error

    def _abandon(self, owner: _Thread[Engine]) -> None:
        owner.jobs.put(None)
        if self._thread is owner:
            _LOGGER.warning("voice thread hangs and is replaced", extra={"voice_thread": owner.thread.name})
            self._thread = None
            if self._give_up is not None and owner.engine is not None:
                self._give_up(owner.engine)

    async def close(self) -> None:
        """End the thread after its current job; waits no longer than the limit for it."""
        self._is_closed = True
        owner, self._thread = self._thread, None
        if owner is not None:
            owner.jobs.put(None)
            await asyncio.to_thread(owner.thread.join, self._limit_s)


def _nothing(engine: object) -> None:
    """A job that only needs the engine to be there."""
    del engine


def _settle(future: Future[Result], engine: Callable[[], Engine], job: Callable[[Engine], Result]) -> None:
    """Run a job and hand its result or error to the one who waits; a cancelled one is left out."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(job(engine()))
    except Exception as error:  # noqa: BLE001 # raised again in the task that waits for the job
        future.set_exception(error)
