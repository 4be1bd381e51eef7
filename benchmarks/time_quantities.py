"""Numbers, ordinals, ages and measures of the Recognizers-Text specs as cases."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from assistant.core.values import Grain, Kind, Length, Reading, Unit
from benchmarks.time_cases import Case, Row
from benchmarks.time_wanted import Wanted, WantedLength, WantedMeasure, WantedNumber, WantedOrdinal

_READING = Reading(datetime(2016, 11, 7, 12, tzinfo=UTC))
_AGES = {"Year": Grain.YEAR, "Month": Grain.MONTH, "Week": Grain.WEEK, "Day": Grain.DAY}
_DEGREES = frozenset({Unit.DEGREE, Unit.CELSIUS, Unit.FAHRENHEIT})
_DIMENSIONS = {
    "Temperature": _DEGREES | {Unit.KELVIN},
    "Percent": frozenset({Unit.PERCENT}),
    "Currency": frozenset({Unit.DOLLAR, Unit.EURO, Unit.STERLING, Unit.WON, Unit.YEN}),
}
_UNITS = {
    "C": frozenset({Unit.CELSIUS}),
    "F": frozenset({Unit.FAHRENHEIT}),
    "K": frozenset({Unit.KELVIN}),
    "Degree": _DEGREES,
    "Liter": frozenset({Unit.LITRE}),
    "Milliliter": frozenset({Unit.MILLILITRE}),
    "Cup": frozenset({Unit.CUP}),
    "Gallon": frozenset({Unit.GALLON}),
    "Meter": frozenset({Unit.METRE}),
    "Kilometer": frozenset({Unit.KILOMETRE}),
    "Centimeter": frozenset({Unit.CENTIMETRE}),
    "Mile": frozenset({Unit.MILE}),
    "Foot": frozenset({Unit.FOOT}),
    "Inch": frozenset({Unit.INCH}),
    "Gram": frozenset({Unit.GRAM}),
    "Kilogram": frozenset({Unit.KILOGRAM}),
    "Pound": frozenset({Unit.POUND, Unit.STERLING}),
    "Ounce": frozenset({Unit.OUNCE}),
    "Dollar": frozenset({Unit.DOLLAR}),
    "United States dollar": frozenset({Unit.DOLLAR}),
    "Euro": frozenset({Unit.EURO}),
    "British pound": frozenset({Unit.STERLING}),
    "Japanese yen": frozenset({Unit.YEN}),
    "South Korean won": frozenset({Unit.WON}),
}
"""Names of units in the specs that the product has."""


def quantity(name: str, row: Row, language: str) -> Case | None:
    """One case; None for several results and for units that the product doesn't have."""
    kind = _kind(name)
    results = row["results"]
    wanted = _wanted(results[0]) if len(results) == 1 else None
    if results and wanted is None:
        return None
    part = kind.value if results else "negative"
    units = _units_of(name) if kind is Kind.MEASURE else frozenset()
    return Case(name, part, row["input"], _READING, frozenset({kind}), wanted, language or "en", units=units)


def _units_of(name: str) -> frozenset[Unit]:
    """The units that a set is about; what no other set claims are those of length, weight and volume."""
    own = next((units for dimension, units in _DIMENSIONS.items() if dimension in name), None)
    return frozenset(Unit).difference(*_DIMENSIONS.values()) if own is None else own


def _kind(name: str) -> Kind:
    if "Ordinal" in name:
        return Kind.ORDINAL
    if "Age" in name:
        return Kind.LENGTH
    return Kind.NUMBER if "NumberModel" in name else Kind.MEASURE


def _wanted(result: Row) -> Wanted | None:
    resolution: dict[str, Any] = result["resolution"]
    text = resolution.get("value")
    if not isinstance(text, str):
        return None
    match result["type"]:
        case "ordinal" | "ordinal.relative":
            return _ordinal(text)
        case "percentage":
            return _measure(text.removesuffix("%"), frozenset({Unit.PERCENT}))
        case "number":
            value = _number(text)
            return None if value is None else WantedNumber(value)
        case "age":
            value, grain = _number(text), _AGES.get(resolution["unit"])
            return None if value is None or grain is None else WantedLength(Length(((value, grain),)).seconds)
        case _:
            return _measure(text, _UNITS.get(resolution.get("unit", "")))


def _ordinal(text: str) -> Wanted | None:
    """ "end-1" is the last but one; what counts from a current place isn't scored."""
    if text.isdigit():
        return WantedOrdinal(int(text))
    from_end = re.fullmatch(r"end([+-]\d+)", text)
    return WantedOrdinal(int(from_end[1])) if from_end else None


def _measure(text: str, units: frozenset[Unit] | None) -> Wanted | None:
    value = _number(text)
    return None if value is None or units is None else WantedMeasure(value, units)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
