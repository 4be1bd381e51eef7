"""Text ↔ token ids by the model folder's own tokenizer.json."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path


class Tokenizer:
    """The model's tokenizer. Thread-safe for reading."""

    def __init__(self, definition: str) -> None:
        """`definition` is the text of a tokenizer.json. Raises ModelDamaged."""
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """From `tokenizer.json` of a model folder. Raises ModelMissing or ModelDamaged."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """How many ids there are, added tokens included."""
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        """The ids of a prompt whose control tokens (such as <|im_start|>) count; nothing is added around it.

        Text of people, homes and networks goes through `harmless` before it becomes part of a prompt.
        """
        raise NotImplementedError

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of ids; control tokens are left out, a character cut in two becomes U+FFFD."""
        raise NotImplementedError

    def harmless(self, text: str) -> str:
        """The text without anything that `encode` would read as a control token."""
        raise NotImplementedError

    def is_control(self, token: int) -> bool:
        """Whether it is a control token: ends an answer, never part of its text."""
        raise NotImplementedError


class TextStream:
    """Turns tokens into text as they come; a character is given out when all its bytes are there."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def push(self, tokens: Iterable[int]) -> str:
        """Take tokens; returns what is new and complete (may be empty)."""
        raise NotImplementedError

    def flush(self) -> str:
        """What was held back, with U+FFFD for bytes that never became a character."""
        raise NotImplementedError
