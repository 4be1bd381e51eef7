"""Operations for numbers and ordinals.

Forms of numbers, as tags: `digit` (one to nine) and `tens` (twenty, thirty …) as words, `scaled` (two hundred,
five thousand: smaller ones may follow), `fraction` (parts of one), `shortened` ("one twenty": a hundred is left
out), `count` (a couple), `negative`. Joining is checked here, so that "one two three" stays three numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import (
    DecimalsValue,
    HomophoneValue,
    NumberValue,
    OrdinalValue,
    ScaleValue,
    ShareValue,
    SignValue,
)

MOST = 1e18
"""Larger numbers are read as nothing."""
MOST_DIGITS = 15
MOST_SHARES = 1000
_LEAST_SHARED = 1000
"""From this scale on, a half that follows is half of the scale ("a thousand and a half")."""


def _number(value: float, form: str = "", digits: int = 0) -> Value | None:
    return NumberValue(value, form, digits)


def _figure(
    value: str, suffix: str = "", suffixes: Mapping[str, float] | None = None, decimal: str = "."
) -> Value | None:
    """Figures as written: decimals after `decimal`, other signs keep thousands apart; a suffix multiplies."""
    plain = "".join("." if each == decimal else each for each in value if each == decimal or each.isalnum())
    if len(plain) > MOST_DIGITS + 1:
        return None
    times = suffixes[suffix.strip()] if suffix and suffixes else 1.0
    number = round(float(plain) * times, 9)
    return NumberValue(number, digits=sum(each.isdigit() for each in plain)) if number <= MOST else None


def _negative_figure(
    value: str, suffix: str = "", suffixes: Mapping[str, float] | None = None, decimal: str = "."
) -> Value | None:
    positive = _figure(value, suffix, suffixes, decimal)
    return _negative(positive) if isinstance(positive, NumberValue) else None


def _ratio(above: str, below: str) -> Value | None:
    if len(above) + len(below) > MOST_DIGITS or not int(below):
        return None
    value = int(above) / int(below)
    return NumberValue(value, "fraction" if value < 1 else "", digits=len(above + below))


def _scale(value: float, is_loose: bool = False) -> Value | None:
    return ScaleValue(value, is_loose)


def _tens_and_unit(a: NumberValue, b: NumberValue) -> Value | None:
    return NumberValue(a.value + b.value)


def _times(scale: ScaleValue, n: NumberValue | None = None) -> Value | None:
    """ "Three" "thousand"; "one million two hundred" is no number of thousands."""
    count = n.value if n is not None else 1.0
    value = round(count * scale.value, 6)
    if count <= 0 or value > MOST or (n is not None and n.form == "fraction"):
        return None
    if scale.is_loose:
        return NumberValue(value)
    is_fitting = count < scale.value or (n is not None and n.is_figure)
    return NumberValue(value, "scaled", scale=scale.value) if is_fitting else None


def _part_of_scale(f: NumberValue, scale: ScaleValue) -> Value | None:
    """ "Half" "a million"."""
    return None if scale.is_loose and f.value != 0.5 else NumberValue(round(f.value * scale.value, 6))


def _share_of_scale(s: ShareValue, scale: ScaleValue) -> Value | None:
    """ "Quarter" "million"."""
    return None if s.is_plural else _part_of_scale(NumberValue(1 / s.parts), scale)


def _scale_of_scale(a: ScaleValue, b: ScaleValue) -> Value | None:
    """ "Hundred" "thousand"."""
    if a.is_loose or b.is_loose or a.value >= b.value:
        return None
    return NumberValue(a.value * b.value, "scaled", scale=b.value)


def _scale_and(scale: ScaleValue, b: NumberValue) -> Value | None:
    """ "Hundred" "and twenty"."""
    if scale.is_loose or scale.value > 1000 or not 0 < b.value < scale.value or b.form == "fraction":
        return None
    return NumberValue(scale.value + b.value)


def _sum(a: NumberValue, b: NumberValue) -> Value | None:
    """ "Three hundred" "(and) five"."""
    if not 0 < b.value < a.scale or b.form == "fraction":
        return None
    return NumberValue(a.value + b.value)


def _hundred_left_out(a: NumberValue, b: NumberValue) -> Value | None:
    """ "One" "twenty two"."""
    return NumberValue(a.value * 100 + b.value, "shortened") if not b.digits and 10 <= b.value < 100 else None


def _negative(n: NumberValue) -> Value | None:
    return NumberValue(-n.value, "negative", n.digits) if n.value > 0 else None


def _sign(value: str) -> Value | None:
    return SignValue(value)


def _twice_said(a: NumberValue, b: NumberValue) -> Value | None:
    """ "Forty-five (45)"."""
    return a if a.value == b.value and a.is_figure != b.is_figure else None


def _decimals(value: str) -> Value | None:
    """Digits after "point", in figures."""
    return DecimalsValue(value, is_open=False) if len(value) <= MOST_DIGITS else None


def _first_decimal(n: NumberValue) -> Value | None:
    """ "Point" and "five", or "twenty five"."""
    if n.digits or n.value > 99 or n.value < 0:
        return None
    return DecimalsValue(str(int(n.value)), is_open=n.value < 10)


def _first_decimal_zero() -> Value | None:
    return DecimalsValue("0", is_open=True)


def _next_decimal(a: DecimalsValue, n: NumberValue) -> Value | None:
    if not a.is_open or n.digits or not 0 <= n.value < 10 or len(a.digits) >= MOST_DIGITS:
        return None
    return DecimalsValue(a.digits + str(int(n.value)), is_open=True)


def _with_decimals(b: DecimalsValue, n: NumberValue | None = None) -> Value | None:
    whole = n.value if n is not None else 0.0
    if whole < 0 or whole > 1e12:
        return None
    return NumberValue(float(f"{int(whole)}.{b.digits}"))


def _share(value: int, is_plural: bool = False) -> Value | None:
    return ShareValue(value, is_plural)


def _one_share(s: ShareValue) -> Value | None:
    return None if s.is_plural else NumberValue(1 / s.parts, "fraction")


def _shares(n: NumberValue, s: ShareValue) -> Value | None:
    """ "Three quarters", "two thirds"; "three quarter" is said too, but "twenty third" is something else."""
    if not 1 <= n.value < MOST_SHARES or not (s.is_plural or n.value == 1 or s.parts == 4):
        return None
    return NumberValue(n.value / s.parts, "fraction")


def _and_fraction(n: NumberValue, f: NumberValue) -> Value | None:
    """ "Two and a half"; "a million and a half" is half a million more."""
    if n.value <= 0 or f.value >= 1:
        return None
    of = n.scale if n.scale >= _LEAST_SHARED else 1.0
    return NumberValue(n.value + round(f.value * of, 9))


def _then_fraction(n: NumberValue, f: NumberValue) -> Value | None:
    """ "1 1/2"."""
    return NumberValue(n.value + f.value) if n.value > 0 and f.value < 1 and n.is_figure and f.is_figure else None


def _and_share(n: NumberValue, s: ShareValue) -> Value | None:
    """ "Two and half"."""
    return None if s.is_plural else _and_fraction(n, NumberValue(1 / s.parts, "fraction"))


def _one_ordinal_share(o: OrdinalValue) -> Value | None:
    """ "One" "twenty-fifth"."""
    return NumberValue(1 / o.value, "fraction") if o.value > 3 and not o.is_figure else None


def _one_over(n: NumberValue) -> Value | None:
    return NumberValue(1 / n.value, "fraction") if n.value > 1 else None


def _homophone(value: int) -> Value | None:
    return HomophoneValue(value)


def _ordinal(value: int, form: str = "") -> Value | None:
    return OrdinalValue(value, form)


def _ordinal_figure(value: str) -> Value | None:
    return OrdinalValue(int(value), is_figure=True) if len(value) <= MOST_DIGITS else None


def _glued_ordinal(tens: str, unit: str, values: Mapping[str, int]) -> Value | None:
    """ "Twentyfifth"."""
    return OrdinalValue(values[tens] + values[unit])


def _ordinal_after_tens(a: NumberValue, b: OrdinalValue) -> Value | None:
    return OrdinalValue(int(a.value) + b.value)


def _ordinal_after_scale(a: NumberValue, b: OrdinalValue) -> Value | None:
    """ "Two hundred and" "first"."""
    return OrdinalValue(int(a.value) + b.value) if not b.is_figure and 0 < b.value < a.scale else None


def _before_the_last(o: OrdinalValue) -> Value | None:
    """ "Second" "to last"."""
    return OrdinalValue(1 - o.value, "from_end") if not o.is_figure and o.value > 1 else None


def _ordinal_times(n: NumberValue, o: OrdinalValue) -> Value | None:
    """ "Two" "hundredth"."""
    return OrdinalValue(int(n.value) * o.value) if 0 < n.value < o.value else None


OPS: Mapping[str, Op] = {
    "number": _number,
    "figure": _figure,
    "negative_figure": _negative_figure,
    "ratio": _ratio,
    "scale": _scale,
    "part_of_scale": _part_of_scale,
    "share_of_scale": _share_of_scale,
    "scale_of_scale": _scale_of_scale,
    "then_fraction": _then_fraction,
    "one_ordinal_share": _one_ordinal_share,
    "one_over": _one_over,
    "tens_and_unit": _tens_and_unit,
    "times": _times,
    "scale_and": _scale_and,
    "sum": _sum,
    "hundred_left_out": _hundred_left_out,
    "negative": _negative,
    "sign": _sign,
    "twice_said": _twice_said,
    "decimals": _decimals,
    "first_decimal": _first_decimal,
    "first_decimal_zero": _first_decimal_zero,
    "next_decimal": _next_decimal,
    "with_decimals": _with_decimals,
    "share": _share,
    "one_share": _one_share,
    "shares": _shares,
    "and_fraction": _and_fraction,
    "and_share": _and_share,
    "homophone": _homophone,
    "ordinal": _ordinal,
    "ordinal_figure": _ordinal_figure,
    "glued_ordinal": _glued_ordinal,
    "ordinal_after_tens": _ordinal_after_tens,
    "ordinal_after_scale": _ordinal_after_scale,
    "before_the_last": _before_the_last,
    "ordinal_times": _ordinal_times,
}
