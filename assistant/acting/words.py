"""The assistant's own words, one file per language in `words/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

from assistant.core.errors import ConfigError

CORE = ""
"""The `skill` of words that belong to no skill."""


class CoreWords:
    """Reply key → variants, for each language that has a file."""

    def __init__(self) -> None:
        folder = files(__package__) / "words"
        self._tables = {
            path.name.removesuffix(".toml"): _variants(path.name, path.read_text(encoding="utf-8"))
            for path in folder.iterdir()
            if path.name.endswith(".toml")
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that have a file, sorted."""
        return tuple(sorted(self._tables))

    def keys(self, language: str) -> frozenset[str]:
        """All reply keys of a language."""
        return frozenset(self._tables.get(language, {}))

    def words(self, key: str, language: str) -> Sequence[str]:
        """Templates for a key; empty when there are none."""
        return self._tables.get(language, {}).get(key, ())


def _variants(name: str, text: str) -> Mapping[str, tuple[str, ...]]:
    replies = tomllib.loads(text).get("replies", {})
    table: dict[str, tuple[str, ...]] = {}
    for key, words in replies.items():
        variants = (words,) if isinstance(words, str) else tuple(words)
        if not variants or not all(isinstance(variant, str) for variant in variants):
            raise ConfigError(f"{name}: {key} must be words or a list of words")
        table[key] = variants
    return table
