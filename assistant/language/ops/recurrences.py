"""Operations for what repeats: "every second tuesday at six", "the last day of every month", until, except."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import GrainValue, LengthValue, NumberValue, OrdinalValue
from assistant.language.ops.times import Form, TimeValue
from assistant.language.recurring import Frequency, Pattern, without_weekdays
from assistant.language.time.derived import Between
from assistant.language.time.fields import Fields, Part
from assistant.language.time.series import DayPart

_DAYS = {
    Grain.MINUTE: (Frequency.MINUTELY, 1),
    Grain.HOUR: (Frequency.HOURLY, 1),
    Grain.DAY: (Frequency.DAILY, 1),
    Grain.WEEK: (Frequency.WEEKLY, 1),
    Grain.MONTH: (Frequency.MONTHLY, 1),
    Grain.QUARTER: (Frequency.MONTHLY, 3),
    Grain.YEAR: (Frequency.YEARLY, 1),
}
_SHORT = (Grain.MINUTE, Grain.HOUR)
LONGEST_INTERVAL = 1000
MOST_LEFT_OUT = 5


@dataclass(frozen=True, slots=True)
class DaysValue:
    """Days of the week. `is_plural`: said so that they repeat ("mondays"); `is_range`: several, one after the other or
    from one to another, which repeat when a time of day is said with them."""

    days: tuple[int, ...]
    is_plural: bool = False
    is_range: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        extra = ("plural_days",) if self.is_plural else ()
        return ("days", *extra, "days_range") if self.is_range else ("days", *extra)


@dataclass(frozen=True, slots=True)
class RepeatValue:
    """What repeats, as said so far."""

    pattern: Pattern
    at: tuple[TimeValue, ...] = ()
    """Clock times, or one part of the day."""
    since: TimeValue | None = None
    until: TimeValue | None = None
    is_through: bool = False
    """All that `until` names is in it; else only a day is."""
    lasting: LengthValue | None = None
    count: int | None = None
    without: tuple[TimeValue, ...] = ()
    each: LengthValue | None = None
    """How long one time lasts."""
    hours: TimeValue | None = None
    """From when to when on each day."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        return ("repeat",)

    @property
    def has_clock(self) -> bool:
        """A time of day was said."""
        return any(not isinstance(each.series, DayPart) for each in self.at)

    @property
    def is_elapsed(self) -> bool:
        """It counts hours or minutes."""
        return self.pattern.frequency in (Frequency.HOURLY, Frequency.MINUTELY)


# ── days of the week ─────────────────────────────────────────────────────────────────────────────


def _days(value: Sequence[int], is_plural: bool = False) -> Value | None:
    return DaysValue(tuple(value), is_plural)


def _one_day(d: TimeValue) -> Value | None:
    weekday = _weekday(d)
    return None if weekday is None else DaysValue((weekday,))


def _more_days(a: DaysValue, b: DaysValue) -> Value | None:
    """ "Mondays" and "wednesdays"."""
    if set(a.days) & set(b.days):
        return None
    return DaysValue(tuple(sorted((*a.days, *b.days))), a.is_plural or b.is_plural, is_range=True)


def _days_from_to(a: TimeValue, b: TimeValue) -> Value | None:
    """ "Monday" to "friday"."""
    first, last = _weekday(a), _weekday(b)
    if first is None or last is None or first == last:
        return None
    count = (last - first) % 7 + 1
    return DaysValue(tuple(sorted((first + step) % 7 for step in range(count))), is_range=True)


def _weekday(value: TimeValue) -> int | None:
    fields = value.series
    return fields.weekday if isinstance(fields, Fields) and fields == Fields(weekday=fields.weekday) else None


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


def _every_grain(g: GrainValue, interval: int = 1) -> Value | None:
    """Every "day", every other "week"."""
    if g.is_plural and interval == 1:
        return None
    return _every(g.grain, g.times * interval)


def _every_nth_grain(o: OrdinalValue, g: GrainValue) -> Value | None:
    """Every "third" "day"."""
    return _every(g.grain, g.times * o.value) if o.value > 1 and not g.is_plural else None


def _every_length(l: LengthValue) -> Value | None:  # noqa: E741  # the slot's name in the tables
    """Every "three days", every "hour and a half"."""
    if len(l.amounts) == 1:
        amount, grain = l.amounts[0]
        return _every(grain, int(amount)) if amount == int(amount) else None
    minutes = sum(amount * (60 if grain is Grain.HOUR else 1) for amount, grain in l.amounts)
    is_short = all(grain in _SHORT for _, grain in l.amounts)
    return _every(Grain.MINUTE, int(minutes)) if is_short and minutes == int(minutes) else None


