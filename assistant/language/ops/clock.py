"""Operations for clock times: hours, minutes, halves and quarters, am and pm, and the part of the day said beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import NumberValue
from assistant.language.ops.times import Form, TimeValue
from assistant.language.time.derived import Between, InZone
from assistant.language.time.fields import HOURS, Fields, Part
from assistant.language.time.series import NOW, TODAY, All, DayPart, Never, Series, all_of


@dataclass(frozen=True, slots=True)
class ZoneValue:
    """A zone: minutes east of UTC, or its IANA name."""

    offset: int | str
    tags: tuple[str, ...] = ("zone",)


_COUNTED = ("count", "fraction")
"""Forms of numbers that are never hours: "a couple", "half"."""


def clock(hour: int, minute: int | None = None, second: int | None = None, is_12h: bool = True) -> Fields:
    """That time of day; `is_12h`: am or pm may be meant."""
    return Fields(hour=hour, minute=minute, second=second, is_12h=is_12h and 0 < hour < 13)


def _hour(n: NumberValue) -> Value | None:
    """A bare hour; with a nought before it, on a clock of 24 hours."""
    if not 0 <= n.value < 24 or n.form in _COUNTED or n.digits > 2 or not (n.value or n.digits):
        return None
    return TimeValue(clock(int(n.value), is_12h=not (n.digits == 2 and n.value < 10)), Form.CLOCK, is_latent=True)


def _noted(
    hour: str, minute: str | None = None, second: str | None = None, is_24h: bool = False, is_latent: bool = False
) -> Value | None:
    """As written: 7:30, 19.05, 15h."""
    is_12h = not is_24h and not (hour.startswith("0") and len(hour) == 2)
    fields = clock(int(hour), int(minute or 0), int(second) if second else None, is_12h)
    return TimeValue(fields, Form.CLOCK, is_latent)


def _no_clock() -> Value | None:
    """As written, but no clock shows it: 7:75."""
    return TimeValue(Never(), Form.CLOCK)


def _named_hour(value: int) -> Value | None:
    """Noon, midnight."""
    return TimeValue(Fields(hour=value), Form.CLOCK)


def _at_minute(h: TimeValue, m: NumberValue) -> Value | None:
    """ "Ten" "thirty"."""
    if not 10 <= m.value < 60 or m.form in _COUNTED or m.digits > 2:
        return None
    return _with_minute(h, int(m.value))


def _at_small_minute(h: TimeValue, m: NumberValue) -> Value | None:
    """ "Seven" oh "five"."""
    return _with_minute(h, int(m.value)) if 0 < m.value < 10 and m.digits < 2 else None


def _with_minute(h: TimeValue, minute: int) -> Value | None:
    fields = h.series
    if not isinstance(fields, Fields) or fields.minute is not None or fields.part is not None or not h.is_latent:
        return None
    return replace(h, series=fields._replace(minute=minute))


def _hundred_hours(h: TimeValue) -> Value | None:
    """ "Nineteen" hundred hours."""
    return _whole_day_clock(replace(h, is_latent=False))


def _whole_day_clock(c: TimeValue) -> Value | None:
    """On a clock of 24 hours."""
    fields = c.series
    if not isinstance(fields, Fields) or fields.part is not None:
        return None
    return TimeValue(fields._replace(minute=fields.minute or 0, is_12h=False), Form.CLOCK)


def _past(h: TimeValue, n: NumberValue | None = None, minutes: int = 0) -> Value | None:
    """ "Twenty" past "eight"."""
    return _moved(h, int(n.value) if n is not None else minutes, n)


def _to(h: TimeValue, n: NumberValue | None = None, minutes: int = 0) -> Value | None:
    """ "Twenty" to "eight"."""
    return _moved(h, -(int(n.value) if n is not None else minutes), n)


def _bare_to(h: TimeValue, n: NumberValue) -> Value | None:
    """ "Twenty to eight"; "two to four" may be people, so it is one only where no range can be meant."""
    moved = _moved(h, -int(n.value), n)
    fields = h.series
    if not isinstance(moved, TimeValue) or not isinstance(fields, Fields):
        return None
    if not h.is_latent:
        is_small = fields.is_12h and n.value not in _SAID_BARE and n.value <= 12
        return None if is_small else replace(moved, is_latent=False)
    if not fields.is_12h or (n.value not in _SAID_BARE and n.value <= 12):
        return None
    is_range = n.value <= (fields.hour or 0) and fields.is_12h
    return replace(moved, is_latent=is_range or n.value not in _SAID_BARE)


def _moved(h: TimeValue, minutes: int, n: NumberValue | None) -> Value | None:
    fields = h.series
    if not isinstance(fields, Fields) or not 0 < abs(minutes) < 60 or fields.minute:
        return None
    if n is not None and (n.value != int(n.value) or n.form in _COUNTED):
        return None
    hour = fields.hour or 0
    if minutes < 0:
        hour = 12 if fields.is_12h and hour == 1 else (hour - 1) % 24
    moved = fields._replace(hour=hour, minute=minutes % 60)
    if fields.part is not None and fields.hour == 12:
        moved = moved._replace(part=_OTHER_HALF.get(fields.part, fields.part) if minutes < 0 else fields.part)
    return TimeValue(moved, Form.CLOCK)


_SAID_BARE = (5, 10, 20, 25)
"""Minutes that are said without the word; "nine to five" is a range."""
_NOON = 12
_END_OF_DAY = 24
_OTHER_HALF = {Part.AM: Part.PM, Part.PM: Part.AM}


def _half_of_day(c: TimeValue, part: str, is_latent: bool = False) -> Value | None:
    """ "Seven" "p m"."""
    fields = c.series
    if not isinstance(fields, Fields) or fields.part is not None:
        return None
    if (fields.hour or 0) > 12:
        if part == Part.AM:
            return TimeValue(Never(), Form.CLOCK, is_latent)
        return replace(c, is_latent=c.is_latent and is_latent)
    return TimeValue(fields._replace(part=Part(part)), c.form, c.is_latent and is_latent)


def _part(value: str) -> Value | None:
    return TimeValue(DayPart(Part(value)), Form.PART, is_latent=True)


def _today_part(p: TimeValue) -> Value | None:
    """ "This" "morning"."""
    series = all_of(TODAY, p.series)
    return None if series is None else TimeValue(series, Form.PART)


def _day_part(value: str, days: int = 0) -> Value | None:
    """A word for a part of today, or of the day so many days away: "tonight"."""
    day = TODAY if not days else replace(TODAY, count=days)
    series = all_of(day, DayPart(Part(value)))
    return None if series is None else TimeValue(series, Form.PART)


def _half_of_that_day(d: TimeValue, part: str) -> Value | None:
    """ "Sunday" "a m"."""
    if isinstance(d.series, Fields) and d.series.hour is not None:
        return None
    series = all_of(d.series, DayPart(Part(part)))
    return None if series is None or d.series.grain is not Grain.DAY else TimeValue(series, Form.PART)


def in_part(c: TimeValue, p: TimeValue, is_clock_first: bool = False) -> TimeValue | None:
    """A clock time in a part of the day, which tells which half of the clock is meant."""
    whole = p.series
    parts: tuple[Series, ...] = whole.parts if isinstance(whole, All) else (whole,)
    part = next((each.part for each in parts if isinstance(each, DayPart)), None)
    if part is None:
        return None
    is_night = part in (Part.EVENING, Part.LATE_EVENING, Part.NIGHT)
    days = tuple(each for each in parts if not isinstance(each, DayPart) and not (is_night and each == TODAY))
    inner = c.series.parts if isinstance(c.series, All) else (c.series,)
    placed = [_placed(each, part) if isinstance(each, Fields) and each.hour is not None else each for each in inner]
    if None in placed:
        return None
    if HOURS[part][0] == _NOON:
        placed = [_at_noon(each, is_clock_first) if isinstance(each, Fields) else each for each in placed]
    series = all_of(*days, *(each for each in placed if each is not None))
    form = Form.DATED_CLOCK if days or c.form is Form.DATED_CLOCK else Form.CLOCK
    return None if series is None else TimeValue(series, form, holiday=p.holiday or c.holiday)


def _at_noon(fields: Fields, is_clock_first: bool) -> Fields:
    """ "Twelve in the afternoon", "afternoon, 12:30" are at noon, by any taste."""
    is_noon = fields.hour == _NOON and fields.part is not None and (is_clock_first or fields.minute is not None)
    return fields._replace(part=Part.PM) if is_noon else fields


def _placed(fields: Fields, part: Part) -> Fields | None:
    is_morning = HOURS[part][0] < 12
    if fields.part is None and (fields.hour or 0) <= 12 and fields.is_12h:
        return fields._replace(part=part)
    if fields.part in (Part.AM, Part.PM):
        return None if is_morning and fields.part is Part.PM else fields
    hour = fields.hour or 0
    if not hour and HOURS[part][1] == _END_OF_DAY:
        return fields._replace(hour=_END_OF_DAY)  # "tonight at midnight"
    return fields if fields.part is None and (hour < _NOON) == is_morning else None


def clocks_between(a: TimeValue, b: TimeValue, part: str | None = None, is_rising: bool = False) -> TimeValue | None:
    """From one clock time to another; am or pm at the end is meant for both, as far as it can be."""
    first, last = a.series, b.series
    if not isinstance(first, Fields) or not isinstance(last, Fields):
        return None
    if part is not None:
        if last.part is not None or (last.hour or 0) > 12:
            return None
        last = last._replace(part=Part(part))
    if is_rising and not first.minute and _is_minutes(a, first.hour or 0, last.hour or 0):
        return None
    if last.part is not None and first.part is None and first.is_12h:
        half = Part.AM if HOURS[last.part][0] < 12 else Part.PM
        is_later = (first.hour or 0) % 12 * 60 + (first.minute or 0) > (last.hour or 0) % 12 * 60 + (last.minute or 0)
        first = first._replace(part=_OTHER_HALF[half] if is_later else last.part)
    return TimeValue(Between(first, last), Form.RANGE)


def _hours_between(a: TimeValue, b: TimeValue) -> Value | None:
    """ "Between three and nine": only with a day is it surely a time."""
    hours = clocks_between(a, b)
    return hours and replace(hours, is_latent=True)


def _is_minutes(a: TimeValue, first: int, last: int) -> bool:
    """ "Ten to eight pm", "at five to nine pm": minutes to the hour."""
    return first > last or (not a.is_latent and first in _SAID_BARE)


def _zone(value: int | str) -> Value | None:
    return ZoneValue(value)


def _in_zone(c: TimeValue, z: ZoneValue) -> Value | None:
    """ "Eight" "gmt"."""
    if isinstance(c.series, InZone):
        return None
    return TimeValue(InZone(c.series, z.offset), c.form)


def _range_in_zone(r: TimeValue, z: ZoneValue) -> Value | None:
    """ "Nine to eleven" "gmt"."""
    between = r.series
    if not isinstance(between, Between) or not isinstance(between.base, Fields | All):
        return None
    return TimeValue(InZone(between, z.offset), Form.RANGE)


def _now(value: int = 0) -> Value | None:
    """Now, as exactly as one says it."""
    del value
    return TimeValue(NOW, Form.NOW)


OPS: Mapping[str, Op] = {
    "hour": _hour,
    "noted_clock": _noted,
    "no_clock": _no_clock,
    "named_hour": _named_hour,
    "at_minute": _at_minute,
    "at_small_minute": _at_small_minute,
    "hundred_hours": _hundred_hours,
    "whole_day_clock": _whole_day_clock,
    "minutes_past": _past,
    "minutes_to": _to,
    "bare_minutes_to": _bare_to,
    "half_of_day": _half_of_day,
    "day_part": _part,
    "today_part": _today_part,
    "named_part": _day_part,
    "half_of_that_day": _half_of_that_day,
    "in_part": in_part,
    "clocks_between": clocks_between,
    "hours_between": _hours_between,
    "zone": _zone,
    "in_zone": _in_zone,
    "range_in_zone": _range_in_zone,
    "now": _now,
}
