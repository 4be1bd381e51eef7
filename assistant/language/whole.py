"""The value that a whole text is: what a slot of a sentence asks of its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.core.values import Instant, Kind, Length, Number, Reading
from assistant.language.found import meaning_of
from assistant.language.moments import CLOCK
from assistant.language.request_book import book_of
from assistant.language.wall import LONGEST, UNIT_SECONDS, is_later
from assistant.language.words import primary

_ANY_TIME = Reading(datetime(2000, 1, 1, tzinfo=UTC))
"""Numbers and lengths mean the same at any time."""


def number_from(text: str, language: str) -> float | int | None:
    """The number that the whole text is."""
    match meaning_of(text, _reading(language), [Kind.NUMBER]):
        case Number(value):
            return int(value) if value == int(value) else value
        case _:
            return None


def duration_from(text: str, language: str) -> timedelta | None:
    """The positive duration that the whole text is, if it is believable; a month has no length of its own."""
    match meaning_of(_without_lead(text, language), _reading(language), [Kind.LENGTH]):
        case Length(amounts) as length if all(grain in UNIT_SECONDS for _, grain in amounts):
            return length.span if 0 < length.seconds <= LONGEST.total_seconds() else None
        case _:
            return None


def when_from(text: str, reading: Reading) -> datetime | None:
    """The coming moment that the whole text names."""
    meaning = meaning_of(text, reading, [Kind.TIME])
    if meaning is None and (bare := _without_lead(text, reading.locale)) != text:
        meaning = meaning_of(bare, replace(reading, is_latent_wanted=True), [Kind.TIME])
    match meaning:
        case Instant(at, grain) if grain in CLOCK and is_later(at, reading.now):
            return at
        case _:
            return None


def _without_lead(text: str, language: str) -> str:
    """ "For" ten minutes, "by" seven."""
    book = book_of(primary(language))
    first, _, rest = text.strip().partition(" ")
    return rest if rest and book is not None and first.lower() in book.slot_leads else text


def _reading(language: str) -> Reading:
    return Reading(_ANY_TIME.now, language)
