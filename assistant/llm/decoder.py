"""A language model in memory, and contexts that hold what it has read. Blocking; for one thread at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assistant.core.errors import InputError, ModelDamaged
from assistant.llm.cache import KvCache
from assistant.llm.form import FORM_FILE, Form
from assistant.llm.sampling import log_probability
from assistant.llm.session import SESSION_FAULTS, open_session
from assistant.llm.tokens import Tokenizer

CHUNK_TOKENS = 256
"""A longer prompt is read in runs of so many: more at once costs memory and gains no speed."""
_MOST_PADDING = 1.25
"""Sequences are read in one run where padding them to the longest makes no more than this of their tokens."""
_LENGTHS = "query_lens"
"""An optional input of a graph [B] int32: how many of the S tokens of a sequence count. Lets sequences differ."""

Logits = NDArray[np.float32]


class Cancelled(Exception):
    """A run was stopped by `Stopper.stop`; no fault that a person sees. The context ends at its last whole chunk."""


class Stopper:
    """Stops a model's runs from another thread, within the time of one node of the graph (a few ms)."""

    def __init__(self) -> None:
        self.options = ort.RunOptions()
        self._is_stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._is_stopped

    def stop(self) -> None:
        """End the running call with Cancelled, and every later one. Thread-safe."""
        self._is_stopped = True
        self.options.terminate = True


class LanguageModel:
    """The weights of a model folder, and its tokenizer."""

    def __init__(self, session: ort.InferenceSession, form: Form, tokenizer: Tokenizer, key: str) -> None:
        self.session = session
        self.form = form
        self.tokenizer = tokenizer
        self.key = key
        """Changes whenever the same tokens would give other keys and values: part of a stored prefix's name."""
        self.has_lengths = any(one.name == _LENGTHS for one in session.get_inputs())

    @classmethod
    def load(cls, folder: Path, threads: int = 2, tokenizer: Tokenizer | None = None) -> LanguageModel:
        """Open a folder (form.json, model.onnx, weights.bin, and tokenizer.json unless it was read before).

        Raises ModelMissing or ModelDamaged.
        """
        form = Form.read(folder)
        tokenizer = tokenizer or Tokenizer.load(folder)
        if tokenizer.size > form.vocab:
            raise ModelDamaged(
                f"the parts of the language model {folder.name} don't belong together",
                why=f"the tokenizer has {tokenizer.size} tokens, the graph {form.vocab}",
                fix="build or pull it again",
            )
        return cls(open_session(folder, threads), form, tokenizer, _key(folder))

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
        self._run = _Run(model, self.cache)
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
        run = _Run(self._model, twins)
        return run.once(rows, used, np.arange(longest), self.stopper)


class _Run:
    """Runs of the graph over one cache, its buffers bound once."""

    def __init__(self, model: LanguageModel, cache: KvCache) -> None:
        self._model = model
        self._cache = cache
        self._binding = model.session.io_binding()
        cache.bind(self._binding)

    def reserve(self, positions: int, used: int) -> None:
        """Make room, and bind the buffers when they are new ones."""
        if positions <= self._cache.room:
            return
        self._binding.clear_binding_inputs()
        self._binding.clear_binding_outputs()
        self._cache.reserve(positions, used)
        self._cache.bind(self._binding)

    def once(self, rows: list[list[int]], used: int, wanted: NDArray[np.int64], stopper: Stopper) -> Logits:
        """Read one chunk a sequence behind `used` positions; logits [B, wanted, vocab]. Raises Cancelled."""
        if stopper.is_stopped:
            raise Cancelled
        longest = max(map(len, rows))
        lengths = np.array([len(row) for row in rows], np.int32)
        padded = np.array([row + [0] * (longest - len(row)) for row in rows], np.int64)
        logits = np.empty((len(rows), len(wanted), self._model.form.vocab), np.float32)
        bind = self._binding.bind_ortvalue_input
        of = ort.OrtValue.ortvalue_from_numpy
        bind("input_ids", of(padded))
        bind("seqlens_k", of(lengths + np.int32(used - 1)))
        bind("total_len", of(np.array(used + longest, np.int32)))
        bind("out_idx", of(wanted))
        if self._model.has_lengths:
            bind(_LENGTHS, of(lengths))
        self._binding.bind_ortvalue_output("logits", of(logits))
        try:
            self._model.session.run_with_iobinding(self._binding, stopper.options)
        except SESSION_FAULTS as error:
            if stopper.is_stopped:
                raise Cancelled from error
            raise _failed(error) from error
        return logits


def _last(count: int) -> NDArray[np.int64]:
    return np.array([count - 1])


def _failed(error: Exception) -> ModelDamaged:
    return ModelDamaged("the language model failed while it ran", why=str(error), fix="build or pull it again")


def _key(folder: Path) -> str:
    """Of what was built and when: the weights themselves are too large to be read for it."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        facts = path.stat()
        digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    digest.update((folder / FORM_FILE).read_bytes())
    return digest.hexdigest()
