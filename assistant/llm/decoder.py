"""A language model in memory, and contexts that hold what it has read. Blocking; for one thread at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.errors import InputError, ModelDamaged
from assistant.llm import memory
from assistant.llm.cache import KvCache
from assistant.llm.form import FORM_FILE, Form
from assistant.llm.runs import Cancelled, Graph, Runs, Stopper
from assistant.llm.sampling import Logits, log_probability
from assistant.llm.session import open_session
from assistant.llm.tokens import Tokenizer

__all__ = ["CHUNK_TOKENS", "Cancelled", "Context", "LanguageModel", "Logits", "Stopper"]

CHUNK_TOKENS = 128
"""A longer prompt is read in runs of so many: more at once costs memory and gains no speed (measured up to 1,024)."""
_MOST_PADDING = 1.25
"""Sequences are read in one run where padding them to the longest makes no more than this of their tokens."""


class LanguageModel:
    """The weights of a model folder, and its tokenizer."""

    def __init__(self, graph: Graph, tokenizer: Tokenizer, key: str) -> None:
        self.graph = graph
        self.form = graph.form
        self.tokenizer = tokenizer
        self.key = key
        """Changes whenever the same tokens would give other keys and values: part of a stored prefix's name."""
        self.has_lengths = graph.has_lengths

    @classmethod
    def load(cls, folder: Path, threads: int = 2, tokenizer: Tokenizer | None = None) -> LanguageModel:
        """Open a folder (form.json, model.onnx, weights.bin, and tokenizer.json unless it was read before).

        Raises ModelMissing or ModelDamaged.
        """
        form = Form.read(folder)
        tokenizer = tokenizer or Tokenizer.load(folder)
        graph = Graph(open_session(folder, threads), form)
        fault = graph.fault()
        if tokenizer.size > form.vocab:
            fault = f"the tokenizer has {tokenizer.size} tokens, the form {form.vocab}"
        if fault:
            raise ModelDamaged(
                f"the parts of the language model {folder.name} don't belong together",
                why=fault,
                fix="build or pull it again",
            )
        memory.give_back()  # reading the tokenizer and packing the weights leaves garbage
        return cls(graph, tokenizer, _key(folder))

    def context(self, stopper: Stopper | None = None) -> Context:
        """An empty context; its runs end when `stopper` says so."""
        return Context(self, stopper)

    def read(self, text: str) -> list[int]:
        """The token ids of the beginning of a prompt, with the model's own first token where it wants one."""
        bos = [self.form.bos] if self.form.adds_bos and self.form.bos is not None else []
        tokens = self.tokenizer.encode(text)
        return tokens if tokens[:1] == bos else bos + tokens


class Context:
    """Tokens read, with their keys and values in buffers that grow by steps."""

    def __init__(
        self,
        model: LanguageModel,
        stopper: Stopper | None = None,
        *,
        tokens: Sequence[int] = (),
        cache: KvCache | None = None,
    ) -> None:
        """With `cache`, the keys and values of `tokens`: a context that has read them."""
        self.stopper = stopper or Stopper()
        """Whoever may stop the runs to come."""
        self.cache = cache or KvCache(model.form)
        self._model = model
        self._run = Runs(model.graph, self.cache)
        self._tokens = list(tokens)

    @property
    def tokens(self) -> tuple[int, ...]:
        """What was read so far."""
        return tuple(self._tokens)

    def feed(self, tokens: Sequence[int]) -> Logits:
        """Read more (at least one); the logits [vocab] behind the last, a copy that may be changed.

        Raises InputError beyond the model's positions, Cancelled when stopped.
        """
        logits: Logits = self._feed(tokens, _last)[-1]
        return logits

    def feed_each(self, tokens: Sequence[int]) -> Logits:
        """Read more; the logits [n, vocab] behind each of the n tokens. Costs the projection of each."""
        return self._feed(tokens, np.arange)

    def rewind(self, position: int) -> None:
        """Forget all but the first `position` tokens. Costs nothing."""
        del self._tokens[position:]

    def fork(self) -> Context:
        """A context of its own that has read the same (copies keys and values)."""
        used = len(self._tokens)
        cache = KvCache(self._model.form)
        if used:
            cache.reserve(used, used=0)
            cache.copy_from(self.cache, used)
        return Context(self._model, self.stopper, tokens=self._tokens, cache=cache)

    def score(self, continuations: Sequence[Sequence[int]]) -> list[float]:
        """The log-probability of each continuation behind what was read; the context stays as it was.

        One run for those of about one length where the graph can take that, else one for each. What was read must
        not be empty, nor a continuation.
        """
        used = len(self._tokens)
        if not used or not all(continuations):
            raise InputError("there is nothing to weigh", why="a prompt and its continuations need tokens")
        # The last token is read again: its logits say how likely each first token is.
        last = self._tokens[-1]
        rows = [[last, *continuation[:-1]] for continuation in continuations]
        padded = len(rows) * max(map(len, rows), default=0)
        is_one_run = self._model.has_lengths and len(rows) > 1 and padded <= _MOST_PADDING * sum(map(len, rows))
        scored = self._scored_at_once(rows) if is_one_run else map(self._scored_alone, rows)
        return [
            sum(log_probability(logits[place], token) for place, token in enumerate(continuation))
            for logits, continuation in zip(scored, continuations, strict=True)
        ]

    def _feed(self, tokens: Sequence[int], wanted: Callable[[int], NDArray[np.int64]]) -> Logits:
        if not tokens:
            raise InputError("there is nothing to read", why="no tokens")
        used = len(self._tokens)
        self._run.reserve(used + len(tokens), used)
        found: list[Logits] = []
        for start in range(0, len(tokens), CHUNK_TOKENS):
            chunk = tokens[start : start + CHUNK_TOKENS]
            found.append(self._run.once([list(chunk)], len(self._tokens), wanted(len(chunk)), self.stopper)[0])
            self._tokens.extend(chunk)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _scored_alone(self, row: list[int]) -> Logits:
        used = len(self._tokens)
        try:
            self.rewind(used - 1)
            return self.feed_each(row)
        finally:
            self._tokens[used - 1 :] = [row[0]]

    def _scored_at_once(self, rows: list[list[int]]) -> Logits:
        used = len(self._tokens) - 1
        longest = max(map(len, rows))
        twins = KvCache(self._model.form, batch=len(rows))
        twins.reserve(used + longest, used=0)
        twins.copy_from(self.cache, used)
        run = Runs(self._model.graph, twins)
        return run.once(rows, used, np.arange(longest), self.stopper)


def _last(count: int) -> NDArray[np.int64]:
    return np.array([count - 1])


def _key(folder: Path) -> str:
    """Of what was built and when: the weights themselves are too large to be read for it."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        facts = path.stat()
        digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    digest.update((folder / FORM_FILE).read_bytes())
    return digest.hexdigest()
