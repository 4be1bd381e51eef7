"""Operations for what is counted: this, next and last, the nth of something, so long from now, parts of a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import GrainValue, LengthValue, NumberValue, OrdinalValue
from assistant.language.ops.times import Form, TimeValue, joined
from assistant.language.time.derived import Between, Closest, Holding, NthAfter, NthLast, Shifted, Slice, whole
from assistant.language.time.feasts import Seasons
from assistant.language.time.fields import Fields
from assistant.language.time.series import NOW, TODAY, Cycle, NextWeekday, Nth, Run, Series
from assistant.language.time.spans import RANK

_MOST_COUNT = 1000


def _cycle(g: GrainValue, count: int = 0, is_latent: bool = False) -> Value | None:
    """This, next, last week."""
    if is_latent and RANK[g.grain] < RANK[Grain.DAY]:
        return None
    return TimeValue(Nth(count, Cycle(g.grain)), Form.CYCLE, is_latent)


def _cycle_ahead(n: NumberValue, g: GrainValue) -> Value | None:
    """ "Upcoming" four weeks: the fourth."""
    return TimeValue(Nth(int(n.value), Cycle(g.grain)), Form.CYCLE) if 0 < n.value < _MOST_COUNT else None


def _this(t: TimeValue) -> Value | None:
    """ "This" friday, christmas."""
    return replace(t, series=Nth(0, t.series, t.form is Form.WEEKDAY), form=_form(t), is_latent=False, is_named=False)


def _next(t: TimeValue) -> Value | None:
    series = Nth(0, t.series, True)
    if t.form is Form.WEEKDAY and isinstance(t.series, Fields):
        return TimeValue(NextWeekday(t.series))
    return replace(t, series=series, form=_form(t), is_latent=False, is_named=False)


def _last(t: TimeValue, count: int = -1) -> Value | None:
    return replace(t, series=Nth(count, t.series), form=_form(t), is_latent=False, is_named=False)


def _after_next(t: TimeValue) -> Value | None:
    return replace(t, series=Nth(1, t.series, True), form=_form(t), is_latent=False, is_named=False)


def _following(t: TimeValue) -> Value | None:
    """ "The following" friday: of next week."""
    return joined(t, TimeValue(Nth(1, Cycle(Grain.WEEK))))


def _form(t: TimeValue) -> Form:
    return Form.RANGE if t.form is Form.RANGE else Form.OTHER


def _run(l: LengthValue, sign: int = 1) -> Value | None:  # noqa: E741  # the slot of a length
    """ "The next" three days."""
    if len(l.amounts) != 1:
        return None
    count, grain = l.amounts[0]
    if not 0 < count < _MOST_COUNT or count != int(count):
        return None
    return TimeValue(Run(sign * int(count), grain), Form.RANGE)


def _nth_of(o: OrdinalValue, t: TimeValue, b: TimeValue) -> Value | None:
    """ "The fourth" "wednesday" of "may"; after easter."""
    if not 0 < o.value < 54:
        return None
    return replace(t, series=NthAfter(o.value - 1, t.series, b.series), form=Form.OTHER, is_named=False)


def _nth_of_month(o: OrdinalValue, t: TimeValue) -> Value | None:
    """ "The second" "sunday": of this month, or of the next one when it is over."""
    return TimeValue(NthAfter(o.value - 1, t.series, Cycle(Grain.MONTH))) if 0 < o.value <= 4 else None


def _count_from(n: NumberValue, t: TimeValue, b: TimeValue | None = None) -> Value | None:
    """ "Five" mondays from now."""
    if not 0 < n.value < _MOST_COUNT:
        return None
    return TimeValue(NthAfter(int(n.value) - 1, t.series, b.series if b is not None else NOW))


def _count_back(n: NumberValue, t: TimeValue) -> Value | None:
    """ "Four" saturdays ago."""
    return TimeValue(Nth(-int(n.value), t.series)) if 0 < n.value < _MOST_COUNT else None


def _last_of(t: TimeValue, b: TimeValue) -> Value | None:
    """The last "sunday" of "june"."""
    return TimeValue(NthLast(1, t.series, b.series))


def _nth_cycle_of(o: OrdinalValue, g: GrainValue, b: TimeValue) -> Value | None:
    """ "The fourth" "week" of "july"."""
    if not 0 < o.value < _MOST_COUNT or RANK[g.grain] >= RANK[b.series.grain]:
        return None
    return TimeValue(NthAfter(o.value - 1, Cycle(g.grain), b.series))


def _nth_cycle_after(o: OrdinalValue, g: GrainValue, b: TimeValue) -> Value | None:
    """ "The fourth" "week" after "easter"."""
    return TimeValue(NthAfter(o.value - 1, Cycle(g.grain), b.series)) if 0 < o.value < _MOST_COUNT else None


def _last_cycle_of(g: GrainValue, b: TimeValue, o: OrdinalValue | None = None) -> Value | None:
    """The (third) last "day" of "june"."""
    if RANK[g.grain] >= RANK[b.series.grain] or (o is not None and not 0 < o.value < 400):
        return None
    return TimeValue(NthLast(o.value if o else 1, Cycle(g.grain), b.series))


def _nth_quarter(o: OrdinalValue, g: GrainValue, y: TimeValue | None = None) -> Value | None:
    if g.grain is not Grain.QUARTER or not 1 <= o.value <= 4:
        return None
    return _quarter(o.value, y or TimeValue(Nth(0, Cycle(Grain.YEAR))))


def _noted_quarter(year: str, quarter: str) -> Value | None:
    """2031q2."""
    number = int(year) + 2000 if len(year) == 2 else int(year)
    return _quarter(int(quarter), TimeValue(Fields(year=number)))


def _quarter(number: int, y: TimeValue) -> Value | None:
    return TimeValue(NthAfter(number - 1, Cycle(Grain.QUARTER), y.series))


def _cycle_beside(g: GrainValue, b: TimeValue, count: int) -> Value | None:
    """The "day" after "tomorrow"."""
    return TimeValue(NthAfter(count, Cycle(g.grain), b.series, is_whole=False))


def _cycle_holding(g: GrainValue, b: TimeValue) -> Value | None:
    """The "week" of "june 20th"."""
    if RANK[g.grain] <= RANK[b.series.grain]:
        return None
    return TimeValue(Holding(g.grain, b.series))


def _closest(t: TimeValue, b: TimeValue, o: OrdinalValue | None = None) -> Value | None:
    """The (second) closest "sunday" to "august 20th"."""
    count = o.value if o is not None else 1
    return replace(t, series=Closest(count, t.series, b.series), form=Form.OTHER) if 0 < count < 50 else None


def from_now(l: LengthValue, sign: int = 1) -> Shifted | None:  # noqa: E741  # the slot of a length
    """So long from now, or (sign -1) ago."""
    amounts = whole(l.amounts, sign)
    return Shifted(NOW, amounts, is_from_now=True) if amounts else None


def _in_length(l: LengthValue, sign: int = 1) -> Value | None:  # noqa: E741  # the slot of a length
    """In "two weeks"; "two weeks" ago."""
    series = from_now(l, sign)
    return None if series is None else TimeValue(series)


def _in_about_length(n: NumberValue, l: LengthValue) -> Value | None:  # noqa: E741  # the slot of a length
    """In "five" to "ten minutes": the sooner."""
    amount, grain = l.amounts[0]
    if len(l.amounts) != 1 or not 0 < n.value < amount or n.value != int(n.value):
        return None
    return TimeValue(Shifted(NOW, ((int(n.value), grain),), is_from_now=True))


def _in_minutes(n: NumberValue) -> Value | None:
    """In "25": minutes are meant."""
    if not 0 < n.value <= 60 or n.value != int(n.value) or n.form in ("count", "fraction") or n.digits > 2:
        return None
    return TimeValue(Shifted(NOW, ((int(n.value), Grain.MINUTE),), is_from_now=True))


def _length_from(l: LengthValue, t: TimeValue, sign: int = 1) -> Value | None:  # noqa: E741  # the slot of a length
    """ "Two days" after "friday"."""
    if t.form is Form.NOW:
        return _in_length(l, sign)
    amounts = whole(l.amounts, sign)
    return TimeValue(Shifted(_coming(t), amounts)) if amounts else None


def _week_after(t: TimeValue) -> Value | None:
    """ "Friday" week."""
    return TimeValue(Shifted(_coming(t), ((1, Grain.WEEK),)))


def _coming(t: TimeValue) -> Series:
    """A weekday alone is the next to come; of a day of the year the last may be meant."""
    return Nth(0, t.series, True) if t.form is Form.WEEKDAY else t.series


def _during_length(t: TimeValue, l: LengthValue, sign: int = 1) -> Value | None:  # noqa: E741  # the slot of a length
    """ "Easter" in "fourteen months": the one in the month that begins then."""
    amounts = whole(l.amounts, sign)
    if not amounts or RANK[amounts[-1][1]] < RANK[Grain.DAY]:
        return None
    *larger, (count, grain) = amounts
    start = Shifted(NOW, amounts, is_from_now=True)
    if grain is Grain.DAY:
        return joined(t, TimeValue(Shifted(TODAY, amounts)))
    end = Shifted(NOW, (*larger, (count + 1, grain)), is_from_now=True)
    return joined(t, TimeValue(Between(start, end, is_closed=False)))


def _run_of(n: NumberValue, g: GrainValue, sign: int = 1) -> Value | None:
    """ "The ten" previous "weeks"."""
    if not 0 < n.value < _MOST_COUNT or n.value != int(n.value):
        return None
    return TimeValue(Run(sign * int(n.value), g.grain), Form.RANGE)


def _counted_ahead(g: GrainValue) -> Value | None:
    """Next "decade": ten years from now."""
    if g.times == 1:
        return None
    return TimeValue(Shifted(NOW, ((g.times, g.grain),), is_from_now=True))


def _end_of_day(d: TimeValue) -> Value | None:
    """The last second of "sunday"."""
    return TimeValue(NthLast(1, Cycle(Grain.SECOND), d.series))


def _so_far(g: GrainValue) -> Value | None:
    """From the beginning of the present one to now."""
    return TimeValue(Between(Nth(0, Cycle(g.grain)), NOW, is_closed=False), Form.RANGE)


def _season(count: int) -> Value | None:
    return TimeValue(Nth(count, Seasons()), Form.RANGE)


_PIECES = {
    Grain.WEEK: (Grain.DAY, {"early": (0, 3), "mid": (2, 5), "late": (4, None)}),
    Grain.MONTH: (Grain.DAY, {"early": (0, 10), "mid": (10, 20), "late": (20, None)}),
    Grain.YEAR: (Grain.MONTH, {"early": (0, 3), "mid": (4, 8), "late": (8, None)}),
}


def _piece_of(b: TimeValue, which: str) -> Value | None:
    """The beginning, middle or end of a week, month or year."""
    if b.series.grain not in _PIECES or b.form is Form.RANGE:
        return None
    unit, pieces = _PIECES[b.series.grain]
    first, last = pieces[which]
    return TimeValue(Slice(b.series, unit, first, last), Form.RANGE)


def _piece_of_present(grain: str, which: str) -> Value | None:
    """The end of the month."""
    return _piece_of(TimeValue(Nth(0, Cycle(Grain(grain)))), which)


def _rest_of(g: GrainValue, is_latent: bool = False) -> Value | None:
    """From today to the end; of a week, until its Sunday."""
    if g.grain is Grain.DAY:
        return TimeValue(Between(NOW, Nth(1, Cycle(Grain.DAY)), is_closed=False), Form.RANGE, is_latent)
    if g.grain not in _PIECES:
        return None
    last = Fields(weekday=5) if g.grain is Grain.WEEK else Nth(1, Cycle(g.grain))
    start = TODAY if g.grain is not Grain.YEAR else Nth(0, Cycle(Grain.MONTH))
    return TimeValue(Between(start, last, is_closed=False), Form.RANGE, is_latent)


def _all_week() -> Value | None:
    return TimeValue(Slice(Nth(0, Cycle(Grain.WEEK)), Grain.DAY, 0, 6), Form.RANGE)


OPS: Mapping[str, Op] = {
    "cycle": _cycle,
    "cycle_ahead": _cycle_ahead,
    "this": _this,
    "next": _next,
    "last": _last,
    "after_next": _after_next,
    "following": _following,
    "run": _run,
    "nth_of": _nth_of,
    "nth_of_month": _nth_of_month,
    "count_from": _count_from,
    "count_back": _count_back,
    "last_of": _last_of,
    "nth_cycle_of": _nth_cycle_of,
    "nth_cycle_after": _nth_cycle_after,
    "last_cycle_of": _last_cycle_of,
    "nth_quarter": _nth_quarter,
    "noted_quarter": _noted_quarter,
    "cycle_beside": _cycle_beside,
    "cycle_holding": _cycle_holding,
    "closest": _closest,
    "in_length": _in_length,
    "in_about_length": _in_about_length,
    "in_minutes": _in_minutes,
    "length_from": _length_from,
    "week_after": _week_after,
    "during_length": _during_length,
    "run_of": _run_of,
    "counted_ahead": _counted_ahead,
    "end_of_day": _end_of_day,
    "so_far": _so_far,
    "season": _season,
    "piece_of": _piece_of,
    "piece_of_present": _piece_of_present,
    "rest_of": _rest_of,
    "all_week": _all_week,
}
