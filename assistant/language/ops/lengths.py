"""Operations for lengths of time ("two and a half hours") and their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import (
    GrainValue,
    HomophoneValue,
    LengthValue,
    NumberValue,
    ScaleValue,
    SeveralValue,
    ShareValue,
)

ORDER = tuple(Grain)
"""From the shortest to the longest."""
_SMALLER: Mapping[Grain, tuple[int, Grain]] = {
    Grain.YEAR: (12, Grain.MONTH),
    Grain.QUARTER: (3, Grain.MONTH),
    Grain.MONTH: (30, Grain.DAY),
    Grain.WEEK: (7, Grain.DAY),
    Grain.DAY: (24, Grain.HOUR),
    Grain.HOUR: (60, Grain.MINUTE),
    Grain.MINUTE: (60, Grain.SECOND),
}
"""What part of a unit is told in: half an hour is thirty minutes."""
_SIXTY = (Grain.HOUR, Grain.MINUTE)
_ONE_SECOND = ((1, Grain.SECOND),)
MOST_SEVERAL = 8
MOST_SHORTENED = 200
"""Of a unit: "one twenty minutes" is said, "five ten minutes" is not one number."""


def length(amount: float, grain: Grain) -> LengthValue:
    """So many of a unit, the rest of a fraction in smaller units, as whole numbers where they can be."""
    sign = -1 if amount < 0 else 1
    amounts: list[tuple[float, Grain]] = []
    left, unit = abs(amount), grain
    while unit in _SMALLER and left != int(left):
        times, smaller = _SMALLER[unit]
        if int(left):
            amounts.append((sign * int(left), unit))
        left, unit = round((left - int(left)) * times, 6), smaller
    if left or not amounts:
        amounts.append((sign * (int(left) if left == int(left) else left), unit))
    return LengthValue(tuple(amounts), said=grain)


def _grain(
    value: str, is_short: bool = False, times: int = 1, is_plural: bool = False, is_counted: bool = False
) -> Value | None:
    return GrainValue(Grain(value), is_short, times, is_plural, is_counted)


def _one_of(g: GrainValue) -> Value | None:
    """ "An hour"; "a second" may be another one."""
    if g.is_plural:
        return None
    one = length(g.times, g.grain)
    return replace(one, is_doubtful=g.grain is Grain.SECOND)


def _fixed_length(value: str, count: int) -> Value | None:
    """A word for so many of a unit: "Viertelstunde"."""
    return length(count, Grain(value))


def _all_of(g: GrainValue) -> Value | None:
    """ "All" day."""
    return None if g.is_plural or ORDER.index(g.grain) < ORDER.index(Grain.HOUR) else length(g.times, g.grain)


def _fixed_count_of(g: GrainValue, count: int) -> Value | None:
    """ "Some" days."""
    return length(count * g.times, g.grain) if g.is_plural else None


def _count_of(n: NumberValue, g: GrainValue) -> Value | None:
    """ "Ten minutes"."""
    if (n.form == "shortened" and n.value >= MOST_SHORTENED) or _may_be_nth(n):
        return None
    return length(n.value * g.times, g.grain)


def _part_of_unit(n: NumberValue, g: GrainValue) -> Value | None:
    """ "A third" of an "hour"."""
    return length(n.value * g.times, g.grain)


def _may_be_nth(n: NumberValue) -> bool:
    """ "A third" day may be one of several, unlike half and quarter."""
    if n.form != "fraction" or n.is_figure or n.value > 0.4:
        return False
    parts = round(1 / n.value, 6)
    return parts == int(parts) and parts != 4


def _scale_count_of(scale: ScaleValue, g: GrainValue) -> Value | None:
    """ "Hundred" days."""
    return length(scale.value * g.times, g.grain) if g.is_plural and not scale.is_loose else None


def _short_count_of(n: NumberValue, g: GrainValue) -> Value | None:
    """ "10 m": a sign follows figures only."""
    return length(n.value, g.grain) if n.is_figure else None


def _share_of(s: ShareValue, g: GrainValue, is_of_said: bool = False) -> Value | None:
    """ "Half" "(an) hour"; a "third" of an "hour"."""
    if s.is_plural or not (is_of_said or s.parts in (2, 4)):
        return None
    return length(g.times / s.parts, g.grain)


def _sounds_like_count_of(n: HomophoneValue, g: GrainValue, tens: NumberValue | None = None) -> Value | None:
    """ "For" "minutes", "twenty" "for" "minutes"."""
    count = n.value + (int(tens.value) if tens is not None else 0)
    if g.grain not in (Grain.SECOND, Grain.MINUTE, Grain.HOUR) or g.is_plural != (count > 1):
        return None
    return LengthValue(((count, g.grain),), g.grain, is_doubtful=True)


def _one_and_share_of(g: GrainValue, s: ShareValue) -> Value | None:
    """ "Hour" "and a half"."""
    return (
        None if g.is_plural or s.is_plural or g.grain is Grain.SECOND else length(g.times * (1 + 1 / s.parts), g.grain)
    )


def _and_share_of_it(a: LengthValue, s: ShareValue) -> Value | None:
    """ "An hour" "and a half"."""
    return None if s.is_plural else _plus(a, 1 / s.parts)


def _and_fraction_of_it(a: LengthValue, f: NumberValue, is_figure_needed: bool = False) -> Value | None:
    """ "An hour" "and three quarters"; "2 hours" "1/2"."""
    return _plus(a, f.value) if f.value < 1 and (f.is_figure or not is_figure_needed) else None


def _plus(a: LengthValue, part: float) -> Value | None:
    (amount, grain), is_whole = a.amounts[0], len(a.amounts) == 1
    return length(amount + part, grain) if is_whole and grain is a.said and amount > 0 else None


def _then(a: LengthValue, b: LengthValue) -> Value | None:
    """ "Two hours" "ten minutes", "half an hour" "and ten minutes"."""
    is_doubtful = a.is_doubtful or (b.is_doubtful and b.amounts != _ONE_SECOND)
    if is_doubtful or ORDER.index(b.said) >= ORDER.index(a.said):
        return None
    total: dict[Grain, float] = dict.fromkeys(reversed(ORDER), 0)
    for amount, grain in a.amounts + b.amounts:
        total[grain] += amount
    amounts = tuple((amount, grain) for grain, amount in total.items() if amount)
    return LengthValue(amounts or b.amounts, a.said, is_single=False)


def _one_then(g: GrainValue, b: LengthValue) -> Value | None:
    """ "Hour" "and ten minutes"."""
    return None if g.is_plural or g.grain is Grain.SECOND else _then(length(g.times, g.grain), b)


def _then_bare(a: LengthValue, n: NumberValue, is_hour_needed: bool = False) -> Value | None:
    """ "An hour" "thirty"."""
    amount, grain = a.amounts[0]
    least = 1 if grain is Grain.HOUR else 10
    if grain not in _SIXTY or grain is not a.said or len(a.amounts) > 1 or a.is_doubtful:
        return None
    if is_hour_needed and grain is not Grain.HOUR:
        return None
    if amount < 1 or not least <= n.value < 60:
        return None
    return LengthValue((*a.amounts, (int(n.value), _SMALLER[grain][1])), grain, is_single=False)


def _clock_length(whole: str, sixtieths: str, grain: str = "hour") -> Value | None:
    """ "1h30", "1:30 minutes"."""
    if int(sixtieths) >= 60 or len(whole) > 3:
        return None
    unit = Grain(grain)
    return LengthValue(((int(whole), unit), (int(sixtieths), _SMALLER[unit][1])), unit, is_single=False)


def _prime_length(minutes: str = "", seconds: str = "") -> Value | None:
    """Minutes and seconds with their signs: 2' and 30"."""
    amounts = ((minutes, Grain.MINUTE), (seconds, Grain.SECOND))
    said = tuple((int(amount), grain) for amount, grain in amounts if amount)
    return LengthValue(said, said[0][1], is_single=False) if said else None


