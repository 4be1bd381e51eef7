"""Rules that repeat and spans of time → the words that people say for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from assistant.core.schedule import Repeat
from assistant.core.values import Interval
from assistant.language.book import book_from, needed
from assistant.language.words import FALLBACK, LANGUAGES, primary, words_for

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKDAYS = frozenset(range(5))
_WEEKEND = frozenset({5, 6})
_SOON = timedelta(days=8)
"""A rule that begins later than this tells when."""
_BYDAY = re.compile(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of one language; of three forms, the first is for one, the second for two, the third for more."""

    at: str
    daily: tuple[str, str, str]
    weekly: tuple[str, str, str]
    monthly: tuple[str, str, str]
    yearly: tuple[str, str, str]
    hourly: tuple[str, str, str]
    minutely: tuple[str, str, str]
    workdays: str
    weekends: str
    last_day: str
    month_day: str
    month_days: Mapping[int, str]
    nth: str
    places: Mapping[int, str]
    date: str
    starting: str
    until: str
    times: tuple[str, str, str]
    hours: str
    days: str
    without: str


@lru_cache(maxsize=len(LANGUAGES))
def _forms(code: str) -> _Forms:
    return needed(book_from(_Forms, "said", f"{code}.toml"), code)


@dataclass(frozen=True, slots=True)
class Sayer:
    """How one language says the parts of a rule."""

    language: str
    clock: Callable[[time], str]
    day: Callable[[date], str]
    listed: Callable[[tuple[str, ...]], str]

    @property
    def forms(self) -> _Forms:
        """The patterns of the language."""
        code = primary(self.language)
        return _forms(code if code in LANGUAGES else FALLBACK)

    def weekday(self, day: int) -> str:
        """The name of a weekday, as written in the middle of a sentence."""
        return _named(words_for(self.language).weekdays, day)

    def date(self, month: int, day: int) -> str:
        """A day of every year."""
        return self.forms.date.format(month=_named(words_for(self.language).months, month), day=day)


def said_rule(repeat: Repeat, today: date | None, sayer: Sayer) -> str:
    """ "every weekday at 6:45 AM", "on the last Friday of every month at noon, until Friday, December 4"."""
    parts = _parts(repeat.rule)
    forms, start = sayer.forms, repeat.start_local
    said = _which_days(parts, start, sayer)
    if parts.get("FREQ") not in ("HOURLY", "MINUTELY", "SECONDLY"):
        said = forms.at.format(rule=said, times=sayer.listed(tuple(map(sayer.clock, _times(parts, start)))))
    else:
        first = forms.at.format(rule=sayer.day(start.date()), times=sayer.clock(start.time()))
        return forms.starting.format(rule=said, date=first)
    is_late = today is not None and start.date() - today > _SOON
    if is_late or (_interval(parts) > 1 and parts.get("FREQ") in ("DAILY", "WEEKLY", "MONTHLY")):
        said = forms.starting.format(rule=said, date=sayer.day(start.date()))
    if "UNTIL" in parts:
        said = forms.until.format(rule=said, date=sayer.day(datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()))
    if "COUNT" in parts:
        said = _counted(forms.times, int(parts["COUNT"])).format(rule=said, n=parts["COUNT"])
    if repeat.except_local:
        days = tuple(dict.fromkeys(sayer.day(each.date()) for each in repeat.except_local[:3]))
        said = forms.without.format(rule=said, dates=sayer.listed(days))
    return said


def said_interval(value: Interval, sayer: Sayer) -> str:
    """ "tomorrow from noon to 1:30 PM", "from Saturday, November 28 to Sunday, November 29", or the one day it is."""
    midnight = time()
    if value.start.time() == midnight and value.end.time() == midnight:
        first, last = value.start.date(), value.end.date() - timedelta(days=1)
        if first >= last:
            return sayer.day(first)
        return sayer.forms.days.format(first=sayer.day(first), last=sayer.day(last))
    if value.start.date() == value.end.date() or value.end - value.start < timedelta(hours=20):
        start, end = sayer.clock(value.start.time()), sayer.clock(value.end.time())
        return sayer.forms.hours.format(day=sayer.day(value.start.date()), start=start, end=end)
    last = (value.end - timedelta(seconds=1)).date()
    return sayer.forms.days.format(first=sayer.day(value.start.date()), last=sayer.day(last))