def _every(grain: Grain, count: int) -> RepeatValue | None:
    if grain not in _DAYS or not 0 < count <= LONGEST_INTERVAL:
        return None
    frequency, times = _DAYS[grain]
    return RepeatValue(Pattern(frequency, times * count))


def _adverb(value: str, interval: int = 1) -> Value | None:
    """ "Weekly"."""
    return _every(Grain(value), interval)


def _every_days(d: DaysValue, interval: int = 1) -> Value | None:
    """Every "monday and thursday"."""
    return RepeatValue(Pattern(Frequency.WEEKLY, interval, tuple((0, day) for day in d.days)))


def _every_nth_days(o: OrdinalValue, d: DaysValue) -> Value | None:
    """The "second" "tuesday" of every month; -1 is the last."""
    if not -5 <= o.value <= 5 or o.value == 0 or d.is_plural or len(d.days) > 1:
        return None
    return RepeatValue(Pattern(Frequency.MONTHLY, weekdays=tuple((o.value, day) for day in d.days)))


def _every_bare_nth_days(o: OrdinalValue, d: DaysValue) -> Value | None:
    """Every "first" "monday"; the second is rather every other."""
    return _every_nth_days(o, d) if o.value != 2 else None


def _every_last_days(d: DaysValue) -> Value | None:
    """The last "friday" of every month."""
    return _every_nth_days(OrdinalValue(-1), d)


def _every_days_at(d: DaysValue, c: TimeValue) -> Value | None:
    """ "Monday to friday" at "seven": said so, it repeats."""
    return _at_clock(RepeatValue(Pattern(Frequency.WEEKLY, 1, tuple((0, day) for day in d.days))), c)


def _every_nth_day(o: OrdinalValue | NumberValue, p: OrdinalValue | NumberValue | None = None) -> Value | None:
    """On the "first" (and "fifteenth") of every month; -1 is its last day."""
    values = [each.value for each in (o, p) if each is not None]
    if any(each != int(each) or not (1 <= each <= 31 or -28 <= each <= -1) for each in values):
        return None
    return RepeatValue(Pattern(Frequency.MONTHLY, month_days=tuple(sorted(int(each) for each in values))))


def _last_day() -> Value | None:
    return RepeatValue(Pattern(Frequency.MONTHLY, month_days=(-1,)))


def _every_date(d: TimeValue) -> Value | None:
    """Every "third of may", every "christmas" (not easter: no rule of the calendar says when it is)."""
    fields = d.series
    if not isinstance(fields, Fields) or fields.month is None or fields.day is None:
        return None
    if fields != Fields(month=fields.month, day=fields.day):
        return None
    return RepeatValue(Pattern(Frequency.YEARLY, month=fields.month, month_days=(fields.day,)))


def _every_part(p: TimeValue) -> Value | None:
    """Every "morning"."""
    return RepeatValue(Pattern(Frequency.DAILY), (p,)) if isinstance(p.series, DayPart) else None


def _parts(value: str) -> Value | None:
    """ "Mornings"."""
    return RepeatValue(Pattern(Frequency.DAILY), (TimeValue(DayPart(Part(value)), Form.PART),))


def _on_days(r: RepeatValue, d: DaysValue) -> Value | None:
    """Every (second) week on "mondays"."""
    pattern = r.pattern
    if pattern.frequency is not Frequency.WEEKLY or pattern.weekdays:
        return None
    return replace(r, pattern=replace(pattern, weekdays=tuple((0, day) for day in d.days)))


def _on_day(r: RepeatValue, s: RepeatValue) -> Value | None:
    """Every (second) month "on the fifteenth", every year "on the third of may": `s` is the finer rule."""
    if r.at or s.at or r.pattern != Pattern(r.pattern.frequency, r.pattern.interval):
        return None
    if s.pattern.frequency is not r.pattern.frequency or s.pattern.interval != 1:
        return None
    return replace(s, pattern=replace(s.pattern, interval=r.pattern.interval))


# ── time of day ──────────────────────────────────────────────────────────────────────────────────


def _at_clock(r: RepeatValue, c: TimeValue, d: TimeValue | None = None) -> Value | None:
    """… at "seven" (and "nineteen")."""
    if r.has_clock or r.is_elapsed or not all(_is_clock(each) for each in (c, d) if each is not None):
        return None
    clocks = [c] if d is None else [c, d]
    if r.at and isinstance(part := r.at[0].series, DayPart):
        clocks = [_in_part(each, part.part) for each in clocks]
    return replace(r, at=tuple(clocks))


