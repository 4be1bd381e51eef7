"""The words of a scheduling command → what it is about, and when: which time is the trigger and which is part of the
thing ("ring tom tomorrow at four about the game on sunday")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date

from assistant.core.values import (
    Grain,
    HourPolicy,
    Instant,
    Interval,
    Length,
    Offset,
    Open,
    Reading,
    Recurrence,
    Request,
    Trigger,
    Wish,
)
from assistant.language.found import meaning_of
from assistant.language.moments import moment_of
from assistant.language.request_book import Book, book_of
from assistant.language.request_pieces import WHEN, Piece, Pieces
from assistant.language.words import primary

_SIGNS = " ,.;:!?"


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
        self.pieces = Pieces(text, reading, book)

    def request(self) -> Request:
        """The parts of it."""
        chosen = self._chosen_lengths() if self.wish is Wish.TIMER else self._chosen()
        label = self._label(chosen)
        offset = next((piece.meaning for piece in chosen if isinstance(piece.meaning, Offset)), None)
        if not label and offset is not None:
            label = _without(offset.reference, self.book.owners)
        said = " … ".join(self.text[piece.start : piece.end] for piece in chosen)
        triggers = self._lengths(chosen) if self.wish is Wish.TIMER else self._triggers(chosen)
        return Request(label, triggers, said, self._needs_check(chosen, triggers))

    # ── which of the times is meant ──

    def _chosen_lengths(self) -> list[Piece]:
        found = self.pieces.found()
        return [piece for piece in found if isinstance(piece.meaning, Length)] or found[:1]

    def _chosen(self) -> list[Piece]:
        """The trigger, in one piece or in several that say one time together."""
        free = self._free(self.pieces.found())
        able = [piece for piece in free if not isinstance(piece.meaning, Open)]
        if not able:
            return self._bare()
        first = self._marker()
        ahead = [piece for piece in able if piece.start < first]
        main = max(ahead or able, key=lambda piece: (_weight(piece), piece.start))
        for other in free:
            joined = None if other is main else self._joined(main, other)
            if joined is not None:
                parts = sorted((main, other), key=lambda piece: piece.start)
                return [replace(parts[0], meaning=joined), replace(parts[1], meaning=joined)]
        return [main]

    def _free(self, found: list[Piece]) -> list[Piece]:
        """Without those that are part of the thing; a length alone is a trigger only behind "for" or "in"."""
        kept = [piece for piece in found if not self._describes(piece)]
        kept = self._without_topics(kept)
        return [
            piece
            for piece in kept
            if not isinstance(piece.meaning, Length) or piece.has_lead or piece.end - piece.start == len(self.text)
        ] or [piece for piece in kept if isinstance(piece.meaning, Length) and self.wish is Wish.EVENT]

    def _bare(self) -> list[Piece]:
        """ "For seven", "alarm seven fifteen": what is a time only since nothing else was said of when."""
        spoken_bare = self.wish in (Wish.ALARM, Wish.WAKE)
        for piece in self._free(self.pieces.latent()):
            after = self.pieces.token_after(piece.end)
            is_whole = not self.text[: piece.start].strip(_SIGNS) and (spoken_bare or piece.has_lead)
            if is_whole and (after is None or after.text in self.book.closed):
                return [piece]
        return []

    def _describes(self, piece: Piece) -> bool:
        """Right between a determiner and a word of its own: "the two thirty ticket"."""
        before, after = self.pieces.token_before(piece.start), self.pieces.token_after(piece.end)
        if before is None or after is None or before.text not in self.book.determiners:
            return False
        return after.text.isalpha() and after.text not in self.book.closed and not self.pieces.begins_at(after.start)

    def _without_topics(self, pieces: list[Piece]) -> list[Piece]:
        """A time after "about …" is part of the topic, when another time was said before it."""
        kept: list[Piece] = []
        for piece in pieces:
            since = kept[-1].end if kept else 0
            between = [token.text for token in self.pieces.tokens if since <= token.start < piece.start]
            if not kept or not any(word in self.book.topics for word in between):
                kept.append(piece)
        return kept

    def _joined(self, main: Piece, other: Piece) -> Trigger | None:
        """Both as one time, if one names the day or the rule and the other the time of day."""
        if isinstance(main.meaning, Instant) and isinstance(other.meaning, Length) and self.wish is Wish.EVENT:
            return Interval(main.meaning.at, main.meaning.at + other.meaning.span, Grain.MINUTE)
        is_bound = isinstance(main.meaning, Recurrence) and isinstance(other.meaning, Open | Length)
        if not is_bound and (main.has_clock == other.has_clock or isinstance(main.meaning, Length)):
            return None
        if not is_bound and isinstance(other.meaning, Length | Open):
            return None
        parts = sorted((main, other), key=lambda piece: piece.start)
        words = " ".join(self.pieces.read[piece.start : piece.end] for piece in parts)
        whole = meaning_of(words, self.reading, WHEN)
        return whole if isinstance(whole, Instant | Interval | Recurrence) else None

    def _marker(self) -> int:
        """Where the thing begins, if a marker says so."""
        return next((token.start for token in self.pieces.tokens if token.text in self.book.markers), 0)

    # ── what it comes to ──

    def _label(self, chosen: Sequence[Piece]) -> str:
        rest, at = [], 0
        for piece in sorted(chosen, key=lambda each: each.start):
            rest.append(self.text[at : piece.start])
            at = piece.end
        rest.append(self.text[at:])
        label = " ".join(" ".join(rest).split())
        if self.wish is Wish.TIMER:
            return " ".join(word for word in label.split() if word.lower() not in self.book.counting)
        return _trimmed(label.strip(_SIGNS), self.book)

    def _lengths(self, chosen: Sequence[Piece]) -> tuple[Trigger, ...]:
        return tuple(piece.meaning for piece in chosen if not isinstance(piece.meaning, Open))

    def _triggers(self, chosen: Sequence[Piece]) -> tuple[Trigger, ...]:
        meaning = chosen[0].meaning if chosen else None
        if meaning is None or isinstance(meaning, Open):
            return ()
        if isinstance(meaning, Length):
            at = (self.reading.now.astimezone(UTC) + meaning.span).astimezone(self.reading.now.tzinfo)
            return (Instant(at, Grain.SECOND, is_elapsed=True),)
        if self.wish is Wish.EVENT or not isinstance(meaning, Instant | Interval):
            return (meaning,)
        return (self._moment(meaning, chosen),)

    def _moment(self, meaning: Instant | Interval, chosen: Sequence[Piece]) -> Instant:
        """The moment that is meant. "In the morning", said at noon, is the next one; "this morning" has passed."""
        moment = moment_of(meaning, self.reading.now)
        if moment.at > self.reading.now or not isinstance(meaning, Interval) or len(chosen) > 1:
            return moment
        words = self.pieces.read[chosen[0].start : chosen[0].end]
        later = replace(self.reading, now=meaning.end)
        again = meaning_of(words, later, WHEN)
        is_of_today = any(re.search(rf"\b{word}\b", words) for word in self.book.of_today)
        return moment if is_of_today or not isinstance(again, Interval) else moment_of(again, later.now)

    def _needs_check(self, chosen: Sequence[Piece], triggers: Sequence[Trigger]) -> bool:
        said = " ".join(self.pieces.read[piece.start : piece.end] for piece in chosen)
        if any(piece.is_doubtful for piece in chosen) or any(re.search(each, said) for each in self.book.doubtful):
            return True
        now = self.reading.now
        return any(isinstance(each, Instant) and _is_leap_day(each.at.date(), now.date()) for each in triggers)


def _weight(piece: Piece) -> int:
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
                label = label[: -len(word)].strip(_SIGNS)
    return label


def _without(text: str, starts: Sequence[str]) -> str:
    """The text without such words at its start, once."""
    for word in sorted(starts, key=len, reverse=True):
        if text.lower().startswith(f"{word} ") or text.lower() == word:
            return text[len(word) :].strip(_SIGNS)
    return text