def _parts(rule: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in rule.removeprefix("RRULE:").upper().split(";"))
    return {name: value for name, _, value in pairs}


def _interval(parts: Mapping[str, str]) -> int:
    return int(parts.get("INTERVAL", "1"))


def _counted(forms: Sequence[str], number: int) -> str:
    return forms[min(number, 3) - 1]


def _times(parts: Mapping[str, str], start: datetime) -> list[time]:
    hours = [int(hour) for hour in parts["BYHOUR"].split(",")] if "BYHOUR" in parts else [start.hour]
    minutes = [int(each) for each in parts["BYMINUTE"].split(",")] if "BYMINUTE" in parts else [start.minute]
    return [time(hour, minute) for hour in hours for minute in minutes]


def _which_days(parts: Mapping[str, str], start: datetime, sayer: Sayer) -> str:
    forms, number = sayer.forms, _interval(parts)
    match parts.get("FREQ"):
        case "MINUTELY" | "SECONDLY":
            return _counted(forms.minutely, number).format(n=number)
        case "HOURLY":
            return _counted(forms.hourly, number).format(n=number)
        case "DAILY" if "BYDAY" not in parts:
            return _counted(forms.daily, number).format(n=number)
        case "DAILY" | "WEEKLY":
            days = _weekdays(parts, start)
            if len(days) == len(_DAYS) and number == 1:
                return forms.daily[0]
            return _counted(forms.weekly, number).format(n=number, days=_together(days, sayer))
        case "MONTHLY":
            return _counted(forms.monthly, number).format(n=number, which=_in_month(parts, start, sayer))
        case _:
            months = [int(each) for each in parts.get("BYMONTH", str(start.month)).split(",")]
            if "BYDAY" in parts:
                which = _in_month(parts, start, sayer)
                named = tuple(_named(words_for(sayer.language).months, month) for month in months)
                return _counted(forms.yearly, number).format(n=number, date=f"{which}, {sayer.listed(named)}")
            day = int(parts.get("BYMONTHDAY", str(start.day)).split(",")[0])
            dates = sayer.listed(tuple(sayer.date(month, day) for month in months))
            return _counted(forms.yearly, number).format(n=number, date=dates)


def _weekdays(parts: Mapping[str, str], start: datetime) -> list[int]:
    if "BYDAY" not in parts:
        return [start.weekday()]
    return [_DAYS.index(day) for _, day in _BYDAY.findall(parts["BYDAY"])]


def _together(days: Sequence[int], sayer: Sayer) -> str:
    if frozenset(days) == _WORKDAYS:
        return sayer.forms.workdays
    if frozenset(days) == _WEEKEND:
        return sayer.forms.weekends
    return sayer.listed(tuple(sayer.weekday(day) for day in days))


def _in_month(parts: Mapping[str, str], start: datetime, sayer: Sayer) -> str:
    forms = sayer.forms
    if "BYDAY" in parts:
        found = _BYDAY.findall(parts["BYDAY"])
        places = {place or parts.get("BYSETPOS", "1") for place, _ in found}
        days = _together([_DAYS.index(day) for _, day in found], sayer)
        if len(places) == 1:
            return _nth(int(places.pop()), days, sayer)
        each = [_nth(int(place or "1"), sayer.weekday(_DAYS.index(day)), sayer) for place, day in found]
        return sayer.listed(tuple(each))
    numbers = [int(each) for each in parts.get("BYMONTHDAY", str(start.day)).split(",")]
    return sayer.listed(tuple(_month_day(number, forms) for number in numbers))


def _nth(place: int, days: str, sayer: Sayer) -> str:
    return sayer.forms.nth.format(place=sayer.forms.places.get(place, str(place)), days=days)


def _month_day(number: int, forms: _Forms) -> str:
    if number == -1:
        return forms.last_day
    return forms.month_days.get(number, forms.month_day).format(n=number)


def _named(table: Mapping[str, int], value: int) -> str:
    name = next(name for name, each in table.items() if each == value)
    return name.capitalize()
