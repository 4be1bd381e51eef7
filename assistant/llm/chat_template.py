"""A conversation as the one text a model was trained on, by the template in its own files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A conversation as text: `prefix` is the part up to the end of the system message, `prompt` all behind it."""

    prefix: str
    prompt: str


class ChatTemplate:
    """A model's Jinja template, in a sandbox with a bound on work and size."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        """Raises ModelDamaged for a template that does not compile."""
        raise NotImplementedError

    def render(self, messages: Sequence[Message], harmless: Callable[[str], str]) -> Rendered:
        """Text that ends where the assistant's answer begins.

        `harmless` (Tokenizer.harmless) takes control tokens out of the contents. Raises ModelDamaged for a template
        that fails, takes too long or grows too large.
        """
        raise NotImplementedError


def fitted(
    messages: Sequence[Message], count: Callable[[Sequence[Message]], int], max_tokens: int
) -> tuple[Message, ...]:
    """The messages without as many of the oldest turns (a user's message and all up to the next) as it takes.

    System messages and the last turn always stay. `count` gives the tokens of a conversation.
    """
    raise NotImplementedError
