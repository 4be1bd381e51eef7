"""What a text about time, lengths or numbers should mean, and whether an answer means it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from assistant.core.values import (
    Direction,
    Grain,
    Instant,
    Interval,
    Length,
    Meaning,
    Measure,
    Number,
    Open,
    Ordinal,
    Recurrence,
    Unit,
)
from benchmarks.time_rules import first_times
from benchmarks.time_timex import repeats_as

_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_CLOSE = 1e-6
_SECOND = timedelta(seconds=1)
_END_OF_DAY = time(23, 59, 59)


class Verdict(StrEnum):
    """How an answer was."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


class Wanted(Protocol):
    """What is wanted of one text."""

    def is_met(self, answer: Meaning, /) -> bool:
        """True if the answer means this."""
        ...

    def grain(self) -> Grain | None:
        """To what a peer's answer, which has no grain of its own, is cut."""
        ...


@dataclass(frozen=True, slots=True)
class _Grainless:
    def grain(self) -> Grain | None:
        """Peers' answers stay whole."""
        return None


@dataclass(frozen=True, slots=True)
class WantedInstant:
    """The start of a unit, and which unit."""

    at: datetime
    unit: Grain

    def is_met(self, answer: Meaning) -> bool:
        """Both must be the same."""
        return isinstance(answer, Instant) and answer.at == self.at and answer.grain is self.unit

    def grain(self) -> Grain | None:
        """The unit that was said."""
        return self.unit


@dataclass(frozen=True, slots=True)
class WantedMoment(_Grainless):
    """A moment without a unit, or with `is_day` that day. A day's last second stands for its end."""

    at: datetime
    is_day: bool = False

    def is_met(self, answer: Meaning) -> bool:
        """The same moment, or the same day."""
        if not isinstance(answer, Instant):
            return False
        if self.is_day:
            return answer.at.date() == self.at.date()
        return answer.at == (self.at + _SECOND if self.at.time() == _END_OF_DAY else self.at)


def years_on(at: datetime, now: datetime) -> Sequence[Wanted]:
    """A day some years from now, said in years, may be as exact as that was said: to the month."""
    is_years_on = (at.month, at.day) == (now.month, now.day) and at.year != now.year
    return (WantedInstant(cut(at, Grain.MONTH), Grain.MONTH),) if is_years_on else ()


@dataclass(frozen=True, slots=True)
class WantedClock(_Grainless):
    """A time of day, today or tomorrow."""

    clock: time
    today: date

    def is_met(self, answer: Meaning) -> bool:
        """The same time of day."""
        if not isinstance(answer, Instant):
            return False
        return answer.at.time() == self.clock and timedelta(0) <= answer.at.date() - self.today <= timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WantedSpan(_Grainless):
    """From `start` to `end`, exclusive."""

    start: datetime
    end: datetime

    def is_met(self, answer: Meaning) -> bool:
        """Both ends must be the same."""
        return isinstance(answer, Interval) and (answer.start, answer.end) == (self.start, self.end)


@dataclass(frozen=True, slots=True)
class WantedRange(_Grainless):
    """A range whose end may be named (inclusive by its unit) or exclusive; one of the ends may be open.

    With `is_clock` only the times of day count."""

    start: datetime | None
    end: datetime | None
    is_clock: bool = False

    def is_met(self, answer: Meaning) -> bool:
        """The ends must be the same; a unit (a month, a week) is a range too."""
        match answer:
            case Interval(start, end, unit):
                return self._is_same(self.start, start) and any(
                    self._is_same(self.end, each) for each in (end, back_by(end, unit))
                )
            case Instant(at, unit):
                return self._is_same(self.start, at) and self._is_same(self.end, on_by(at, unit))
            case Open(Direction.AFTER, at):
                return self.end is None and self._is_same(self.start, at)
            case Open(Direction.BEFORE, at, unit):
                return self.start is None and any(self._is_same(self.end, each) for each in (at, back_by(at, unit)))
            case _:
                return False

    def _is_same(self, wanted: datetime | None, actual: datetime) -> bool:
        if wanted is None:
            return False
        return wanted.time() == actual.time() if self.is_clock else wanted == actual


@dataclass(frozen=True, slots=True)
class WantedOpen(_Grainless):
    """All time on one side of a moment."""

    direction: Direction
    at: datetime

    def is_met(self, answer: Meaning) -> bool:
        """The same moment and side."""
        return isinstance(answer, Open) and (answer.direction, answer.at) == (self.direction, self.at)


