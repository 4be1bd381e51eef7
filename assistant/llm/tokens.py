"""Text ↔ token ids by the model folder's own tokenizer.json."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import tokenizers

from assistant.core.errors import ModelDamaged, ModelMissing
from assistant.llm.form import TOKENIZER_FILE

_REPLACEMENT = "\ufffd"
_LONGEST_CHARACTER = 8
"""Tokens after which bytes that never became a character are given out as U+FFFD."""
_MARKER = re.compile(r"[<\[]\S+[>\]]")
"""Added tokens of this look (`<think>`, `[INST]`) steer a model even where they aren't flagged as special."""


class Tokenizer:
    """The model's tokenizer. Thread-safe for reading."""

    def __init__(self, definition: str) -> None:
        """`definition` is the text of a tokenizer.json. Raises ModelDamaged."""
        self._inner = _parsed(definition)
        self._inner.no_truncation()
        self._inner.no_padding()
        added = self._inner.get_added_tokens_decoder()
        self._controls = frozenset(token for token, what in added.items() if what.special)
        markers = [what.content for what in added.values() if what.special or _MARKER.fullmatch(what.content)]
        longest_first = sorted(filter(None, markers), key=len, reverse=True)
        self._markers = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """From `tokenizer.json` of a model folder. Raises ModelMissing or ModelDamaged."""
        path = folder / TOKENIZER_FILE
        try:
            return cls(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelMissing(f"{folder.name} lacks {path.name}", fix="build or pull the model again") from error
        except UnicodeDecodeError as error:
            raise _damaged(str(error)) from error

    @property
    def size(self) -> int:
        """How many ids there are, added tokens included."""
        return int(self._inner.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """The ids of a prompt whose control tokens (such as <|im_start|>) count; nothing is added around it.

        Text of people, homes and networks goes through `harmless` before it becomes part of a prompt.
        """
        return list(self._inner.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of ids; control tokens are left out, a character cut in two becomes U+FFFD."""
        return str(self._inner.decode(list(tokens), skip_special_tokens=True))

    def harmless(self, text: str) -> str:
        """The text without anything that `encode` would read as a control token: a space stands in its place."""
        return self._markers.sub(" ", text)

    def is_control(self, token: int) -> bool:
        """Whether it is a control token: ends an answer, never part of its text."""
        return token in self._controls


class TextStream:
    """Turns tokens into text as they come; a character is given out when all its bytes are there."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._tokens: list[int] = []
        """The last tokens given out (they decide how the next begin: with a space or not), then those held back."""
        self._given = 0

    def push(self, tokens: Iterable[int]) -> str:
        """Take tokens; returns what is new and complete (may be empty)."""
        self._tokens.extend(tokens)
        fresh = self._fresh()
        if not fresh or (fresh.endswith(_REPLACEMENT) and len(self._tokens) - self._given < _LONGEST_CHARACTER):
            return ""
        self._tokens, self._given = self._tokens[self._given :], len(self._tokens) - self._given
        return fresh

    def flush(self) -> str:
        """What was held back, with U+FFFD for bytes that never became a character."""
        fresh = self._fresh()
        self._given = len(self._tokens)
        return fresh

    def _fresh(self) -> str:
        decode = self._tokenizer.decode
        return decode(self._tokens)[len(decode(self._tokens[: self._given])) :]


def _parsed(definition: str) -> tokenizers.Tokenizer:
    try:
        return tokenizers.Tokenizer.from_str(definition)
    except Exception as error:
        # the package raises bare Exception, and nothing narrower, for every fault of the file
        if type(error) is not Exception:
            raise
        raise _damaged(str(error)) from error


def _damaged(why: str) -> ModelDamaged:
    return ModelDamaged("the tokenizer of the language model can't be read", why=why, fix="build or pull it again")
