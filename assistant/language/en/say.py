"""English spoken forms of dates, times and lists, and numbers spelt out."""

from __future__ import annotations

from datetime import date, time

from assistant.language.words import words_for


def clock(at: time, is_24h: bool, is_named: bool = True) -> str:
    """ "7:30 PM", "7 PM", "noon", or "19:30"; `is_named` allows noon and midnight."""
    if is_24h:
        return f"{at:%H:%M}"
    if is_named and at.minute == 0 and at.hour in (0, 12):
        return words_for("en").spoken["noon" if at.hour else "midnight"]
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'PM' if at.hour >= 12 else 'AM'}"


def day(when: date, with_year: bool) -> str:
    """ "Thursday, November 26", with the year where it is needed."""
    book = words_for("en")
    weekday = _name(book.weekdays, when.weekday())
    month = _name(book.months, when.month)
    return f"{weekday}, {month} {when.day}" + (f", {when.year}" if with_year else "")


def moment(spoken_day: str, spoken_clock: str) -> str:
    """A day and a clock time together."""
    return f"{spoken_day} at {spoken_clock}"


def listed(names: tuple[str, ...]) -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f" {words_for('en').spoken['and']} {names[-1]}"


def amounts(pairs: list[tuple[str, str]]) -> str:
    """Amounts with units as people say them together."""
    return listed(tuple(f"{number} {unit}" for number, unit in pairs))


def ordinal(number: int) -> str:
    """1 → "first"; words up to 99, figures above."""
    book = words_for("en")
    names = {value: name for name, value in reversed(book.ordinals.items())}
    if number in names:
        return names[number]
    if number < 100 and number % 10 in names:
        return f"{_name(book.tens, number - number % 10)} {names[number % 10]}"
    if number < 100 and number % 10 == 0 and number:
        return _name(book.tens, number).removesuffix("y") + "ieth"
    return f"{number}th"


def spelt(number: int) -> str:
    """Words below a hundred, figures above."""
    book = words_for("en")
    if not 0 <= number < 100:
        return str(number)
    if number < 20:
        return _name(book.numbers, number)
    unit = f" {_name(book.numbers, number % 10)}" if number % 10 else ""
    return _name(book.tens, number - number % 10) + unit


def _name(table: dict[str, int], value: int) -> str:
    name = next(name for name, each in table.items() if each == value)
    return name.capitalize() if table in (words_for("en").weekdays, words_for("en").months) else name
