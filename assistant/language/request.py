"""The words of a scheduling command → what it is about, and when: which time is the trigger and which is part of the
thing ("call mum tomorrow at five about the trip on friday")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import assert_never

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
    Request,
    Trigger,
    Wish,
)
from assistant.language.book import book_from
from assistant.language.chart.tokens import Token, folded, tokens_of
from assistant.language.found import found_in, meaning_of
from assistant.language.ops.recurrences import DAY_AT, PART_AT
from assistant.language.time.fields import HOURS, Part
from assistant.language.wall import on_wall
from assistant.language.words import primary

_CLOCK = (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
_WHEN = (Kind.TIME, Kind.RECURRENCE, Kind.LENGTH)
_PARTS = {
    (first, last - first): PART_AT[part]
    for part, (first, last) in HOURS.items()
    if part in PART_AT and part is not Part.NIGHT
}
"""Part of the day by its first hour and its length in hours → when one is told in it."""
_REST_OF_DAY = (12, 15, 18, 21, 22, 23)
_HOURS_OF_DAY = 24


@dataclass(frozen=True, slots=True)
class Book:
    """What a language's requests look like; every entry is lower case."""

    markers: frozenset[str]
    topics: frozenset[str]
    leads: frozenset[str]
    slot_leads: frozenset[str]
    determiners: frozenset[str]
    closed: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    earlier: frozenset[str]
    later: frozenset[str]
    days_before: tuple[str, ...]
    label_start: tuple[str, ...]
    label_end: tuple[str, ...]
    articles: tuple[str, ...]
    owners: tuple[str, ...]
    counting: frozenset[str]
    doubtful: tuple[str, ...]


