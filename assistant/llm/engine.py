"""The language model as a service of the event loop: one inference thread, requests in order, nothing blocks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.core.clock import Clock
from assistant.core.errors import InputError, ModelError
from assistant.llm import memory
from assistant.llm.answer import Completion, Ended, Limits, Request
from assistant.llm.contexts import ContextPool
from assistant.llm.decoder import Cancelled, LanguageModel, Stopper
from assistant.llm.form import WEIGHTS_FILE
from assistant.llm.generate import Generator
from assistant.llm.generation import Generation
from assistant.llm.prefixes import PrefixStore
from assistant.llm.tokens import Tokenizer

__all__ = ["Completion", "Ended", "Engine", "EngineOptions", "Generation", "Limits", "Request"]

_LOGGER = logging.getLogger(__name__)
_WATCH_S = 10.0
_NEED_PER_WEIGHT = 1.3
"""Memory that a loaded model takes for each byte of its weights, with what its runs need."""
_LONGEST_TOKEN = 32
"""Characters; a longer prompt than so many for each position can't fit."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How an engine lives."""

    threads: int = 2
    idle_unload_s: float = 900.0
    """The weights leave the memory after so long without a request; 0 is never."""
    idle_forget_s: float = 120.0
    """What was read leaves the memory after so long; prefixes come back from the store."""
    min_free_bytes: int = 96 * 1024 * 1024
    """The weights leave the memory when the machine has less left, and nobody waits for an answer."""


@dataclass(slots=True)
class _Loaded:
    model: LanguageModel
    contexts: ContextPool