def _in_part(clock: TimeValue, part: Part) -> TimeValue:
    fields = clock.series
    if isinstance(fields, Fields) and fields.part is None and fields.is_12h:
        return replace(clock, series=fields._replace(part=part))
    return clock


def _is_clock(value: TimeValue) -> bool:
    fields = value.series
    return isinstance(fields, Fields) and fields.hour is not None and not fields.has_day


def _at_part(r: RepeatValue, p: TimeValue) -> Value | None:
    """… in the "evening"."""
    if r.is_elapsed or not isinstance(p.series, DayPart):
        return None
    if r.has_clock:
        return replace(r, at=tuple(_in_part(each, p.series.part) for each in r.at))
    return None if r.at else replace(r, at=(p,))


def _within(r: RepeatValue, t: TimeValue) -> Value | None:
    """Every two hours "between nine and five": those hours of each day; every monday "from nine to ten": so long."""
    if r.hours or r.at or r.each or not isinstance(t.series, Between) or not isinstance(t.series.base, Fields):
        return None
    if t.series.base.hour is None or t.series.base.has_day or r.pattern.frequency is Frequency.MINUTELY:
        return None
    return replace(r, hours=t)


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────


def _since(r: RepeatValue, t: TimeValue) -> Value | None:
    """… starting "saturday at eight"."""
    return None if r.since else replace(r, since=t)


def _until(r: RepeatValue, t: TimeValue, is_through: bool = False) -> Value | None:
    """… until "friday"; a clock time behind the day is when it comes, if that was not said yet."""
    if r.until or r.lasting or r.count or _takes_clock(r, t):
        return None
    return replace(r, until=t, is_through=is_through)


def _takes_clock(r: RepeatValue, t: TimeValue) -> bool:
    return t.form is Form.DATED_CLOCK and not r.at and not r.is_elapsed


def _for_length(r: RepeatValue, l: LengthValue) -> Value | None:  # noqa: E741  # the slot's name in the tables
    """… for "two weeks", or each time for "an hour"."""
    is_each = l.amounts[-1][1] in (*_SHORT, Grain.SECOND) and not r.is_elapsed
    if is_each:
        return None if r.each else replace(r, each=l)
    return None if r.until or r.lasting or r.count or not _is_whole(l) else replace(r, lasting=l)


def _is_whole(length: LengthValue) -> bool:
    return all(amount == int(amount) and amount >= 0 for amount, _ in length.amounts)


def _times(r: RepeatValue, n: NumberValue) -> Value | None:
    """… "ten" times."""
    if r.until or r.lasting or r.count or n.value != int(n.value) or not 1 <= n.value <= LONGEST_INTERVAL:
        return None
    return replace(r, count=int(n.value))


def _except_days(r: RepeatValue, d: DaysValue) -> Value | None:
    """… except "sunday"."""
    pattern = without_weekdays(r.pattern, d.days)
    return None if pattern is None or pattern == r.pattern else replace(r, pattern=pattern)


def _except_time(r: RepeatValue, t: TimeValue) -> Value | None:
    """… except "tomorrow"."""
    if t.form is Form.WEEKDAY or len(r.without) > MOST_LEFT_OUT or _takes_clock(r, t):
        return None
    return replace(r, without=(*r.without, t))


OPS: Mapping[str, Op] = {
    "days": _days,
    "one_day": _one_day,
    "more_days": _more_days,
    "days_from_to": _days_from_to,
    "every_grain": _every_grain,
    "every_nth_grain": _every_nth_grain,
    "every_length": _every_length,
    "repeat_adverb": _adverb,
    "every_days": _every_days,
    "every_nth_days": _every_nth_days,
    "every_bare_nth_days": _every_bare_nth_days,
    "every_last_days": _every_last_days,
    "every_days_at": _every_days_at,
    "every_nth_day": _every_nth_day,
    "every_last_day": _last_day,
    "every_date": _every_date,
    "every_part": _every_part,
    "repeat_parts": _parts,
    "repeat_on_days": _on_days,
    "repeat_on_day": _on_day,
    "repeat_at": _at_clock,
    "repeat_in_part": _at_part,
    "repeat_within": _within,
    "repeat_since": _since,
    "repeat_until": _until,
    "repeat_for": _for_length,
    "repeat_times": _times,
    "repeat_except_days": _except_days,
    "repeat_except_time": _except_time,
    "repeat_same": lambda r: r,
}
