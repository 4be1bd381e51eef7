"""The word lists of a language, read once from the TOML file beside its grammar."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from assistant.language.book import book_from, needed

LANGUAGES = ("en", "ko")
FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a language calls things; keys are lower case, as normalised.

    What has a default is read by hand-written grammars only: a language whose rules are tables has it there."""

    numbers: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
    """Words that count without being numbers: dozen, couple, half."""
    ordinals: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    """Word → one of UNIT_SECONDS."""
    unit_names: dict[str, tuple[str, str]]
    """Unit → name for one, name for many, as spoken."""
    weekdays: dict[str, int]
    months: dict[str, int]
    parts: dict[str, str] = field(default_factory=dict)
    """Word → Part of the day."""
    days: dict[str, int] = field(default_factory=dict)
    """Word → days from today."""
    fillers: tuple[str, ...]
    polite_start: tuple[str, ...]
    polite_end: tuple[str, ...]
    symbols: dict[str, str]
    """Sign in typed text → word."""
    joined: dict[str, str] = field(default_factory=dict)
    """Words that recognisers write in pieces → the one form used for matching."""
    abbreviations: dict[str, str]
    """Abbreviation with its full stop → how it is read."""
    measures: dict[str, tuple[str, str]]
    """Unit sign after a number → name for one, name for many."""
    currencies: dict[str, tuple[str, str, str, str]]
    """Sign → one, many, a hundredth, hundredths."""
    spoken: dict[str, str]
    """Fixed words and patterns of the spoken forms."""


def primary(language: str) -> str:
    """The language without region: "en-GB" → "en"."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def words_for(language: str) -> Words:
    """The words of `language`; those of English for one we don't have."""
    if language in LANGUAGES:
        return _words_of(language)
    code = primary(language)
    return _words_of(code if code in LANGUAGES else FALLBACK)


@lru_cache(maxsize=len(LANGUAGES))
def _words_of(code: str) -> Words:
    return needed(book_from(Words, code, "words.toml"), code)
