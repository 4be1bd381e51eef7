"""Grammars of answers, by llguidance: which tokens may follow, and which must."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from numpy.typing import NDArray

from assistant.core.errors import InputError, ModelDamaged, ModelMissing
from assistant.llm.constraint import Constraint
from assistant.llm.form import TOKENIZER_FILE, Form

MAX_CACHED = 32
"""Compiled grammars kept: people repeat themselves, and the same words in the same room make the same grammar."""
_BARS = np.where(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little"), 0, -np.inf).astype(
    np.float32
)
"""[256, 8] What a byte of a mask adds to the logits of its eight tokens."""


class Grammars:
    """Compiles grammars for the tokens of one model. Loading takes about 0.2 s; safe to use from any thread."""

    def __init__(self, tokenizer: str, vocab: int, eos: Sequence[int]) -> None:
        """`tokenizer` is the text of a tokenizer.json, `vocab` the number of logits. Raises ModelDamaged."""
        self._vocab = vocab
        try:
            self._tokens = LLTokenizer(tokenizer, n_vocab=vocab, eos_token=list(eos))
        except ValueError as error:
            raise ModelDamaged("the tokenizer can't be used for grammars", why=str(error)) from error
        self._compiled = lru_cache(maxsize=MAX_CACHED)(self._compile)

    @classmethod
    def load(cls, folder: Path) -> Grammars:
        """From a model's folder. Raises ModelMissing or ModelDamaged."""
        form = Form.read(folder)
        try:
            text = (folder / TOKENIZER_FILE).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ModelMissing(f"{folder.name} lacks {TOKENIZER_FILE}", fix="build or pull the model again") from error
        return cls(text, form.vocab, form.eos)

    def constraint(self, lark: str) -> Constraint:
        """A new answer's constraint by a grammar in llguidance's form of Lark; `start` is the answer.

        Raises InputError for a grammar that isn't one."""
        return GrammarConstraint(self._compiled(lark).deep_copy(), self._vocab)

    def _compile(self, lark: str) -> LLMatcher:
        matcher = LLMatcher(self._tokens, LLMatcher.grammar_from_lark(lark), log_level=0)
        if matcher.is_error():
            raise InputError("the grammar of an answer can't be compiled", why=matcher.get_error())
        return matcher


class GrammarConstraint(Constraint):
    """Implements Constraint by a matcher of its own."""

    def __init__(self, matcher: LLMatcher, vocab: int) -> None:
        self._matcher = matcher
        self._vocab = vocab
        self._mask = np.zeros((vocab + 31) // 32, np.int32)

    @property
    def is_over(self) -> bool:
        """True when nothing may follow but the end."""
        return self._matcher.is_stopped()

    def forced(self) -> Sequence[int]:
        """The tokens that must come next."""
        return self._matcher.compute_ff_tokens()

    def allowed(self, logits: NDArray[np.float32]) -> None:
        """Bar all tokens that may not follow, in place."""
        self._matcher.unsafe_compute_mask_ptr(self._mask.ctypes.data, self._mask.nbytes)
        logits += _BARS.take(self._mask.view(np.uint8), axis=0).reshape(-1)[: self._vocab]

    def accept(self, tokens: Sequence[int]) -> None:
        """Move on. Raises InputError for a token that was not allowed."""
        if not self._matcher.consume_tokens(list(tokens)):
            raise InputError("an answer left its grammar", why=self._matcher.get_error())
