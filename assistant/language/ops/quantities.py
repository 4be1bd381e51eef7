"""The chart's values for numbers, ordinals, lengths and measures, and what they mean outside."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.core.values import Grain, Length, Meaning, Measure, Number, Ordinal, Unit


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A number: `number`, `integer` if whole, and its `form` as a further tag (see numbers.py for the forms)."""

    value: float
    form: str = ""
    digits: int = 0
    """How many figures it was written with; 0 when in words."""
    scale: float = 1.0
    """What is added after it must be smaller: 100 for "three hundred"."""

    @property
    def is_figure(self) -> bool:
        """Written in figures."""
        return self.digits > 0

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        kind = ("number", "integer") if self.value == int(self.value) else ("number",)
        return (*kind, self.form) if self.form else kind


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """A word that multiplies: "thousand". `is_loose`: any number may stand before it ("dozen")."""

    value: float
    is_loose: bool = False
    tags: tuple[str, ...] = ("scale",)


@dataclass(frozen=True, slots=True)
class DecimalsValue:
    """What follows "point": digits that have been read, one by one."""

    digits: str
    is_open: bool
    """More digits may follow."""
    tags: tuple[str, ...] = ("decimals",)


@dataclass(frozen=True, slots=True)
class ShareValue:
    """A word for one of `parts` equal parts: "half", "quarters"."""

    parts: int
    is_plural: bool = False
    tags: tuple[str, ...] = ("share",)


@dataclass(frozen=True, slots=True)
class HomophoneValue:
    """A word that a recogniser may have heard for a number: "for", "to". It is one only right before a unit."""

    value: int
    tags: tuple[str, ...] = ("homophone",)


@dataclass(frozen=True, slots=True)
class SignValue:
    """A sign that the notation of rules can't name itself: a bracket."""

    tag: str

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        return (self.tag,)


@dataclass(frozen=True, slots=True)
class OrdinalValue:
    """A place in a row: "third", "21st"."""

    value: int
    form: str = ""
    """ "ordinal_unit" (first to ninth) and "ordinal_power" (hundredth) build longer ones; "from_end" ("last") is no
    `ordinal`."""
    is_figure: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        if self.form == "from_end":
            return (self.form,)
        return ("ordinal", self.form) if self.form else ("ordinal",)


@dataclass(frozen=True, slots=True)
class GrainValue:
    """A unit of time, as a word ("weeks"), or as a sign that only follows figures ("h"), then `short_grain`.

    `times`: how many of the grain the word stands for (two for "fortnight"). `is_counted`: only after a number does
    the word stand for it ("two nights")."""

    grain: Grain
    is_short: bool = False
    times: int = 1
    is_plural: bool = False
    is_counted: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        if self.is_short:
            return ("short_grain",)
        if self.is_counted:
            return ("counted_grain",)
        return ("grain", "any_grain") if self.times == 1 else ("any_grain",)


@dataclass(frozen=True, slots=True)
class LengthValue:
    """A length of time. `is_single`: one amount as said, so that more may follow it. `said`: its first unit as said."""

    amounts: tuple[tuple[float, Grain], ...]
    said: Grain
    is_single: bool = True
    is_doubtful: bool = False
    """Read from a word that sounds like a number ("for minutes") or that may mean something else ("a second")."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        return ("length", "one_length") if self.is_single else ("length",)


@dataclass(frozen=True, slots=True)
class SeveralValue:
    """Several lengths that share a unit: "one two and four minutes"."""

    lengths: tuple[LengthValue, ...]
    tags: tuple[str, ...] = ("several",)


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A word or sign of a unit; `factor` turns its number into one of that unit ("cents": 0.01 dollars).

    `form`: "one" (may follow "a"), "sign" (follows figures only), "before" (stands before its number)."""

    unit: Unit
    factor: float = 1.0
    form: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        return (f"unit_{self.form}",) if self.form in ("sign", "before") else ("unit",)


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """A number with its unit."""

    value: float
    unit: Unit
    form: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """What slots it fits."""
        return ("measure", self.form) if self.form else ("measure",)


def whole(value: float) -> float:
    """The same number, as int where it is whole."""
    return int(value) if value == int(value) else value


def meanings(value: object) -> tuple[Meaning, ...]:
    """What a chart value of this module means outside: one meaning, several for "one two and four minutes", or none."""
    match value:
        case NumberValue():
            return (Number(whole(value.value)),)
        case OrdinalValue():
            return (Ordinal(value.value),)
        case LengthValue():
            return (Length(value.amounts),)
        case SeveralValue():
            return tuple(Length(each.amounts) for each in value.lengths)
        case MeasureValue():
            return (Measure(whole(value.value), value.unit),)
        case _:
            return ()


def meaning(value: object) -> Meaning | None:
    """What a chart value of this module means outside, if it is one thing."""
    found = meanings(value)
    return found[0] if len(found) == 1 else None
