"""Operations for stretches of time: from here to there, until, by, after, for so long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.values import Direction, Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.clock import clocks_between, in_part
from assistant.language.ops.cycles import from_now
from assistant.language.ops.quantities import GrainValue, LengthValue, NumberValue, OrdinalValue
from assistant.language.ops.times import Form, TimeValue, joined
from assistant.language.time.derived import Between, NthAfter, Shifted, whole
from assistant.language.time.fields import Fields
from assistant.language.time.series import NOW, Cycle, Latest, Nth
from assistant.language.time.spans import RANK


def _between(a: TimeValue, b: TimeValue) -> Value | None:
    """From "monday" to "friday"; ends that have clock times and days both keep their own."""
    if Form.PART in (a.form, b.form) and a.form is not b.form:
        return None
    day_rank = RANK[Grain.DAY]
    if Form.CLOCK in (a.form, b.form) and (RANK[a.series.grain] < day_rank) != (RANK[b.series.grain] < day_rank):
        return None
    if abs(RANK[a.series.grain] - RANK[b.series.grain]) > 3 or isinstance(a.series, Between):
        return None
    if isinstance(b.series, Between):
        return None
    return TimeValue(Between(a.series, b.series), Form.RANGE, holiday=None)


def _years_between(a: NumberValue, b: NumberValue, is_latent: bool = True) -> Value | None:
    """ "2031 - 2035"."""
    if a.digits != 4 or b.digits != 4 or not 1000 <= a.value < b.value <= 9999:
        return None
    years = Between(Fields(year=int(a.value)), Fields(year=int(b.value)))
    return TimeValue(years, Form.RANGE, is_latent)


def _days_between(a: NumberValue | OrdinalValue, b: NumberValue | OrdinalValue, m: TimeValue) -> Value | None:
    """ "3" to "9" "may"."""
    if not 1 <= a.value < b.value <= 31 or a.value != int(a.value) or b.value != int(b.value):
        return None
    first = joined(TimeValue(Fields(day=int(a.value))), m)
    last = joined(TimeValue(Fields(day=int(b.value))), m)
    return first and last and TimeValue(Between(first.series, last.series), Form.RANGE)


def _open_on_day(d: TimeValue, o: TimeValue) -> Value | None:
    """ "Tomorrow" "after five"."""
    if RANK[o.series.grain] >= RANK[Grain.DAY]:
        return None
    both = joined(d, replace(o, direction=None))
    return both and replace(both, direction=o.direction)


def _range_in_part(p: TimeValue, r: TimeValue) -> Value | None:
    """ "Monday morning" "from ten to twelve"."""
    between = r.series
    if not isinstance(between, Between):
        return None
    start = in_part(TimeValue(between.base, Form.CLOCK), p)
    return start and TimeValue(replace(between, base=start.series), Form.RANGE)


def _clocks_on_day(d: TimeValue, a: TimeValue, b: TimeValue) -> Value | None:
    """ "Next monday" "six" to "eight"."""
    hours = clocks_between(a, b)
    return hours and joined(d, hours)


def _is_clock_range(t: TimeValue) -> bool:
    """ "Ten to eleven" as a range has no one side."""
    return t.form is Form.RANGE and isinstance(t.series, Between) and RANK[t.series.grain] < RANK[Grain.DAY]


def _by(t: TimeValue) -> Value | None:
    """From now to then."""
    if _is_clock_range(t):
        return None
    return TimeValue(Between(NOW, t.series, is_closed=False), Form.RANGE)


def _by_end(t: TimeValue) -> Value | None:
    """From now to the end of it."""
    return TimeValue(Between(NOW, t.series), Form.RANGE) if RANK[t.series.grain] >= RANK[Grain.DAY] else None


def _by_end_of_present(grain: str) -> Value | None:
    following = Nth(1, Cycle(Grain(grain)))
    return TimeValue(Between(NOW, following, is_closed=False), Form.RANGE)


def _within(l: LengthValue) -> Value | None:  # noqa: E741  # the slot of a length
    end = from_now(l)
    return None if end is None else TimeValue(Between(NOW, end, is_closed=False), Form.RANGE)


def _within_one(g: GrainValue) -> Value | None:
    """Within the "hour"."""
    end = Shifted(NOW, ((1, g.grain),), is_from_now=True)
    return TimeValue(Between(NOW, end, is_closed=False), Form.RANGE)


def _before(t: TimeValue) -> Value | None:
    return None if _is_clock_range(t) else replace(t, direction=Direction.BEFORE, is_latent=False)


def _before_end(t: TimeValue) -> Value | None:
    """Until the end of "the month"."""
    following = NthAfter(1, Cycle(t.series.grain), t.series, is_whole=False)
    return TimeValue(following, direction=Direction.BEFORE)


def _after(t: TimeValue) -> Value | None:
    return None if _is_clock_range(t) else replace(t, direction=Direction.AFTER, is_latent=False)


def _since(t: TimeValue) -> Value | None:
    """ "Since" january: the last one; since a clock time, that one."""
    is_day = RANK[t.series.grain] >= RANK[Grain.DAY]
    return _after(replace(t, series=Latest(t.series)) if is_day else t)


def _after_now() -> Value | None:
    return TimeValue(NOW, direction=Direction.AFTER)


def _after_length(l: LengthValue) -> Value | None:  # noqa: E741  # the slot of a length
    """After "five days"."""
    start = from_now(l)
    return None if start is None else TimeValue(start, direction=Direction.AFTER)


def _for_length(t: TimeValue, l: LengthValue) -> Value | None:  # noqa: E741  # the slot of a length
    """From "four" for "thirty minutes"."""
    amounts = whole(l.amounts)
    if not amounts or t.form is Form.RANGE or any(count <= 0 for count, _ in amounts):
        return None
    return TimeValue(Between(t.series, Shifted(t.series, amounts)), Form.RANGE)


OPS: Mapping[str, Op] = {
    "between": _between,
    "years_between": _years_between,
    "days_between": _days_between,
    "open_on_day": _open_on_day,
    "range_in_part": _range_in_part,
    "clocks_on_day": _clocks_on_day,
    "by": _by,
    "by_end": _by_end,
    "by_end_of_present": _by_end_of_present,
    "within": _within,
    "within_one": _within_one,
    "before": _before,
    "before_end": _before_end,
    "after": _after,
    "since": _since,
    "after_now": _after_now,
    "after_length": _after_length,
    "for_length": _for_length,
}