@dataclass(frozen=True, slots=True)
class WantedLength(_Grainless):
    """A length of time, in seconds or in months."""

    seconds: float | None
    months: float | None = None

    def is_met(self, answer: Meaning) -> bool:
        """The same length, whatever units it was said in."""
        if not isinstance(answer, Length):
            return False
        if self.seconds is not None and abs(answer.seconds - self.seconds) < _CLOSE * max(1.0, self.seconds):
            return True
        months = months_of(answer)
        return self.months is not None and months is not None and abs(months - self.months) < _CLOSE


@dataclass(frozen=True, slots=True)
class WantedNumber(_Grainless):
    """A number."""

    value: float

    def is_met(self, answer: Meaning) -> bool:
        """The same number but for rounding."""
        return isinstance(answer, Number) and abs(answer.value - self.value) <= _CLOSE * max(1.0, abs(self.value))


@dataclass(frozen=True, slots=True)
class WantedOrdinal(_Grainless):
    """A place in a row."""

    value: int

    def is_met(self, answer: Meaning) -> bool:
        """The same place."""
        return isinstance(answer, Ordinal) and answer.value == self.value


@dataclass(frozen=True, slots=True)
class WantedMeasure(_Grainless):
    """A number with one of these units (a bare degree may be any scale)."""

    value: float
    units: frozenset[Unit]

    def is_met(self, answer: Meaning) -> bool:
        """The same number and unit."""
        return isinstance(answer, Measure) and answer.unit in self.units and abs(answer.value - self.value) < _CLOSE


@dataclass(frozen=True, slots=True)
class WantedRule(_Grainless):
    """Something that repeats as a TIMEX expression says ("P2W", "XXXX-WXX-1T16")."""

    timex: str
    is_every_other: bool = False

    def is_met(self, answer: Meaning) -> bool:
        """The first times of the rule must be such times."""
        if not isinstance(answer, Recurrence):
            return False
        return repeats_as(first_times(answer.repeat), self.timex, self.is_every_other)


@dataclass(frozen=True, slots=True)
class WantedFirst(_Grainless):
    """A moment that may also be said by a length from `now` on or by the first time of a rule."""

    at: datetime
    now: datetime

    def is_met(self, answer: Meaning) -> bool:
        """The same moment."""
        match answer:
            case Length():
                return self.now + answer.span == self.at
            case Recurrence(repeat):
                coming = [t for t in first_times(repeat) if t >= self.now.replace(tzinfo=None)]
                return coming[:1] == [self.at.replace(tzinfo=None)]
            case _:
                return False


@dataclass(frozen=True, slots=True)
class WantedPart(_Grainless):
    """A part of a day, where the data names its usual hour."""

    at: datetime

    def is_met(self, answer: Meaning) -> bool:
        """Some hours of that day which hold the hour."""
        return (
            isinstance(answer, Interval)
            and answer.end - answer.start < timedelta(days=1)
            and answer.start <= self.at < answer.end
        )


@dataclass(frozen=True, slots=True)
class WantedNothing(_Grainless):
    """A date that doesn't exist: to find none is right."""

    def is_met(self, _: Meaning) -> bool:
        """Never: any answer is wrong."""
        return False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several right readings."""

    choices: tuple[Wanted, ...]

    def is_met(self, answer: Meaning) -> bool:
        """One of them is enough."""
        return any(each.is_met(answer) for each in self.choices)

    def grain(self) -> Grain | None:
        """Of the first reading."""
        return self.choices[0].grain()


def months_of(length: Length) -> float | None:
    """A length in months, if all of it was said in months or longer units."""
    if any(grain not in _MONTHS for _, grain in length.amounts):
        return None
    return sum(amount * _MONTHS[grain] for amount, grain in length.amounts)


def on_by(at: datetime, grain: Grain) -> datetime:
    """One unit later."""
    if grain in _MONTHS:
        return _months_on(at, _MONTHS[grain])
    return at + Length(((1, grain),)).span


def back_by(at: datetime, grain: Grain) -> datetime:
    """One unit earlier."""
    if grain in _MONTHS:
        return _months_on(at, -_MONTHS[grain])
    return at - Length(((1, grain),)).span


def _months_on(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def cut(at: datetime, grain: Grain) -> datetime:
    """The start of the unit that holds the moment."""
    match grain:
        case Grain.SECOND:
            return at.replace(microsecond=0)
        case Grain.MINUTE:
            return at.replace(second=0, microsecond=0)
        case Grain.HOUR:
            return at.replace(minute=0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


def judge(wanted: Wanted, answers: Sequence[Meaning]) -> Verdict:
    """None, right or wrong: the first answer is the one that counts."""
    if not answers:
        return Verdict.RIGHT if isinstance(wanted, WantedNothing) else Verdict.NONE
    return Verdict.RIGHT if wanted.is_met(answers[0]) else Verdict.WRONG
