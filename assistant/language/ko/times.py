"""Korean times → the moment that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.language.calendar import coming_day_of_month, coming_month_day, coming_weekday, weekday_of_next_week
from assistant.language.ko.durations import take_span
from assistant.language.ko.scan import Scan, squeezed
from assistant.language.wall import MIDNIGHT, ClockTime, Part, after, resolve
from assistant.language.words import words_for

_LATER = ("있다가", "이따가", "뒤에", "후에", "뒤", "후")
_PARTICLES = ("에", "으로", "로", "까지")


def when_from(text: str, now: datetime) -> datetime | None:
    """The coming moment that the whole text names, else None."""
    scan = Scan(squeezed(text))
    span = take_span(scan)
    if span is not None and scan.take(*_LATER):
        if scan.is_done:
            return after(now, span)
        if span.elapsed:
            return None
        said = _Said(now, scan, day=now.date() + timedelta(days=span.days))
    else:
        said = _Said(now, Scan(scan.text))
    return said.moment() if said.read() else None


@dataclass(slots=True)
class _Said:
    """What was said of the day, the part of the day and the clock."""

    now: datetime
    scan: Scan
    day: date | None = None
    part: Part | None = None
    clock: ClockTime | None = None

    def read(self) -> bool:
        """Take the whole text; False if something is left that has no place in a time."""
        while not self.scan.is_done:
            if not (self._read_day() or self._read_part() or self._read_clock()):
                return False
            self.scan.take(*_PARTICLES)
        return self.clock is not None

    def moment(self) -> datetime | None:
        """What it comes to, if that is still to come."""
        if self.clock is None:
            return None
        if self.clock is MIDNIGHT:
            part = None if self.part is Part.NIGHT and self.day == self.now.date() else self.part
            return resolve(MIDNIGHT, self.day, part, self.now)
        return resolve(self.clock, self.day, self.part, self.now)

    def _read_day(self) -> bool:
        if self.day is not None:
            return False
        start, today = self.scan.at, self.now.date()
        offset = self.scan.take_key(words_for("ko").days)
        if offset is not None:
            self.day = today + timedelta(days=offset)
            return True
        self.day = self._weekday(today) or self._month_day(today)
        if self.day is None:
            self.scan.at = start
            return False
        weekday = self.scan.take_key(words_for("ko").weekdays)
        return weekday is None or weekday == self.day.weekday()

    def _weekday(self, today: date) -> date | None:
        is_next = self.scan.take("다음주", "내주")
        is_this = not is_next and self.scan.take("이번주", "이번")
        weekday = self.scan.take_key(words_for("ko").weekdays)
        if weekday is None:
            return None
        return weekday_of_next_week(today, weekday) if is_next else coming_weekday(today, weekday, is_this)

    def _month_day(self, today: date) -> date | None:
        start = self.scan.at
        month = self._month()
        day = self.scan.take_number()
        if day is None or not self.scan.take("일") or day != int(day):
            self.scan.at = start
            return None
        if month is None:
            return coming_day_of_month(today, int(day))
        return coming_month_day(today, month, int(day))

    def _month(self) -> int | None:
        named = self.scan.take_key(words_for("ko").months)
        if named is not None:
            return named
        start = self.scan.at
        month = self.scan.take_number()
        if month is None or not self.scan.take("월") or month not in range(1, 13):
            self.scan.at = start
            return None
        return int(month)

    def _read_part(self) -> bool:
        if self.part is not None:
            return False
        part = self.scan.take_key(words_for("ko").parts)
        if part is not None:
            self.part = Part(part)
        return part is not None

    def _read_clock(self) -> bool:
        if self.clock is not None:
            return False
        if self.scan.take("정오"):
            self.clock = ClockTime(12, is_24h=True)
        elif self.scan.take("자정"):
            self.clock = MIDNIGHT
        else:
            self.clock = self._figures() or self._hour()
        return self.clock is not None

    def _hour(self) -> ClockTime | None:
        start = self.scan.at
        hour = self.scan.take_number()
        if (
            hour is None
            or not self.scan.take("시")
            or hour not in range(25)
            or self.scan.text.startswith("간", self.scan.at)
        ):
            self.scan.at = start
            return None
        minute: float | None = 0
        if self.scan.take("반"):
            minute = 30
        else:
            after_hour = self.scan.at
            minute = self.scan.take_number()
            if minute is None or not self.scan.take("분"):
                self.scan.at, minute = after_hour, 0
        if minute not in range(60):
            return None
        is_24h = hour > 12 or hour == 0
        return MIDNIGHT if hour == 24 and not minute else ClockTime(int(hour) % 24, int(minute), is_24h)

    def _figures(self) -> ClockTime | None:
        """ "7:30"."""
        head, colon, tail = self.scan.text[self.scan.at :].partition(":")
        if not colon or not head.isdecimal() or len(head) > 2 or not tail[:2].isdecimal() or len(tail[:2]) < 2:
            return None
        hour, minute = int(head), int(tail[:2])
        if hour > 23 or minute > 59 or tail[2:3].isdecimal():
            return None
        self.scan.at += len(head) + 3
        return ClockTime(hour, minute, hour > 12 or hour == 0 or head.startswith("0"))
