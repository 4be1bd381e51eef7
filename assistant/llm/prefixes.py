"""Keeps the keys and values of prompt beginnings on disk, so that they are computed once per change."""

from __future__ import annotations

from pathlib import Path

from assistant.llm.decoder import Context, LanguageModel

DEFAULT_LIMIT_BYTES = 128 * 1024 * 1024


class PrefixStore:
    """A folder of prefixes, each named by model and tokens (sha256), files 0600; the least recently used go first.

    A damaged or foreign file is logged, ignored and written anew. A full or read-only disk is logged and costs only
    the store.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def restore(self, model: LanguageModel, tokens: tuple[int, ...], context: Context) -> bool:
        """Make the empty context one that has read `tokens`, if the store has them."""
        raise NotImplementedError

    def keep(self, model: LanguageModel, context: Context) -> None:
        """Write what the context has read."""
        raise NotImplementedError
