"""English times → the moment that is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from assistant.language.calendar import coming_day_of_month, coming_month_day, coming_weekday, weekday_of_next_week
from assistant.language.en.durations import read_span
from assistant.language.en.numbers import read_small
from assistant.language.en.tokens import tokens
from assistant.language.wall import MIDNIGHT, ClockTime, Part, after, resolve
from assistant.language.words import words_for

_COLON = re.compile(r"(\d{1,2})[:.](\d\d)")
_RUN = re.compile(r"(\d{1,2})(\d\d)")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_LEADS = ("at", "for", "by")


def when_from(text: str, now: datetime) -> datetime | None:
    """The coming moment that the whole text names, else None."""
    words = _joined_ordinals(tokens(text))
    if words[:1] == ["for"] and words[1:2] != [] and words[1] in ("in", "on", "at", "tomorrow", "tonight", "today"):
        words = words[1:]
    return _from_span(words, now) or _from_parts(words, now)


def _joined_ordinals(words: list[str]) -> list[str]:
    """ "5", "th" → "5th"."""
    joined: list[str] = []
    for word in words:
        if word in ("st", "nd", "rd", "th") and joined and joined[-1].isdigit():
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _from_span(words: list[str], now: datetime) -> datetime | None:
    """ "In ten minutes", "ten minutes from now", "in two days at noon"."""
    start = 1 if words[:1] == ["in"] else 0
    found = read_span(words, start)
    if found is None:
        return None
    span, end = found
    if words[end : end + 2] == ["from", "now"]:
        end += 2
    elif not start:
        return None
    if end == len(words):
        return after(now, span)
    if span.days and not span.elapsed:
        said = _Said(now, words, end, day=now.date() + timedelta(days=span.days))
        return said.moment() if said.read() else None
    return None


def _from_parts(words: list[str], now: datetime) -> datetime | None:
    said = _Said(now, words, 0)
    return said.moment() if said.read() else None


@dataclass(slots=True)
class _Said:
    """What was said of the day, the clock and the part of the day while reading the words from `at`."""

    now: datetime
    words: list[str]
    at: int
    day: date | None = None
    clock: ClockTime | None = None
    part: Part | None = None
    half: Part | None = None
    """AM or PM, which may stand beside a part of the day ("tonight at 8 pm")."""
    is_certain: bool = field(default=False)
    """True once something but a bare number says that a time is meant."""

    def read(self) -> bool:
        """Take all words; False if one is left that has no place in a time."""
        readers = (self._read_day, self._read_clock, self._read_part)
        while self.at < len(self.words):
            if not any(reader() for reader in readers):
                return False
        if self.clock is None:
            return False
        return self.is_certain or bool(self.part or self.half) or (self.day is not None and self.clock.minute > 0)

    def moment(self) -> datetime | None:
        """What it comes to, if that is still to come."""
        if self.clock is None:
            return None
        if self.clock is MIDNIGHT and self.part is Part.NIGHT and self.day == self.now.date():
            return resolve(MIDNIGHT, self.day, None, self.now)
        if self.half is None:
            return resolve(self.clock, self.day, self.part, self.now)
        if self.part is None:
            return resolve(self.clock, self.day, self.half, self.now)
        hour = self.clock.hour % 12 + (12 if self.half is Part.PM else 0)
        if self.clock.is_24h and hour != self.clock.hour:
            return None
        return resolve(ClockTime(hour, self.clock.minute, is_24h=True), self.day, self.part, self.now)

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else ""

    def _skip(self, *phrase: str) -> bool:
        if tuple(self.words[self.at : self.at + len(phrase)]) != phrase:
            return False
        self.at += len(phrase)
        return True

    # ── day ──

    def _read_day(self) -> bool:
        if self.day is not None:
            return False
        start = self.at
        self._skip("on")
        found = self._relative_day() or self._weekday() or self._month_day()
        if found is None:
            self.at = start
            return False
        self.day = found
        return True

    def _relative_day(self) -> date | None:
        today = self.now.date()
        if self._skip("the", "day", "after", "tomorrow") or self._skip("day", "after", "tomorrow"):
            return today + timedelta(days=2)
        if self._skip("tonight"):
            self.part = Part.NIGHT
            return today
        if self._peek() == "this" and self._peek(1) in ("morning", "afternoon", "evening"):
            self.part = Part(self._peek(1))
            self.at += 2
            return today
        offset = words_for("en").days.get(self._peek())
        if offset is None:
            return None
        self.at += 1
        return today + timedelta(days=offset)

    def _weekday(self) -> date | None:
        weekdays, lead = words_for("en").weekdays, self._peek()
        ahead = 1 if lead in ("next", "this", "coming") else 2 if (lead, self._peek(1)) == ("the", "coming") else 0
        weekday = weekdays.get(self._peek(ahead))
        if weekday is None:
            return None
        self.at += ahead + 1
        if self._month_follows():
            day = self._month_day()
            return day if day is not None and day.weekday() == weekday else None
        if lead == "next":
            return weekday_of_next_week(self.now.date(), weekday)
        return coming_weekday(self.now.date(), weekday, with_today=lead == "this")

    def _month_follows(self) -> bool:
        months = words_for("en").months
        return self._peek() in months or (
            self._peek() == "the" and bool({*self.words[self.at : self.at + 5]} & {*months})
        )

    def _month_day(self) -> date | None:
        """ "June 5th", "june the fifth", "the fifth of june", "5 june", "the fifth"; perhaps with a year."""
        start, months = self.at, words_for("en").months
        month = months.get(self._peek())
        if month is not None:
            self.at += 1
        has_article = self._skip("the")
        day = self._day_number()
        if day is None:
            self.at = start
            return None
        if month is None:
            has_of = self._skip("of")
            month = months.get(self._peek())
            if month is None:
                if has_article and not has_of:
                    return coming_day_of_month(self.now.date(), day)
                self.at = start
                return None
            self.at += 1
        return coming_month_day(self.now.date(), month, day, self._year())

    def _day_number(self) -> int | None:
        ordinals, word = words_for("en").ordinals, self._peek()
        figure = _ORDINAL.fullmatch(word)
        tens = words_for("en").tens.get(word)
        unit = ordinals.get(self._peek(1), 0)
        if tens is not None and 1 <= unit <= 9:
            self.at += 2
            return tens + unit
        day = int(figure[1]) if figure else ordinals.get(word)
        if day is not None:
            self.at += 1
        return day

    def _year(self) -> int | None:
        word = self._peek()
        if not (len(word) == 4 and word.isdecimal() and word.startswith("20")):
            return None
        self.at += 1
        return int(word)

    # ── part of the day ──

    def _read_part(self) -> bool:
        if self.half is None and self._peek() in ("am", "pm"):
            self.half = Part(self._peek())
            self.at += 1
            return True
        start = self.at
        has_lead = self._skip("in", "the") or (self._peek(1) == "night" and self._skip("at"))
        part = words_for("en").parts.get(self._peek())
        if part is None or self.part is not None or not (has_lead or self.day is not None):
            self.at = start
            return False
        self.at += 1
        self.part = Part(part)
        return True

    # ── clock ──

    def _read_clock(self) -> bool:
        if self.clock is not None:
            return False
        start = self.at
        has_lead = self._peek() in _LEADS
        if has_lead:
            self.at += 1
        if self._named_hour() or self._past_or_to() or self._figures(has_lead) or self._hour_and_minute():
            self.is_certain = self.is_certain or has_lead
            return True
        self.at = start
        return False

    def _named_hour(self) -> bool:
        if self._skip("noon") or self._skip("midday"):
            self.clock = ClockTime(12, is_24h=True)
        elif self._skip("midnight"):
            self.clock = MIDNIGHT
        else:
            return False
        self.is_certain = True
        return True

    def _past_or_to(self) -> bool:
        """ "Quarter past seven", "twenty to eight", "half past six", "half seven"."""
        start = self.at
        minutes = self._minutes()
        if minutes is not None and self._peek() in ("past", "after", "to", "before", "till", "of"):
            is_past = self._peek() in ("past", "after")
            self.at += 1
            hour = self._hour()
            if hour is not None and minutes and self._peek() not in words_for("en").units:
                self._skip("oclock")
                self._set_around(hour, minutes if is_past else -minutes)
                return True
        self.at = start
        if self._skip("half") and (hour := self._hour()) is not None and 1 <= hour <= 12:
            self._set_around(hour, 30)
            return True
        self.at = start
        return False

    def _set_around(self, hour: int, minutes: int) -> None:
        total = (hour * 60 + minutes) % 1440
        is_24h = hour > 12 or hour == 0
        self.clock = ClockTime(total // 60, total % 60, is_24h) if is_24h else ClockTime(total // 60 or 12, total % 60)
        self.is_certain = True

    def _minutes(self) -> int | None:
        if self._skip("a", "quarter") or self._skip("quarter"):
            return 15
        if self._peek() == "half" and self._peek(1) in ("past", "after"):
            self.at += 1
            return 30
        found = read_small(self.words, self.at)
        if found is None or not 1 <= found[0] <= 59 or found[0] != int(found[0]):
            return None
        self.at = found[1]
        if self._peek() in ("minutes", "minute"):
            self.at += 1
        return int(found[0])

    def _hour(self) -> int | None:
        found = read_small(self.words, self.at)
        if found is None or not 0 <= found[0] <= 23 or found[0] != int(found[0]):
            return None
        self.at = found[1]
        return int(found[0])

    def _figures(self, has_lead: bool) -> bool:
        """ "7:30", "7.30 pm", "at 730", "1900 hours"."""
        word, follower = self._peek(), self._peek(1)
        is_clear = has_lead or follower in ("am", "pm", "hours")
        match = _COLON.fullmatch(word) if ":" in word or is_clear else None
        if match is None and is_clear:
            match = _RUN.fullmatch(word)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            return False
        self.at += 1
        hour, minute = int(match[1]), int(match[2])
        is_military = len(word) == 4 and word.isdecimal() and (self._skip("hours") or hour > 12)
        is_24h = hour > 12 or hour == 0 or word.startswith("0") or is_military
        self.clock = ClockTime(hour, minute, is_24h)
        self.is_certain = True
        return True

    def _hour_and_minute(self) -> bool:
        """ "Seven", "seven thirty", "seven oh five", "nineteen hundred hours", "seven o'clock"."""
        hour = self._hour()
        if hour is None or hour == 0:
            return False
        is_24h, minute = hour > 12, 0
        if self._skip("oclock"):
            self.is_certain = True
        elif self._skip("hundred", "hours"):
            is_24h = self.is_certain = True
        elif self._peek() in ("oh", "o"):
            found = read_small(self.words, self.at + 1)
            if found is None or not 1 <= found[0] <= 9:
                return False
            minute, self.at = int(found[0]), found[1]
        else:
            minute = self._two_digit_minute()
        self.clock = ClockTime(hour, minute, is_24h)
        return True

    def _two_digit_minute(self) -> int:
        found = read_small(self.words, self.at)
        if found is None or not 10 <= found[0] <= 59 or found[0] != int(found[0]):
            return 0
        self.at = found[1]
        return int(found[0])
