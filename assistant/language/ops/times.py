"""The chart's value for times, and the operations that put two times together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from assistant.core.values import Direction, Grain, Kind, Meaning, Reading
from assistant.language.chart import Op, Value
from assistant.language.ops.senses import Sense
from assistant.language.time.derived import Between, InZone
from assistant.language.time.fields import Fields
from assistant.language.time.resolve import resolved
from assistant.language.time.series import NOW, All, DayPart, Never, Nth, Series, all_of
from assistant.language.time.spans import RANK

_YEAR_LIKE = (19, 20)
"""Hours whose clock times in four figures look like years."""
MOST_PARTS = 4
"""More series at once come only from a heap of words."""


class Form(StrEnum):
    """What kind of words said a time; each is a tag of rules."""

    WEEKDAY = "weekday"
    MONTH = "month"
    DAY_OF_MONTH = "day_of_month"
    DATE = "date"
    """A month and a day, no year yet."""
    CLOCK = "clock"
    DATED_CLOCK = "dated_clock"
    PART = "part"
    RANGE = "range"
    CYCLE = "cycle"
    """A unit of the calendar: "next week"."""
    HOLIDAY = "holiday"
    SEASON = "season"
    WEEKEND = "weekend"
    NOW = "now"
    OTHER = "other_time"


@dataclass(frozen=True, slots=True)
class TimeValue:
    """A time as a series; `is_latent`: one only if nothing else speaks against it, as a bare number.

    Tags: `time` (sure), `anytime`, `piece` and `fine_piece` (what may be put together with others), `day`, `year`, the
    form, `hour` (a clock time without minutes), `latent_clock`, `named` (may follow this, next, last), `period`."""

    series: Series
    form: Form = Form.OTHER
    is_latent: bool = False
    is_named: bool = False
    is_placed: bool = False
    """Said with its preposition: "on friday"."""
    holiday: str | None = None
    direction: Direction | None = None
    tags: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        series = self.series
        has_minute = isinstance(series, Fields) and series.minute not in (None, 0)
        tags = _tags(self.form, series.grain, (self.is_latent, self.is_named, self.direction is not None, has_minute))
        if not self.is_placed and (self.form is Form.WEEKDAY or (isinstance(series, Nth) and "sure_day" in tags)):
            tags = (*tags, "bare_day")
        object.__setattr__(self, "tags", tags)

    @property
    def is_impossible(self) -> bool:
        """It is said to be on a day that no calendar has, so no part of its words means something else."""
        return _holds_never(self.series)


def _holds_never(series: object) -> bool:
    if isinstance(series, All):
        return any(_holds_never(each) for each in series.parts)
    inner = [getattr(series, name, None) for name in ("series", "base", "until")]
    return isinstance(series, Never) or any(each is not None and _holds_never(each) for each in inner)


@cache
def _tags(form: Form, grain: Grain, flags: tuple[bool, bool, bool, bool]) -> tuple[str, ...]:
    is_latent, is_named, is_open, has_minute = flags
    if is_open:
        return ("open_time",)
    tags = ["anytime", str(form)]
    if not is_latent:
        tags += _sure_tags(form, grain)
    if form is Form.CLOCK:
        tags += [] if has_minute else ["hour"]
        tags += [] if not is_latent else (["latent_minute"] if has_minute else ["latent_hour"])
        tags += ["latent_clock"] if is_latent else ["sure_clock"]
    if grain is Grain.YEAR and form is not Form.RANGE:
        tags.append("year")
    if form in (Form.CYCLE, Form.MONTH) or grain is Grain.YEAR or (not is_latent and RANK[grain] >= RANK[Grain.DAY]):
        tags.append("period")
    if is_named and not is_latent:
        tags.append("named")
    return tuple(tags)


def _sure_tags(form: Form, grain: Grain) -> list[str]:
    tags = ["time"]
    if form in (Form.PART, Form.RANGE):
        return [*tags, f"sure_{form}"]
    tags.append("piece")
    if grain is not Grain.YEAR:
        tags.append("fine_piece")
    if RANK[grain] >= RANK[Grain.DAY]:
        tags.append("day_piece")
    if grain in (Grain.DAY, Grain.MONTH, Grain.WEEK):
        tags.append(f"sure_{grain}")
    return tags


def joined(a: TimeValue, b: TimeValue, form: Form | None = None) -> TimeValue | None:
    """Both at once; None where they contradict each other, or are too much."""
    if isinstance(a.series, InZone) or isinstance(b.series, InZone):
        return _joined_in_zone(a, b)
    if isinstance(a.series, Between) and a.form is Form.RANGE:
        return _joined_with_range(b, a)
    if isinstance(b.series, Between) and b.form is Form.RANGE:
        return _joined_with_range(a, b)
    series = all_of(a.series, b.series)
    if series is None or (series in (a.series, b.series) and Grain.YEAR not in (a.series.grain, b.series.grain)):
        return None  # a contradiction, or one adds nothing to the other
    if isinstance(series, All) and len(series.parts) > MOST_PARTS:
        return None
    return TimeValue(series, form or _form_of(series, a, b), holiday=a.holiday or b.holiday)


def _form_of(series: Series, a: TimeValue, b: TimeValue) -> Form:
    if Form.PART in (a.form, b.form):
        return Form.PART
    if {Form.CLOCK, Form.DATED_CLOCK} & {a.form, b.form}:
        return Form.DATED_CLOCK
    if isinstance(series, Fields) and series.year is None and series.month and series.day and series.hour is None:
        return Form.DATE
    return Form.OTHER


def _joined_in_zone(a: TimeValue, b: TimeValue) -> TimeValue | None:
    """The day is one of that zone too."""
    zoned, other = (a, b) if isinstance(a.series, InZone) else (b, a)
    if not isinstance(zoned.series, InZone) or isinstance(other.series, InZone):
        return None
    inner = joined(replace(zoned, series=zoned.series.base), other)
    return inner and replace(inner, series=InZone(inner.series, zoned.series.offset))


def _joined_with_range(day: TimeValue, range_: TimeValue) -> TimeValue | None:
    """The day is that on which the range begins."""
    between = range_.series
    if not isinstance(between, Between) or RANK[between.grain] >= RANK[Grain.DAY]:
        return None
    if RANK[day.series.grain] < RANK[Grain.DAY] and not isinstance(day.series, DayPart):
        return None
    if between.base == NOW:
        end = all_of(day.series, between.until)
        return None if end is None else TimeValue(replace(between, until=end), Form.RANGE)
    start = all_of(day.series, between.base)
    return None if start is None else TimeValue(replace(between, base=start), Form.RANGE, holiday=day.holiday)


def _both(a: TimeValue, b: TimeValue) -> Value | None:
    if Form.CLOCK in (a.form, b.form) and max(RANK[a.series.grain], RANK[b.series.grain]) > RANK[Grain.DAY]:
        return None  # an hour of what day of the month?
    both = joined(a, b)
    if both is None and Form.WEEKDAY in (a.form, b.form):
        return _without_weekday(a, b)
    return both


def _without_weekday(a: TimeValue, b: TimeValue) -> Value | None:
    """ "Tuesday, july 8 2026" was a Wednesday: people know the date better."""
    date = b if a.form is Form.WEEKDAY else a
    is_whole = isinstance(date.series, Fields) and None not in date.series[:3] and date.series.weekday is None
    return date if is_whole else None


def _day_and_bare_clock(a: TimeValue, b: TimeValue) -> Value | None:
    """ "Friday" "three thirty"; "2026" after a day is a year."""
    is_year_like = isinstance(b.series, Fields) and b.series.hour in _YEAR_LIKE
    return None if is_year_like else joined(a, b)


def _same(t: TimeValue) -> Value | None:
    """Words that add nothing: "on" friday."""
    return t


def _placed(t: TimeValue) -> Value | None:
    """ "On" friday."""
    return replace(t, is_placed=True)


def _sure(t: TimeValue) -> Value | None:
    """Words that leave no doubt that it is a time: "at" seven."""
    return replace(t, is_latent=False)


def _part_of(p: TimeValue, d: TimeValue) -> Value | None:
    """A part of that day."""
    if isinstance(d.series, Fields) and d.series.hour is not None:
        return None
    return joined(p, d, Form.PART)


OPS: Mapping[str, Op] = {
    "day_and_bare_clock": _day_and_bare_clock,
    "both": _both,
    "same_time": _same,
    "placed": _placed,
    "sure": _sure,
    "part_of": _part_of,
}


def _read(value: TimeValue, reading: Reading) -> tuple[Meaning, ...]:
    meaning = resolved(value.series, reading, value.direction, value.holiday)
    return () if meaning is None else (meaning,)


SENSES: Sequence[Sense] = (Sense(Kind.TIME, frozenset({"anytime", "open_time"}), _read),)
