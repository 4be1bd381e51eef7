"""Typed values → the words that people say for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import ModuleType
from typing import TYPE_CHECKING

from assistant.core.values import Grain, Instant, Interval, Length, Offset, Recurrence, Request
from assistant.language.en import say as en
from assistant.language.ko import say as ko
from assistant.language.say_rules import Sayer, said_interval, said_rule
from assistant.language.wall import UNIT_SECONDS
from assistant.language.words import primary, words_for

if TYPE_CHECKING:  # its types cost more to load than all of this
    from assistant.core.turn import SlotValue, TimeValue

_DIGITS_AFTER_POINT = 2


def say(value: SlotValue, language: str, clock_24h: bool = False, now: datetime | None = None) -> str:
    """The spoken form of a value; with `now` (aware local), a moment of today or tomorrow is called so.

    Names and free text are returned as they are; None is empty."""
    forms: ModuleType = ko if primary(language) == "ko" else en
    match value:
        case None | str():
            return value or ""
        case bool():
            return words_for(language).spoken["yes" if value else "no"]
        case int() | float():
            return _number(value)
        case timedelta():
            return _duration(value, language, forms)
        case datetime():
            is_clear = value.hour != 0  # "friday at midnight" can be either end of friday
            spoken_clock = forms.clock(value.time(), clock_24h, is_clear)
            return str(forms.moment(_day(value, language, forms, now), spoken_clock))
        case date():
            return _day(value, language, forms, now)
        case time():
            return str(forms.clock(value, clock_24h))
        case tuple():
            return str(forms.listed(value))
        case Request():
            return value.label
        case _:
            sayer = Sayer(
                language,
                lambda at: str(forms.clock(at, clock_24h)),
                lambda day: say(day, language, now=now),
                lambda names: str(forms.listed(names)),
            )
            return _time(value, sayer, clock_24h, now)


def _time(value: TimeValue, sayer: Sayer, clock_24h: bool, now: datetime | None) -> str:
    match value:
        case Length():
            return say(value.span, sayer.language)
        case Offset():
            return value.reference
        case Interval():
            return said_interval(value, sayer)
        case Recurrence():
            return said_rule(value.repeat, now.date() if now is not None else None, sayer)
        case Instant(grain=Grain.WEEK | Grain.MONTH | Grain.QUARTER | Grain.YEAR):
            return said_interval(Interval(value.at, _end_of(value.at, value.grain), value.grain), sayer)
        case Instant():
            is_day = value.grain not in (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
            return say(value.at.date() if is_day else value.at, sayer.language, clock_24h, now)


def _end_of(at: datetime, grain: Grain) -> datetime:
    if grain is Grain.WEEK:
        return at + timedelta(days=7)
    month = at.month - 1 + {Grain.MONTH: 1, Grain.QUARTER: 3}.get(grain, 12)
    return at.replace(year=at.year + month // 12, month=month % 12 + 1)


def _number(value: float) -> str:
    rounded = round(value, _DIGITS_AFTER_POINT)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def _duration(value: timedelta, language: str, forms: ModuleType) -> str:
    book = words_for(language)
    if value < timedelta():
        return f"{book.spoken['minus']} {_duration(-value, language, forms)}"
    seconds = round(value.total_seconds(), _DIGITS_AFTER_POINT)
    pairs: list[tuple[str, str]] = []
    for unit in ("day", "hour", "minute", "second"):
        size = UNIT_SECONDS[unit]
        amount = round(seconds, _DIGITS_AFTER_POINT) if unit == "second" else int(seconds // size)
        seconds -= amount * size
        if amount or (unit == "second" and not pairs):
            one, many = book.unit_names[unit]
            pairs.append((_number(amount), one if amount == 1 else many))
    return str(forms.amounts(pairs))


def _day(value: date, language: str, forms: ModuleType, now: datetime | None) -> str:
    when = value.date() if isinstance(value, datetime) else value
    if now is not None:
        ahead = (when - now.date()).days
        if ahead in (0, 1):
            return words_for(language).spoken["tomorrow" if ahead else "today"]
    with_year = now is not None and (when - now.date()).days > 300
    return str(forms.day(when, with_year))
