"""What a calendar and a clock show: year, month, day, weekday, hour, minute, second; and the part of the day.

The hours that a part of the day has, and which half of the clock it means, are here; what a bare hour means is the
Reading's choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from assistant.core.values import Grain, HourPolicy, Reading
from assistant.language.time.spans import Span, days_in

MOST_YEARS = 60
"""How far to look for a day: a 29 February on a Monday comes every 28 or 40 years."""


@dataclass(frozen=True, slots=True)
class Here:
    """Against what a series is read: `now` is naive wall time of the speaker."""

    now: datetime
    reading: Reading


class Part(StrEnum):
    """Parts of the day."""

    AM = "am"
    PM = "pm"
    EARLY_MORNING = "early_morning"
    MORNING = "morning"
    LUNCH = "lunch"
    AFTERNOON = "afternoon"
    AFTER_LUNCH = "after_lunch"
    AFTER_SCHOOL = "after_school"
    AFTER_WORK = "after_work"
    EVENING = "evening"
    LATE_EVENING = "late_evening"
    NIGHT = "night"


HOURS = {
    Part.AM: (0, 12),
    Part.PM: (12, 24),
    Part.EARLY_MORNING: (0, 9),
    Part.MORNING: (0, 12),
    Part.LUNCH: (12, 14),
    Part.AFTERNOON: (12, 19),
    Part.AFTER_LUNCH: (13, 17),
    Part.AFTER_SCHOOL: (15, 21),
    Part.AFTER_WORK: (17, 21),
    Part.EVENING: (18, 24),
    Part.LATE_EVENING: (21, 24),
    Part.NIGHT: (18, 24),
}
"""From which hour to which (exclusive)."""
_LAST_SMALL_HOUR = 4
"""One to four at night are after midnight."""


def hour_in(hour: int, part: Part, reading: Reading) -> int:
    """The hour on a clock of twelve, in a part of the day, as hours from midnight; 24 and more are the night after."""
    turned = hour % 12
    if part is Part.PM:
        return turned + 12
    if HOURS[part][0] < 12:
        return turned
    if not reading.is_hour_inside_part_of_day:
        return turned + (24 if turned == 0 else 12)
    if HOURS[part][0] < 18:
        return turned if part is Part.LUNCH and turned >= 10 else turned + 12
    if turned == 0 or (turned <= _LAST_SMALL_HOUR and part in (Part.NIGHT, Part.LATE_EVENING)):
        return turned + 24
    return turned + 12


class Fields(NamedTuple):
    """All moments that show these; None shows anything. `part` tells which half of the clock an hour is in.

    A minute needs an hour, a second a minute. `is_on_day`: the day is said beside, in another series."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    is_12h: bool = False
    part: Part | None = None
    is_on_day: bool = False

    @property
    def has_day(self) -> bool:
        """It says something about the day."""
        return not (self.year is self.month is self.day is self.weekday is None)

    @property
    def grain(self) -> Grain:
        """The finest that it says."""
        if self.hour is not None:
            if self.minute is None:
                return Grain.HOUR
            return Grain.MINUTE if self.second is None else Grain.SECOND
        if self.day is not None or self.weekday is not None:
            return Grain.DAY
        return Grain.YEAR if self.month is None else Grain.MONTH

    def merged(self, other: Fields) -> Fields | None:
        """Both at once; None where they contradict each other or no such day exists."""
        values: list[int | None] = []
        for mine, theirs in zip(self[:7], other[:7], strict=True):
            if mine is not None and theirs is not None and mine != theirs:
                return None
            values.append(theirs if mine is None else mine)
        if self.part and other.part and self.part != other.part:
            return None
        has_both = self.hour is not None and other.hour is not None
        is_12h = self.is_12h and other.is_12h if has_both else self.is_12h or other.is_12h
        is_on_day = self.is_on_day or other.is_on_day
        year, month, day, weekday, hour, minute, second = values
        part = self.part or other.part
        both = Fields(year, month, day, weekday, hour, minute, second, is_12h, part, is_on_day)
        return both if both._is_possible() else None

    def _is_possible(self) -> bool:
        if self.day is None:
            return True
        if self.month is not None and self.day > days_in(self.year or 2000, self.month):
            return False
        if None not in (self.year, self.month, self.weekday):
            return date(self.year or 1, self.month or 1, self.day).weekday() == self.weekday
        return True

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end after the moment, from early to late."""
        return (span for span in self._spans(moment, here, 1) if span.end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end by the moment, from late to early."""
        return (span for span in self._spans(moment, here, -1) if span.end <= moment)

    def _spans(self, moment: datetime, here: Here, step: int) -> Iterator[Span]:
        grain = self.grain
        if grain is Grain.YEAR:
            for year in self._years(moment.year, step):
                yield Span(datetime(year, 1, 1), datetime(year + 1, 1, 1), grain)
        elif grain is Grain.MONTH:
            for year in self._years(moment.year, step):
                month = self.month or 1
                following = datetime(year + month // 12, month % 12 + 1, 1)
                yield Span(datetime(year, month, 1), following, grain)
        elif grain is Grain.DAY:
            for day in self._days(moment.date(), step):
                start = datetime(day.year, day.month, day.day)
                yield Span(start, start + timedelta(days=1), grain)
        else:
            yield from self._clock_spans(moment, here, step)

    def _clock_spans(self, moment: datetime, here: Here, step: int) -> Iterator[Span]:
        length = _LENGTHS[self.grain]
        offsets = self._offsets(here)[::step]
        from_day = moment.date() - timedelta(days=1) if step > 0 else moment.date()
        for day in self._days(from_day, step):
            midnight = datetime(day.year, day.month, day.day)
            for offset in offsets:
                yield Span(midnight + offset, midnight + offset + length, self.grain)

    def _offsets(self, here: Here) -> Sequence[timedelta]:
        more = timedelta(minutes=self.minute or 0, seconds=self.second or 0)
        return [timedelta(hours=hour) + more for hour in self._hours(here.reading)]

    def _hours(self, reading: Reading) -> Sequence[int]:
        hour = self.hour or 0
        if self.part is not None and hour <= 12:
            return [hour_in(hour, self.part, reading)]
        if not self.is_12h or hour > 12:
            return [hour]
        turned = hour % 12
        if reading.hours is HourPolicy.MORNING and turned:
            return [turned]
        if (self.has_day or self.is_on_day) and reading.is_waking_on_named_day:
            return [turned if turned >= 7 else turned + 12]
        return [turned, turned + 12]

    def _years(self, year: int, step: int) -> Iterator[int]:
        if self.year is None:
            yield from range(year, year + step * MOST_YEARS, step)
        else:
            yield self.year

    def _days(self, start: date, step: int) -> Iterator[date]:
        """Days that fit, from `start` on, or all of the year that is said."""
        for year in self._years(start.year, step):
            months = range(1, 13) if self.month is None else (self.month,)
            for month in months[::step]:
                if (year - start.year, month - start.month) < (0, 0) and step > 0:
                    continue
                if (year - start.year, month - start.month) > (0, 0) and step < 0:
                    continue
                is_first = (year, month) == (start.year, start.month)
                yield from self._days_of(year, month, start.day if is_first else None, step)

    def _days_of(self, year: int, month: int, near: int | None, step: int) -> Iterator[date]:
        last = days_in(year, month)
        if self.day is not None:
            if self.day <= last and (near is None or (self.day - near) * step >= 0):
                day = date(year, month, self.day)
                if self.weekday is None or day.weekday() == self.weekday:
                    yield day
            return
        days = range(near or 1, last + 1) if step > 0 else range(near or last, 0, -1)
        if self.weekday is not None:
            skip = (self.weekday - date(year, month, days[0]).weekday()) * step % 7
            days = days[skip::7]
        for each in days:
            yield date(year, month, each)


_LENGTHS = {Grain.HOUR: timedelta(hours=1), Grain.MINUTE: timedelta(minutes=1), Grain.SECOND: timedelta(seconds=1)}
