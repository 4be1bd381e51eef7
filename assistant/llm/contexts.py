"""Keeps the contexts of the last prefixes in memory, and fetches others from the prefix store."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.decoder import Context, LanguageModel, Stopper
from assistant.llm.prefixes import PrefixStore

MOST_CONTEXTS = 2
"""One for commands and one for conversation."""


class ContextPool:
    """The contexts of one loaded model, one for each prefix, the least recently used given up."""

    def __init__(self, model: LanguageModel, store: PrefixStore | None) -> None:
        self._model = model
        self._store = store
        self._contexts: dict[tuple[int, ...], Context] = {}
        self._unkept: set[tuple[int, ...]] = set()

    def take(self, prefix: Sequence[int], tokens: Sequence[int], stopper: Stopper) -> Context:
        """A context that has read as much of `tokens`, which begin with `prefix`, as any has; never all of them."""
        key = tuple(prefix)
        context = self._contexts.pop(key, None) or self._restored(key) or self._model.context()
        context.rewind(min(_shared(context.tokens, tokens), len(tokens) - 1))
        context.stopper = stopper
        self._contexts[key] = context  # the last used is last
        for old in list(self._contexts)[:-MOST_CONTEXTS]:
            del self._contexts[old]
            self._unkept.discard(old)
        return context

    def keep(self) -> None:
        """Write the prefixes that were computed into the store."""
        for key in tuple(self._unkept):
            context = self._contexts[key]
            if self._store is not None and context.tokens[: len(key)] == key:
                self._store.keep(self._model, key, context.cache)
                self._unkept.discard(key)

    def clear(self) -> None:
        """Give up all contexts."""
        self._contexts.clear()
        self._unkept.clear()

    def _restored(self, key: tuple[int, ...]) -> Context | None:
        if self._store is None or not key:
            return None
        found = self._store.restore(self._model, key)
        if found is None:
            self._unkept.add(key)
        return found


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two sequences begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
