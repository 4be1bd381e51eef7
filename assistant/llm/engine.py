"""The language model as a service of the event loop: one inference thread, requests in order, nothing blocks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from assistant.core.clock import Clock
from assistant.llm.constraint import Constraint
from assistant.llm.prefixes import PrefixStore
from assistant.llm.sampling import GREEDY, Sampling
from assistant.llm.tokens import Tokenizer


class Ended(StrEnum):
    """Why an answer ended."""

    STOP = "stop"
    """The model or the grammar ended it, or a stop text came."""
    LENGTH = "length"
    """The token budget, or the model's positions, were used up."""
    TIME = "time"
    """The time budget was used up."""
    LOOP = "loop"
    """It repeated itself; the repeats are cut off."""
    CANCELLED = "cancelled"
    """Nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer. `seconds` counts from when its work begins, reading the prompt included."""

    max_tokens: int = 128
    seconds: float = 20.0
    stop: tuple[str, ...] = ()
    """Texts that end the answer; they are not part of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One answer that is wanted. The prompt's tokens are those of `prefix` and those of `prompt`, one after the other.

    `prefix` is the part that stays from request to request; it must end where a token ends (a control token or a
    line's end). `is_plain` takes markup and thinking aloud out of the text, for a voice.
    """

    prompt: str
    prefix: str = ""
    limits: Limits = Limits()
    sampling: Sampling = GREEDY
    constraint: Constraint | None = None
    alternative: str = ""
    """Text of another answer under the same constraint, such as "none", that the chosen one is weighed against."""
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A token that was chosen where the grammar left a choice (without one: every token)."""

    token: int
    logprob: float
    """Natural logarithm of its probability among the allowed tokens, at temperature 1."""
    allowed_mass: float
    """The probability (0–1) that the model alone gave to all allowed tokens together."""


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer and how it came about."""

    text: str
    ended: Ended
    tokens: tuple[int, ...] = ()
    choices: tuple[Choice, ...] = ()
    alternative_logprob: float | None = None
    """Of `Request.alternative` up to and with its first token that differs; None without one or out of the way."""
    removed: frozenset[str] = field(default_factory=frozenset)
    """What was taken out of the text: "thinking", "markup"."""
    prompt_tokens: int = 0
    reused_tokens: int = 0
    """How many of the prompt's tokens were in memory or in the prefix store."""
    first_token_s: float | None = None
    """From the beginning of the work to the first token."""
    seconds: float = 0.0

    @property
    def logprob(self) -> float:
        """Natural logarithm of the answer's probability among what the grammar allows."""
        return sum(choice.logprob for choice in self.choices)

    @property
    def margin(self) -> float | None:
        """`logprob` above the alternative's; None where there is no alternative."""
        return None if self.alternative_logprob is None else self.logprob - self.alternative_logprob


class Generation:
    """One answer on its way: an asynchronous context manager whose exit cancels what isn't finished.

    Iterate over it once: either `pieces` or `sentences`.
    """

    async def __aenter__(self) -> Generation:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def pieces(self) -> AsyncIterator[str]:
        """Text as it comes, whole characters, never a part of a stop text. Raises what the engine raises."""
        raise NotImplementedError

    def sentences(self) -> AsyncIterator[str]:
        """Whole sentences as they come."""
        raise NotImplementedError

    @property
    def completion(self) -> Completion:
        """The whole answer, when the iteration has ended."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How an engine lives."""

    threads: int = 2
    idle_unload_s: float = 900.0
    """The weights leave the memory after so long without a request; 0 is never."""
    min_free_bytes: int = 96 * 1024 * 1024
    """… and when the machine has less than this left, and nobody waits for an answer."""


class Engine:
    """Owns one model: loads it with the first request, unloads it when idle, runs requests in order on one thread."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        prefixes: PrefixStore | None = None,
        options: EngineOptions = EngineOptions(),
    ) -> None:
        raise NotImplementedError

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory now."""
        raise NotImplementedError

    async def load(self, prefixes: Sequence[str] = ()) -> None:
        """Bring the weights and these prefixes into memory now. Raises ModelMissing or ModelDamaged."""
        raise NotImplementedError

    async def tokenizer(self) -> Tokenizer:
        """The model's tokenizer (loads it, not the weights). Raises ModelMissing or ModelDamaged."""
        raise NotImplementedError

    def stream(self, request: Request) -> Generation:
        """An answer piece by piece."""
        raise NotImplementedError

    async def complete(self, request: Request) -> Completion:
        """The whole answer. Raises ModelMissing, ModelDamaged, or InputError for a prompt that doesn't fit.

        A task that is cancelled while it waits here stops the model within 50 ms.
        """
        raise NotImplementedError

    async def score(self, prefix: str, prompt: str, continuations: Sequence[str]) -> list[float]:
        """The log-probability of each continuation, all in one run of the model. Raises as `complete` does."""
        raise NotImplementedError

    async def watch(self) -> None:
        """Unload when idle or when memory is short; runs until cancelled, for the daemon's supervisor."""
        raise NotImplementedError

    async def close(self) -> None:
        """Cancel what runs and waits, free the memory, end the thread."""
        raise NotImplementedError
