"""What an answer is asked for with, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.llm.constraint import Constraint
from assistant.llm.plain import Removed
from assistant.llm.sampling import GREEDY, Sampling


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
    """A token that was chosen where the grammar left a choice."""

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
    """What the model wrote, without the token that ended it; stop texts and repeats included."""
    choices: tuple[Choice, ...] = ()
    """Of an answer under a constraint; empty without one."""
    alternative_logprob: float | None = None
    """Of `Request.alternative` up to and with its first token that differs; None without one, or if it can't be."""
    removed: frozenset[Removed] = field(default_factory=frozenset)
    """What was taken out of the text."""
    prompt_tokens: int = 0
    reused_tokens: int = 0
    """How many of the prompt's tokens were in memory or in the prefix store."""
    first_token_s: float | None = None
    """From the beginning of the work to the first token chosen."""
    seconds: float = 0.0

    @property
    def logprob(self) -> float:
        """Natural logarithm of the answer's probability among what the grammar allows."""
        return sum(choice.logprob for choice in self.choices)

    @property
    def margin(self) -> float | None:
        """`logprob` above the alternative's (0 when it is the alternative); None where that can't be told."""
        return None if self.alternative_logprob is None else self.logprob - self.alternative_logprob