def _same_length(a: LengthValue) -> Value | None:
    """ "About" an hour."""
    return a


def _two_lengths(n: NumberValue, b: LengthValue) -> Value | None:
    """ "Two" "and four minutes"."""
    amount, grain = b.amounts[0]
    if len(b.amounts) > 1 or b.is_doubtful or n.value <= 0 or amount <= 0:
        return None
    return SeveralValue((length(n.value, grain), b))


def _apart(a: LengthValue, b: LengthValue, is_unit_shared: bool = False) -> Value | None:
    """ "Ten minutes" "and fifteen minutes": they don't add up. "Ten minutes" "a day" are one thing again and again."""
    if is_unit_shared and not (a.is_single and a.said is b.said):
        return None
    return SeveralValue((a, b)) if _is_next(a, b) else None


def _more_apart(a: LengthValue, b: SeveralValue, is_unit_shared: bool = False) -> Value | None:
    if is_unit_shared and not (a.is_single and a.said is b.lengths[0].said):
        return None
    if len(b.lengths) >= MOST_SEVERAL or not _is_next(a, b.lengths[0]):
        return None
    return SeveralValue((a, *b.lengths))


def _is_next(a: LengthValue, b: LengthValue) -> bool:
    last = a.said if a.is_single else a.amounts[-1][1]
    return not a.is_doubtful and not b.is_doubtful and ORDER.index(b.said) >= ORDER.index(last)


def _more_lengths(n: NumberValue, b: SeveralValue) -> Value | None:
    if n.value <= 0 or len(b.lengths) >= MOST_SEVERAL:
        return None
    return SeveralValue((length(n.value, b.lengths[-1].amounts[0][1]), *b.lengths))


OPS: Mapping[str, Op] = {
    "grain": _grain,
    "one_of": _one_of,
    "fixed_length": _fixed_length,
    "all_of": _all_of,
    "fixed_count_of": _fixed_count_of,
    "count_of": _count_of,
    "scale_count_of": _scale_count_of,
    "one_and_share_of": _one_and_share_of,
    "part_of_unit": _part_of_unit,
    "short_count_of": _short_count_of,
    "share_of": _share_of,
    "sounds_like_count_of": _sounds_like_count_of,
    "and_share_of_it": _and_share_of_it,
    "and_fraction_of_it": _and_fraction_of_it,
    "then": _then,
    "then_bare": _then_bare,
    "clock_length": _clock_length,
    "prime_length": _prime_length,
    "same_length": _same_length,
    "two_lengths": _two_lengths,
    "apart": _apart,
    "more_apart": _more_apart,
    "one_then": _one_then,
    "more_lengths": _more_lengths,
}
