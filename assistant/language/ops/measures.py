"""Operations for measures: a number with its unit ("half a litre", "$3.50", "five feet two")."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.values import Unit
from assistant.language.chart import Op, Value
from assistant.language.ops.quantities import MeasureValue, NumberValue, ShareValue, UnitValue

_SMALLER: Mapping[tuple[Unit, Unit], int] = {
    (Unit.FOOT, Unit.INCH): 12,
    (Unit.POUND, Unit.OUNCE): 16,
    (Unit.METRE, Unit.CENTIMETRE): 100,
    (Unit.KILOMETRE, Unit.METRE): 1000,
    (Unit.KILOGRAM, Unit.GRAM): 1000,
    (Unit.LITRE, Unit.MILLILITRE): 1000,
}
"""How many of the second make one of the first, for those that are said after each other."""
_BARE: Mapping[Unit, tuple[int, int]] = {
    Unit.FOOT: (1, 12),
    Unit.METRE: (10, 100),
    Unit.DOLLAR: (10, 100),
    Unit.EURO: (10, 100),
    Unit.STERLING: (10, 100),
}
"""The fewest, and how many of what is left unsaid make one: "five feet two", "three dollars fifty"."""
_EXACT = 9


def _unit(value: str, factor: float = 1.0, form: str = "") -> Value | None:
    return UnitValue(Unit(value), factor, form)


def _measure(amount: float, u: UnitValue) -> MeasureValue:
    form = "part" if u.factor < 1 else "whole"
    return MeasureValue(round(amount * u.factor, _EXACT), u.unit, form)


def _measured(n: NumberValue, u: UnitValue) -> Value | None:
    return _measure(n.value, u)


def _measured_by_sign(n: NumberValue, u: UnitValue) -> Value | None:
    """ "5 g": a letter follows figures only."""
    return _measure(n.value, u) if n.is_figure else None


def _measured_one(u: UnitValue) -> Value | None:
    """ "A mile"."""
    return _measure(1, u) if u.form == "one" else None


def _measured_share(s: ShareValue, u: UnitValue) -> Value | None:
    """ "Half" "a litre"."""
    return None if s.is_plural else _measure(1 / s.parts, u)


def _measured_and_share(a: MeasureValue, s: ShareValue) -> Value | None:
    """ "A litre" "and a half"."""
    if s.is_plural or a.form != "whole" or a.value != int(a.value) or a.value <= 0:
        return None
    return MeasureValue(a.value + 1 / s.parts, a.unit)


def _measured_twice(a: MeasureValue, u: UnitValue) -> Value | None:
    """ "$5" "dollars"."""
    return a if a.unit is u.unit and u.factor == 1 else None


def _measured_further(a: MeasureValue, b: MeasureValue) -> Value | None:
    """ "Five feet" "two inches", "three dollars" "fifty cents"."""
    if a.form != "whole" or a.value < 0 or b.value < 0:
        return None
    if a.unit is b.unit:
        return MeasureValue(round(a.value + b.value, _EXACT), a.unit) if b.form == "part" and b.value < 1 else None
    times = _SMALLER.get((a.unit, b.unit))
    if times is None or b.value >= times:
        return None
    return MeasureValue(round(a.value + b.value / times, _EXACT), a.unit)


def _measured_further_bare(a: MeasureValue, n: NumberValue) -> Value | None:
    """ "Five feet" "two", "three dollars" "fifty"."""
    least, times = _BARE.get(a.unit, (0, 0))
    if a.form != "whole" or a.value != int(a.value) or not least <= n.value < times:
        return None
    return MeasureValue(round(a.value + n.value / times, _EXACT), a.unit)


OPS: Mapping[str, Op] = {
    "unit": _unit,
    "measured": _measured,
    "measured_by_sign": _measured_by_sign,
    "measured_one": _measured_one,
    "measured_share": _measured_share,
    "measured_and_share": _measured_and_share,
    "measured_twice": _measured_twice,
    "measured_further": _measured_further,
    "measured_further_bare": _measured_further_bare,
}
