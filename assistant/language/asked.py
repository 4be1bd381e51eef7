"""Words of a question or target → the time that they name, in any of its forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from assistant.core.turn import TimeValue
from assistant.core.values import (
    Direction,
    Grain,
    HourPolicy,
    Instant,
    Interval,
    Kind,
    Length,
    Offset,
    Open,
    Reading,
    Recurrence,
    Wish,
)
from assistant.language import when_from
from assistant.language.found import grammar_of, meaning_of
from assistant.language.ops.senses import senses
from assistant.language.request import request_from

_KINDS = (Kind.TIME, Kind.RECURRENCE)


def reading_for(wish: Wish | None, reading: Reading) -> Reading:
    """The same, with the hours of somebody who wants to be woken where that is wished."""
    if wish is not Wish.WAKE:
        return reading
    return replace(reading, hours=HourPolicy.MORNING)


def time_of(text: str, reading: Reading) -> TimeValue | None:
    """The time that the whole text names: a moment, a span, a rule, or "ten minutes earlier"."""
    if grammar_of(reading.locale) is None:
        at = when_from(text, reading.now, reading.locale)
        return None if at is None else Instant(at, Grain.MINUTE)
    meaning = meaning_of(text, reading, _KINDS)
    if isinstance(meaning, Open):
        return _closed(meaning, reading.now)
    if isinstance(meaning, Instant | Interval | Recurrence):
        return meaning
    return _shift(text, reading)


@lru_cache(maxsize=16)
def time_ends(text: str, start: int, locale: str) -> frozenset[int] | None:
    """Where a time that begins there may end, read from the whole text at once; None for a language without rules."""
    grammar = grammar_of(locale)
    if grammar is None:
        return None
    ends: set[int] = set()
    for begin, end in _stretches(text, locale):
        if begin == start or (begin > start and " " not in text[start:begin].strip()):
            ends |= {end, _next_word_end(text, end)}
    return frozenset(ends)


@lru_cache(maxsize=8)
def _stretches(text: str, locale: str) -> frozenset[tuple[int, int]]:
    grammar = grammar_of(locale)
    if grammar is None:
        return frozenset()
    tokens, edges = grammar.edges(text)
    tags = frozenset().union(*(sense.tags for sense in senses() if sense.kind in (*_KINDS, Kind.LENGTH)))
    meant = (edge for edge in edges if not tags.isdisjoint(edge.value.tags))
    return frozenset((tokens[edge.start].start, tokens[edge.end - 1].end) for edge in meant)


def _next_word_end(text: str, at: int) -> int:
    """ "Ten minutes earlier" is one word longer than its length."""
    end = text.find(" ", at + 1)
    return end if end >= 0 else len(text)


def _shift(text: str, reading: Reading) -> Offset | None:
    request = request_from(text, Wish.ALARM, reading)
    if request.label or len(request.triggers) != 1:
        return None
    trigger = request.triggers[0]
    is_bare = isinstance(trigger, Offset) and isinstance(trigger.by, Length) and not trigger.reference
    return trigger if is_bare and isinstance(trigger, Offset) else None


def _closed(span: Open, now: datetime) -> Interval:
    """Until a moment: from now on; after it: to the end of its day."""
    if span.direction is Direction.BEFORE:
        return Interval(min(now, span.at), span.at, span.grain)
    midnight = datetime.combine(span.at.date() + timedelta(days=1), time(), span.at.tzinfo)
    return Interval(span.at, midnight, span.grain)
