"""Names of wake words: whether they exist, and how they sound in a transcript."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.core.errors import ConfigError


def check_words(words: Iterable[str], available: tuple[str, ...], engine: str) -> None:
    """Raises ConfigError for a word that the engine has no model for; it lists those there are."""
    unknown = [word for word in words if word not in available]
    if unknown:
        raise ConfigError(
            f"wake.words: {engine} has no wake word {', '.join(map(repr, unknown))}",
            why=f"the words there are: {', '.join(available) or 'none'}",
            fix="use one of those, or the other wake.engine",
        )
