"""Values as people say them, with what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from assistant.core.home import Entity
from assistant.core.turn import SlotValue
from assistant.understanding.examples.words import ExampleWords, ValueWords

Said = tuple[str, SlotValue]
"""The words, and their value."""
_HUNDRED = 100


def said_value(kind: str, words: ExampleWords, random: Random, thing: Entity | None = None) -> Said | None:
    """One value for a placeholder; None where this thing has none. Raises KeyError for an unknown placeholder."""
    if kind == "option":
        return _option(random, thing)
    return _MAKERS[kind](words.values, random)


def _option(random: Random, thing: Entity | None) -> Said | None:
    """As the device writes it, spoken."""
    options = thing.options if thing is not None else ()
    if not options:
        return None
    said = random.choice(options).replace("_", " ").lower()
    return said, said


def _number(values: ValueWords, random: Random, number: float) -> Said:
    """In figures, as some recognisers write, or in words."""
    if number != int(number) or number > _HUNDRED or random.random() < 0.55:
        return f"{number:g}", number
    return in_words(values, int(number)), int(number)


def in_words(values: ValueWords, number: int) -> str:
    """A whole number from 0 to 100."""
    if number < len(values.ones):
        return values.ones[number]
    tens, ones = divmod(number, 10)
    return values.tens[tens - 2] + (f" {values.ones[ones]}" if ones else "")


def _percent(values: ValueWords, random: Random) -> Said:
    number = random.choice((random.randrange(5, 101, 5), random.randrange(10, 101, 10), random.randint(1, 100)))
    return _number(values, random, number)


def _degrees(values: ValueWords, random: Random) -> Said:
    number = random.choice((random.randint(15, 28), random.randint(59, 85), random.randint(14, 27) + 0.5))
    return _number(values, random, number)


def _by(values: ValueWords, random: Random) -> Said:
    return _number(values, random, random.choice((5, 10, 15, 20, 25, 30, 40, 50)))


def _few(values: ValueWords, random: Random) -> Said:
    return _number(values, random, random.randint(1, 5))


def _count(values: ValueWords, random: Random) -> Said:
    return _number(values, random, random.randint(1, 120))


def _duration(values: ValueWords, random: Random) -> Said:
    number, unit = random.randint(2, 60), random.choice(values.units)
    said = f"{number if random.random() < 0.5 else in_words(values, number)} {unit}"
    return said, said


def _named_duration(values: ValueWords, random: Random) -> Said:
    said = random.choice(values.named_durations)
    said = said.format(duration=_duration(values, random)[0], label=random.choice(values.labels))
    return said, said


def _one_of(field: str) -> Callable[[ValueWords, Random], Said]:
    def maker(values: ValueWords, random: Random) -> Said:
        said = random.choice(getattr(values, field))
        return said, said

    return maker


_MAKERS: Mapping[str, Callable[[ValueWords, Random], Said]] = {
    "percent": _percent,
    "degrees": _degrees,
    "by": _by,
    "few": _few,
    "count": _count,
    "duration": _duration,
    "named_duration": _named_duration,
    "color": _one_of("colors"),
    "area_color": _one_of("area_colors"),
    "white": _one_of("whites"),
    "item": _one_of("items"),
    "list": _one_of("lists"),
    "label": _one_of("labels"),
}