class Engine:
    """Owns one model: loads it with the first request, unloads it when idle, runs requests in order on one thread."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        prefixes: PrefixStore | None = None,
        options: EngineOptions = EngineOptions(),
        free_bytes: Callable[[], int] = memory.free_bytes,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._prefixes = prefixes
        self._options = options
        self._free_bytes = free_bytes
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="llm")
        self._loaded: _Loaded | None = None
        self._tokenizer: Tokenizer | None = None
        self._active: set[Stopper] = set()
        """Of everything that waits or runs."""
        self._last_used_s = clock.monotonic()

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory now."""
        return self._loaded is not None

    @property
    def is_busy(self) -> bool:
        """Whether anything waits or runs."""
        return bool(self._active)

    async def load(self, prefixes: Sequence[str] = ()) -> None:
        """Bring the weights and these prefixes into memory now.

        Raises ModelMissing or ModelDamaged, or ModelError when there isn't enough memory.
        """
        stopper = Stopper()
        await self._run(lambda: self._warm(prefixes, stopper), stopper)

    async def tokenizer(self) -> Tokenizer:
        """The model's tokenizer; the weights are not needed for it. Raises ModelMissing or ModelDamaged."""
        if self._tokenizer is None:
            self._tokenizer = await asyncio.to_thread(Tokenizer.load, self._folder)
        return self._tokenizer

    def stream(self, request: Request) -> Generation:
        """An answer piece by piece."""
        return Generation(request, self._clock, self._submit)

    async def complete(self, request: Request) -> Completion:
        """The whole answer. Raises ModelMissing, ModelDamaged, ModelError, or InputError for a prompt that won't fit.

        A task that is cancelled while it waits here stops the model within 50 ms.
        """
        async with self.stream(request) as generation:
            async for _ in generation.pieces():
                pass
            return generation.completion

    async def score(self, prefix: str, prompt: str, continuations: Sequence[str]) -> list[float]:
        """The log-probability of each continuation behind the prompt. Raises as `complete` does."""
        stopper = Stopper()
        return await self._run(lambda: self._score(prefix, prompt, continuations, stopper), stopper)

    async def unload(self) -> None:
        """Give the memory back, when what runs and waits is done; the next request loads again."""
        stopper = Stopper()
        await self._run(self._unload, stopper)

    async def watch(self) -> None:
        """Forget and unload when idle or when memory is short; runs until cancelled, for the daemon's supervisor."""
        while True:
            await self._clock.sleep(_WATCH_S)
            await self.look_after()

    async def look_after(self) -> None:
        """Forget or unload now, if it is time to."""
        if self._loaded is None or self.is_busy:
            return
        idle_s = self._clock.monotonic() - self._last_used_s
        is_short = memory.is_short(self._free_bytes(), self._options.min_free_bytes)
        if is_short or 0 < self._options.idle_unload_s <= idle_s:
            _LOGGER.info("language model unloaded", extra={"idle_s": round(idle_s), "memory_short": is_short})
            await asyncio.wrap_future(self._later(self._unload))
        elif idle_s >= self._options.idle_forget_s:
            await asyncio.wrap_future(self._later(self._loaded.contexts.clear))

    async def close(self) -> None:
        """Cancel what runs and waits, free the memory, end the thread."""
        for stopper in tuple(self._active):
            stopper.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._threads.shutdown)
        self._unload()

    # ── on the event loop ────────────────────────────────────────────────────────────────────────

    def _submit(self, generation: Generation) -> Future[Completion]:
        future = self._begin(lambda: self._answer(generation), generation.stopper)
        self._later(self._keep)
        return future

    def _begin(self, work: Callable[[], Result], stopper: Stopper) -> Future[Result]:
        try:
            future = self._threads.submit(work)
        except RuntimeError as error:
            raise ModelError("the language model is closed", why="the assistant is shutting down") from error
        self._active.add(stopper)
        future.add_done_callback(lambda _: self._ended(stopper))
        return future

    def _later(self, chore: Callable[[], None]) -> Future[None]:
        """Queue what nobody waits for."""
        future = self._threads.submit(chore)
        future.add_done_callback(_told)
        return future

    def _ended(self, stopper: Stopper) -> None:
        self._active.discard(stopper)
        self._last_used_s = self._clock.monotonic()

    async def _run(self, work: Callable[[], Result], stopper: Stopper) -> Result:
        future = self._begin(work, stopper)
        try:
            return await asyncio.wrap_future(future)
        except (Cancelled, asyncio.CancelledError):
            stopper.stop()
            raise

    # ── on the inference thread ──────────────────────────────────────────────────────────────────

    def _ready(self) -> _Loaded:
        if self._loaded is None:
            self._check_memory()
            started_s = self._clock.monotonic()
            model = LanguageModel.load(self._folder, self._options.threads, self._tokenizer)
            self._tokenizer = model.tokenizer
            self._loaded = _Loaded(model, ContextPool(model, self._prefixes))
            seconds = round(self._clock.monotonic() - started_s, 3)
            _LOGGER.info("language model loaded", extra={"model": self._folder.name, "seconds": seconds})
        return self._loaded

    def _check_memory(self) -> None:
        weights = self._folder / WEIGHTS_FILE
        needed = int(weights.stat().st_size * _NEED_PER_WEIGHT) if weights.is_file() else 0
        free = self._free_bytes()
        if free < needed:
            raise ModelError(
                "there is not enough memory for the language model",
                why=f"it needs {needed >> 20} MiB, {free >> 20} MiB are free",
                fix="choose a smaller model, or end other programs",
                may_retry=True,
            )

    def _answer(self, generation: Generation) -> Completion:
        if generation.stopper.is_stopped:
            return Completion("", generation.reason())
        loaded = self._ready()
        generation.begin()
        started_s = self._clock.monotonic()
        request = generation.request
        prefix, tokens = _tokens(loaded.model, request.prefix, request.prompt)
        context = loaded.contexts.take(prefix, tokens, generation.stopper)
        generator = Generator(
            loaded.model, context, request, generation.emit, lambda: self._clock.monotonic() - started_s
        )
        return generator.run(tokens[len(context.tokens) :], generation.reason)

    def _keep(self) -> None:
        """Store new prefixes: behind an answer, not in front of it."""
        if self._loaded is not None:
            self._loaded.contexts.keep()

    def _warm(self, prefixes: Sequence[str], stopper: Stopper) -> None:
        loaded = self._ready()
        for text in prefixes:
            prefix = loaded.model.read(text)
            context = loaded.contexts.take(prefix, [*prefix, prefix[-1]], stopper)
            if missing := prefix[len(context.tokens) :]:
                context.feed(missing)
            loaded.contexts.keep()

    def _score(self, prefix: str, prompt: str, continuations: Sequence[str], stopper: Stopper) -> list[float]:
        loaded = self._ready()
        beginning, tokens = _tokens(loaded.model, prefix, prompt)
        context = loaded.contexts.take(beginning, tokens, stopper)
        context.feed(tokens[len(context.tokens) :])
        return context.score([loaded.model.tokenizer.encode(one) for one in continuations])

    def _unload(self) -> None:
        if self._loaded is not None:
            self._loaded.contexts.clear()
            self._loaded = None
            memory.give_back()


def _told(future: Future[None]) -> None:
    """Let a fault of a chore be logged with its traceback (concurrent.futures does that for callbacks)."""
    if not future.cancelled():
        future.result()


def _tokens(model: LanguageModel, prefix: str, prompt: str) -> tuple[list[int], list[int]]:
    """The tokens of the prefix, and of all of the prompt."""
    if len(prefix) + len(prompt) > _LONGEST_TOKEN * model.form.max_positions:  # reading it would take its time
        raise InputError(
            "the prompt is too long for the language model",
            why=f"{len(prefix) + len(prompt)} characters; it takes {model.form.max_positions} tokens",
            fix="shorten it",
        )
    beginning = model.read(prefix) if prefix else []
    tokens = beginning + model.tokenizer.encode(prompt) if beginning else model.read(prompt)
    if not tokens:
        raise InputError("there is nothing to answer", why="the prompt is empty")
    return beginning, tokens
