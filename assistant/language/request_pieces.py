"""The stretches of a request that may say when: times, rules, lengths, and offsets to something named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from assistant.core.values import (
    Direction,
    Found,
    Grain,
    Instant,
    Interval,
    Kind,
    Length,
    Offset,
    Open,
    Reading,
    Recurrence,
    Trigger,
)
from assistant.language.chart.tokens import Token, folded, tokens_of
from assistant.language.found import found_in
from assistant.language.moments import CLOCK
from assistant.language.request_book import Book

WHEN = (Kind.TIME, Kind.RECURRENCE, Kind.LENGTH)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text (characters) that means a trigger."""

    start: int
    end: int
    meaning: Trigger | Open
    is_doubtful: bool = False
    has_lead: bool = False
    """A word such as "at" or "for" stands before it."""

    @property
    def has_clock(self) -> bool:
        """True when it says a time of day, or a length from now."""
        match self.meaning:
            case Instant(grain=grain):
                return grain in CLOCK
            case Interval(grain=grain):
                return grain is Grain.MINUTE
            case Length():
                return self.meaning.grain in CLOCK
            case Offset():
                return True
            case Recurrence() | Open():
                return False
            case _:
                assert_never(self.meaning)


class Pieces:
    """What a text holds of that, read by the book of its language."""

    def __init__(self, text: str, reading: Reading, book: Book) -> None:
        self.text = text
        self.reading = reading
        self.book = book
        self.plain = folded(text)
        self.tokens = tokens_of(self.plain)
        self.read = re.sub(book.deadline, book.deadline_as, self.plain)
        """What is read: "by five" is a trigger at five. No place in it moves."""

    def found(self) -> list[Piece]:
        """All that may be meant, in order."""
        pieces = self._pieces(self._said)
        pieces = [self._with_reference(piece, pieces) for piece in pieces]
        return self._days_before(pieces)

    def latent(self) -> list[Piece]:
        """Times of day that are such only if nothing speaks against it."""
        latent = found_in(self.read, replace(self.reading, is_latent_wanted=True), WHEN)
        return [each for each in self._pieces(latent) if isinstance(each.meaning, Instant) and each.has_clock]

    def begins_at(self, place: int) -> bool:
        """A time begins there."""
        return any(each.start == place for each in self._said)

    @cached_property
    def _said(self) -> Sequence[Found]:
        return found_in(self.read, self.reading, WHEN)

    def _pieces(self, found: Sequence[Found]) -> list[Piece]:
        return [
            self._with_leads(each)
            for each in found
            if isinstance(each.meaning, Instant | Interval | Length | Open | Recurrence)
        ]

    def _with_leads(self, found: Found) -> Piece:
        start = self._lead(found.start)
        own = self.token_after(found.start)
        has_lead = start < found.start or (own is not None and own.text in self.book.leads)
        meaning = found.meaning
        assert isinstance(meaning, Instant | Interval | Length | Open | Recurrence)
        return Piece(start, found.end, meaning, found.is_doubtful, has_lead)

    def _lead(self, start: int) -> int:
        """Where the words begin that stand before a time and go with it."""
        while (token := self.token_before(start)) is not None and token.text in self.book.leads:
            start = token.start
        return start

    def _with_reference(self, piece: Piece, pieces: Sequence[Piece]) -> Piece:
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
                    return Piece(piece.start, end, Offset(direction, piece.meaning, reference))
        token = self.token_after(piece.end)
        if token is not None and token.text in self.book.earlier | self.book.later:
            direction = Direction.BEFORE if token.text in self.book.earlier else Direction.AFTER
            return Piece(piece.start, token.end, Offset(direction, piece.meaning))
        return piece

    def _days_before(self, pieces: list[Piece]) -> list[Piece]:
        """ "The evening before the exam", "the day before my trip"."""
        words = "|".join(self.book.days_before)
        match = re.search(rf"(?:\bthe\s+)?\b({words})\s+(?:{'|'.join(self.book.before)})\s+(?=\w)", self.plain)
        if match is None:
            return pieces
        if any(piece.start < match.end() <= piece.end and not isinstance(piece.meaning, Length) for piece in pieces):
            return pieces
        start = self._lead(match.start())
        end = self._end_of_reference(match.end(), pieces)
        offset = Offset(Direction.BEFORE, Length(((1, Grain.DAY),)), self.text[match.end() : end].strip(), match[1])
        others = [piece for piece in pieces if piece.end <= start or piece.start >= end]
        return sorted([*others, Piece(start, end, offset)], key=lambda piece: piece.start)

    def _end_of_reference(self, start: int, pieces: Sequence[Piece]) -> int:
        """A reference ends before a marker, another time or the end."""
        ends = [piece.start for piece in pieces if piece.start > start]
        ends += [token.start for token in self.tokens if token.start > start and token.text in self.book.markers]
        return min(ends, default=len(self.text))

    def token_before(self, place: int) -> Token | None:
        """The last token that ends by a place."""
        return next((token for token in reversed(self.tokens) if token.end <= place), None)

    def token_after(self, place: int) -> Token | None:
        """The first token that starts at a place or after it."""
        return next((token for token in self.tokens if token.start >= place), None)
