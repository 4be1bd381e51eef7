"""One answer on its way from the inference thread to whoever waits for it on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from types import TracebackType

from assistant.core.clock import Clock
from assistant.llm.answer import Completion, Ended, Request
from assistant.llm.decoder import Stopper
from assistant.llm.spoken import Piece

Work = Callable[["Generation"], Completion]


class Generation:
    """An asynchronous context manager whose exit cancels what isn't finished. Iterate once: `pieces` or `sentences`."""

    def __init__(self, request: Request, clock: Clock, submit: Callable[[Generation], Future[Completion]]) -> None:
        self.request = request
        self.stopper = Stopper()
        self._clock = clock
        self._submit = submit
        self._reason = Ended.CANCELLED
        self._arrived: asyncio.Queue[Piece | None] = asyncio.Queue()  # the token budget is its bound
        self._loop: asyncio.AbstractEventLoop | None = None
        self._future: Future[Completion] | None = None
        self._timer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Generation:
        self._loop = asyncio.get_running_loop()
        self._future = self._submit(self)
        self._future.add_done_callback(lambda _: self._tell(self._arrived.put_nowait, None))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._future is not None and not self._future.done():
            self.stop(Ended.CANCELLED)
            self._future.cancel()  # when its turn has not come yet
        if self._timer is not None:
            self._timer.cancel()
            await asyncio.gather(self._timer, return_exceptions=True)

    async def pieces(self) -> AsyncIterator[str]:
        """Text as it comes, whole characters, never a part of a stop text.

        Raises ModelMissing, ModelDamaged, ModelError, or InputError for a prompt that doesn't fit.
        """
        while (piece := await self._arrived.get()) is not None:
            if not piece.is_sentence:
                yield piece.text
        self._check()

    async def sentences(self) -> AsyncIterator[str]:
        """Whole sentences as they come. Raises as `pieces` does."""
        while (piece := await self._arrived.get()) is not None:
            if piece.is_sentence:
                yield piece.text
        self._check()

    @property
    def completion(self) -> Completion:
        """The whole answer, when the iteration has ended. Raises as `pieces` does."""
        if self._future is None or not self._future.done():
            raise RuntimeError("the answer is still on its way")
        if self._future.cancelled():
            return Completion("", self._reason)
        return self._future.result()

    def stop(self, reason: Ended) -> None:
        """End the answer with what there is. Thread-safe; the first reason counts."""
        if not self.stopper.is_stopped:
            self._reason = reason
            self.stopper.stop()

    def reason(self) -> Ended:
        """Why it was stopped."""
        return self._reason

    def begin(self) -> None:
        """Its work begins now, says the inference thread: the time budget runs."""
        self._tell(self._start_timer)

    def emit(self, piece: Piece) -> None:
        """Text from the inference thread."""
        self._tell(self._arrived.put_nowait, piece)

    def _check(self) -> None:
        if self._future is not None and not self._future.cancelled():
            self._future.result()

    def _tell(self, function: Callable[..., object], *args: object) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:  # the loop is closed: nobody is there to be told
            self.stop(Ended.CANCELLED)

    def _start_timer(self) -> None:
        if self._future is not None and not self._future.done():
            self._timer = asyncio.create_task(self._expire(), name="llm time budget")

    async def _expire(self) -> None:
        await self._clock.sleep(self.request.limits.seconds)
        self.stop(Ended.TIME)