@lru_cache(maxsize=8)
def book_of(language: str) -> Book | None:
    """What requests look like in a language ("en"); None where that is not written down."""
    return book_from(Book, language, "request.toml")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text (characters) that means a trigger."""

    start: int
    end: int
    meaning: Trigger | Open
    is_doubtful: bool = False

    @property
    def has_clock(self) -> bool:
        """True when it says a time of day, or a length from now."""
        match self.meaning:
            case Instant(grain=grain):
                return grain in _CLOCK
            case Interval(grain=grain):
                return grain is Grain.MINUTE
            case Length():
                return self.meaning.grain in _CLOCK
            case Offset():
                return True
            case Recurrence() | Open():
                return False
            case _:
                assert_never(self.meaning)


def request_from(text: str, wish: Wish, reading: Reading) -> Request:
    """Tell trigger and label apart. A language without a book gives the whole text as label."""
    book = book_of(primary(reading.locale))
    if book is None:
        return Request(text.strip())
    if wish is Wish.WAKE:
        reading = replace(reading, hours=HourPolicy.MORNING)
    request = _Asked(text, wish, reading, book).request()
    if wish is Wish.ALARM and not request.label and _is_for_the_morning(request, reading):
        morning = replace(reading, hours=HourPolicy.MORNING)
        return _Asked(text, wish, morning, book).request()
    return request


def _is_for_the_morning(request: Request, reading: Reading) -> bool:
    """An alarm for nothing in particular that repeats, or is for another day, is there to get up by."""
    today = reading.now.date()
    for each in request.triggers:
        if isinstance(each, Recurrence):
            return True
        if isinstance(each, Instant) and not each.is_elapsed and each.at.date() > today:
            return True
    return False


class _Asked:
    """One request being taken apart."""

    def __init__(self, text: str, wish: Wish, reading: Reading, book: Book) -> None:
        self.text = text
        self.wish = wish
        self.reading = reading
        self.book = book
        self.plain = folded(text)
        self.tokens = tokens_of(self.plain)

    def request(self) -> Request:
        """The parts of it."""
        pieces = self._pieces()
        if self.wish is Wish.TIMER:
            chosen = [piece for piece in pieces if isinstance(piece.meaning, Length)] or pieces[:1]
        else:
            chosen = self._chosen(pieces)
        label = self._label(chosen)
        offset = next((piece.meaning for piece in chosen if isinstance(piece.meaning, Offset)), None)
        if not label and offset is not None:
            label = _without(offset.reference, self.book.owners)
        said = " … ".join(self.text[piece.start : piece.end] for piece in chosen)
        triggers = self._lengths(chosen) if self.wish is Wish.TIMER else self._triggers(chosen)
        return Request(label, triggers, said, self._needs_check(chosen, triggers))

    # ── which words are times ──

    def _pieces(self) -> list[_Piece]:
        found = found_in(self.text, self.reading, _WHEN)
        pieces = [
            _Piece(self._with_leads(each.start), each.end, each.meaning, each.is_doubtful)
            for each in found
            if isinstance(each.meaning, Instant | Interval | Length | Open | Recurrence)
        ]
        pieces = [self._with_reference(piece, pieces) for piece in pieces]
        return self._days_before(pieces)

    def _with_leads(self, start: int) -> int:
        while (token := self._token_before(start)) is not None and token.text in self.book.leads:
            start = token.start
        return start

    def _with_reference(self, piece: _Piece, pieces: Sequence[_Piece]) -> _Piece:
        """ "Two hours before my flight", "ten minutes earlier"."""
        if not isinstance(piece.meaning, Length):
            return piece
        rest = self.plain[piece.end :]
        for direction, words in ((Direction.BEFORE, self.book.before), (Direction.AFTER, self.book.after)):
            match = re.match(rf"\s+(?:{'|'.join(words)})\s+(?=\w)", rest)
            if match is not None:
                start = piece.end + match.end()
                end = self._end_of_reference(start, pieces)
                reference = self.text[start:end].strip()
                if reference:
                    return _Piece(piece.start, end, Offset(direction, piece.meaning, reference))
        token = self._token_after(piece.end)
        if token is not None and token.text in self.book.earlier | self.book.later:
            direction = Direction.BEFORE if token.text in self.book.earlier else Direction.AFTER
            return _Piece(piece.start, token.end, Offset(direction, piece.meaning))
        return piece

    def _days_before(self, pieces: list[_Piece]) -> list[_Piece]:
        """ "The evening before the exam", "the day before my trip"."""
        words = "|".join(self.book.days_before)
        match = re.search(rf"(?:\bthe\s+)?\b({words})\s+(?:{'|'.join(self.book.before)})\s+(?=\w)", self.plain)
        if match is None:
            return pieces
        if any(piece.start < match.end() <= piece.end and not isinstance(piece.meaning, Length) for piece in pieces):
            return pieces
        start = self._with_leads(match.start())
        end = self._end_of_reference(match.end(), pieces)
        offset = Offset(Direction.BEFORE, Length(((1, Grain.DAY),)), self.text[match.end() : end].strip(), match[1])
        others = [piece for piece in pieces if piece.end <= start or piece.start >= end]
        return sorted([*others, _Piece(start, end, offset)], key=lambda piece: piece.start)

    def _end_of_reference(self, start: int, pieces: Sequence[_Piece]) -> int:
        """A reference ends before a marker, another time or the end."""
        ends = [piece.start for piece in pieces if piece.start > start]
        ends += [token.start for token in self.tokens if token.start > start and token.text in self.book.markers]
        return min(ends, default=len(self.text))

    # ── which of them is meant ──

    def _chosen(self, pieces: list[_Piece]) -> list[_Piece]:
        """The trigger, in one piece or in several that say one time together."""
        free = [piece for piece in pieces if not self._describes(piece)]
        free = self._without_topics(free)
        if not free:
            return []
        able = [piece for piece in free if not isinstance(piece.meaning, Open)]
        if not able:
            return []
        first = self._marker()
        ahead = [piece for piece in able if piece.start < first]
        main = max(ahead or able, key=lambda piece: (_weight(piece), piece.start))
        for other in free:
            joined = None if other is main else self._joined(main, other)
            if joined is not None:
                parts = sorted((main, other), key=lambda piece: piece.start)
                return [replace(parts[0], meaning=joined), replace(parts[1], meaning=joined)]
        return [main]

    def _describes(self, piece: _Piece) -> bool:
        """Right between a determiner and a word of its own: "the two thirty ticket"."""
        before, after = self._token_before(piece.start), self._token_after(piece.end)
        if before is None or after is None or before.text not in self.book.determiners:
            return False
        return after.text.isalpha() and after.text not in self.book.closed and not self._starts_piece(after)

    def _without_topics(self, pieces: list[_Piece]) -> list[_Piece]:
        """A time after "about …" is part of the topic, when another time was said before it."""
        kept: list[_Piece] = []
        for piece in pieces:
            since = kept[-1].end if kept else 0
            between = [token.text for token in self.tokens if since <= token.start < piece.start]
            if not kept or not any(word in self.book.topics for word in between):
                kept.append(piece)
        return kept

    def _joined(self, main: _Piece, other: _Piece) -> Trigger | None:
        """Both as one time, if one names the day or the rule and the other the time of day."""
        if isinstance(main.meaning, Instant) and isinstance(other.meaning, Length) and self.wish is Wish.EVENT:
            return Interval(main.meaning.at, main.meaning.at + other.meaning.span, Grain.MINUTE)
        is_bound = isinstance(main.meaning, Recurrence) and isinstance(other.meaning, Open | Length)
        if not is_bound and (main.has_clock == other.has_clock or isinstance(main.meaning, Length)):
            return None
        if not is_bound and isinstance(other.meaning, Length | Open):
            return None
        parts = sorted((main, other), key=lambda piece: piece.start)
        words = " ".join(self.text[piece.start : piece.end] for piece in parts)
        whole = meaning_of(words, self.reading, _WHEN)
        return whole if isinstance(whole, Instant | Interval | Recurrence) else None

    def _marker(self) -> int:
        """Where the thing begins, if a marker says so."""
        return next((token.start for token in self.tokens if token.text in self.book.markers), 0)

    # ── what remains ──

    def _label(self, chosen: Sequence[_Piece]) -> str:
        rest, at = [], 0
        for piece in sorted(chosen, key=lambda each: each.start):
            rest.append(self.text[at : piece.start])
            at = piece.end
        rest.append(self.text[at:])
        label = " ".join(" ".join(rest).split())
        if self.wish is Wish.TIMER:
            return " ".join(word for word in label.split() if word.lower() not in self.book.counting)
        return _trimmed(label.strip(" ,.;:!?"), self.book)

    def _lengths(self, chosen: Sequence[_Piece]) -> tuple[Trigger, ...]:
        return tuple(piece.meaning for piece in chosen if not isinstance(piece.meaning, Open))

    def _triggers(self, chosen: Sequence[_Piece]) -> tuple[Trigger, ...]:
        meaning = chosen[0].meaning if chosen else None
        if meaning is None or isinstance(meaning, Open):
            return ()
        if isinstance(meaning, Length):
            at = (self.reading.now.astimezone(UTC) + meaning.span).astimezone(self.reading.now.tzinfo)
            return (Instant(at, Grain.SECOND, is_elapsed=True),)
        if self.wish is Wish.EVENT or not isinstance(meaning, Instant | Interval):
            return (meaning,)
        return (moment_of(meaning, self.reading.now),)

    def _needs_check(self, chosen: Sequence[_Piece], triggers: Sequence[Trigger]) -> bool:
        said = " ".join(self.plain[piece.start : piece.end] for piece in chosen)
        if any(piece.is_doubtful for piece in chosen) or any(re.search(each, said) for each in self.book.doubtful):
            return True
        now = self.reading.now
        return any(isinstance(each, Instant) and _is_leap_day(each.at.date(), now.date()) for each in triggers)

    # ── tokens ──

    def _token_before(self, place: int) -> Token | None:
        return next((token for token in reversed(self.tokens) if token.end <= place), None)

    def _token_after(self, place: int) -> Token | None:
        return next((token for token in self.tokens if token.start >= place), None)

    def _starts_piece(self, token: Token) -> bool:
        return any(each.start == token.start for each in found_in(self.text, self.reading, _WHEN))


def moment_of(meaning: Instant | Interval, now: datetime) -> Instant:
    """The moment at which one is told: a day without a time means 09:00, a part of the day an hour in it."""
    if isinstance(meaning, Interval):
        start, hours = meaning.start, round((meaning.end - meaning.start) / timedelta(hours=1))
        if hours > _HOURS_OF_DAY:
            start = start + timedelta(days=1) if start.time() > time(12) else start
            return Instant(on_wall(start.date(), DAY_AT, now), Grain.MINUTE, meaning.holiday)
        at = _PARTS.get((start.hour, hours))
        moment = start if at is None else on_wall(start.date(), at, now)
        return Instant(_later_today(moment, now, meaning.end), Grain.MINUTE, meaning.holiday)
    if meaning.grain in _CLOCK:
        return meaning
    moment = on_wall(meaning.at.date(), DAY_AT, now)
    end = on_wall(meaning.at.date() + timedelta(days=1), time(), now)
    return Instant(_later_today(moment, now, end), Grain.MINUTE, meaning.holiday)


def _later_today(moment: datetime, now: datetime, end: datetime) -> datetime:
    """The same, or what is left of a day or of its part that has begun."""
    if moment > now or now >= end:
        return moment
    hour = next((hour for hour in _REST_OF_DAY if hour > now.hour), None)
    later = moment if hour is None else on_wall(now.date(), time(hour), now)
    return later if later < end else moment


def _weight(piece: _Piece) -> int:
    """How well it serves as a trigger: a rule or a clock time before a day, a day before a month."""
    match piece.meaning:
        case Recurrence() | Offset():
            return 4
        case Length():
            return 0
        case Instant(grain=grain) if grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
            return 1
        case _:
            return 3 if piece.has_clock else 2


def _is_leap_day(day: date, today: date) -> bool:
    return (day.month, day.day) == (2, 29) and day.year > today.year


def _trimmed(label: str, book: Book) -> str:
    previous = None
    while previous != label:
        previous = label
        label = _without(label, book.label_start)
        for word in book.label_end:
            if label.lower().endswith(f" {word}") or label.lower() == word:
                label = label[: -len(word)].strip(" ,.;:!?")
    return label


def _without(text: str, starts: Sequence[str]) -> str:
    """The text without such words at its start, once."""
    for word in sorted(starts, key=len, reverse=True):
        if text.lower().startswith(f"{word} ") or text.lower() == word:
            return text[len(word) :].strip(" ,.;:!?")
    return text
