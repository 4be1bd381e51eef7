"""What words can mean: numbers, lengths, moments, spans of time, rules that repeat, offsets and measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.core.schedule import Repeat


class Grain(StrEnum):
    """How exactly a time was said: the unit that it names."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_SECONDS = {
    Grain.SECOND: 1.0,
    Grain.MINUTE: 60.0,
    Grain.HOUR: 3600.0,
    Grain.DAY: 86_400.0,
    Grain.WEEK: 604_800.0,
    Grain.MONTH: 2_592_000.0,
    Grain.QUARTER: 7_776_000.0,
    Grain.YEAR: 31_536_000.0,
}
"""Months count 30 days, years 365, where a length must be seconds."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number; whole ones are int."""

    value: float


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in a row, from 1 (0 and less for "the last", "the one before the last")."""

    value: int


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as said: amounts by unit, largest first ("an hour and a half": one hour, thirty minutes)."""

    amounts: tuple[tuple[float, Grain], ...]

    @property
    def seconds(self) -> float:
        """All of it in seconds, months as 30 days and years as 365."""
        return sum(amount * _SECONDS[grain] for amount, grain in self.amounts)

    @property
    def grain(self) -> Grain:
        """The smallest unit that was said."""
        return self.amounts[-1][1]

    @property
    def span(self) -> timedelta:
        """The same as a timedelta. Raises OverflowError for one that no calendar holds."""
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Instant:
    """The start of a unit of time. `is_elapsed`: counted from now in elapsed time ("in two hours")."""

    at: datetime
    """Aware."""
    grain: Grain
    holiday: str | None = None
    is_elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end` (exclusive), both aware."""

    start: datetime
    end: datetime
    grain: Grain
    holiday: str | None = None


class Direction(StrEnum):
    """Which side of a moment."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Open:
    """All time before or after a moment: "until friday", "after six"."""

    direction: Direction
    at: datetime
    grain: Grain


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Something that repeats: the rule in the zone of the reading, and how long each time lasts, if that was said."""

    repeat: Repeat
    lasting: Length | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before or after something named: "ten minutes earlier", "an hour before my flight".

    `reference` holds the words that name it; empty when nothing is named ("earlier": before the time it has now).
    `by` is None for "the evening before": then `at` tells which time on which side is meant."""

    direction: Direction
    by: Length | None
    reference: str = ""
    at: str = ""


class Unit(StrEnum):
    """Units of measures that skills and devices know."""

    PERCENT = "%"
    DEGREE = "°"
    CELSIUS = "°C"
    FAHRENHEIT = "°F"
    KELVIN = "K"
    LITRE = "L"
    MILLILITRE = "mL"
    CUP = "cup"
    GALLON = "gal"
    METRE = "m"
    KILOMETRE = "km"
    CENTIMETRE = "cm"
    MILE = "mi"
    FOOT = "ft"
    INCH = "in"
    GRAM = "g"
    KILOGRAM = "kg"
    POUND = "lb"
    OUNCE = "oz"
    DOLLAR = "USD"
    EURO = "EUR"
    STERLING = "GBP"
    WON = "KRW"
    YEN = "JPY"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit."""

    value: float
    unit: Unit


Meaning = Number | Ordinal | Length | Instant | Interval | Open | Recurrence | Offset | Measure


class Kind(StrEnum):
    """Kinds of meanings that one can ask for."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    LENGTH = "length"
    TIME = "time"
    """Instant, Interval and Open."""
    RECURRENCE = "recurrence"
    OFFSET = "offset"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Found:
    """A meaning and the characters that said it. `is_latent`: only in an answer to "for when?" is it a time."""

    start: int
    end: int
    meaning: Meaning
    is_latent: bool = False
    is_doubtful: bool = False
    """A word was taken for another that sounds alike ("for" minutes), so that the value must be said back."""


class HourPolicy(StrEnum):
    """What a bare hour means."""

    NEXT = "next"
    """The next moment that fits, am or pm; with a day: waking hours."""
    MORNING = "morning"
    """am, unless pm or evening is said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Against what words are read. Everything that is a matter of taste is here, none of it in the rules."""

    now: datetime
    """Aware, in the zone of the speaker."""
    locale: str = "en-US"
    hours: HourPolicy = HourPolicy.NEXT
    is_waking_on_named_day: bool = True
    """With a day said, 1–6 mean pm and 7–11 am; else am, as said."""
    is_next_weekday_in_next_week: bool = True
    """ "Next friday" is that of the week after this one (weeks begin on Monday); else the coming one."""
    is_past_wanted: bool = False
    """For questions about what was: "friday" may be the last one."""
    is_latent_wanted: bool = False
    """Read bare numbers and parts of the day as times, as in an answer to "for when?"."""
    is_last_unit_included: bool = False
    """ "Nine to eleven" ends when the hour of eleven is over; else at eleven."""
    is_present_unit_kept: bool = False
    """ "Four twenty" is today's at half past four still, "the second of may" this year's all may; else the next."""
    is_passed_part_moved: bool = False
    """ "This morning at three", said later, is tomorrow's; else it has passed."""
    is_rounded_from_now: bool = False
    """ "In three days" is told to the hour; else it is at this time of the day, to the minute."""
    is_hour_inside_part_of_day: bool = True
    """ "Tonight at two" is after midnight, "this afternoon at twelve" noon; else a part only tells am from pm."""


class Wish(StrEnum):
    """What kind of command a request belongs to; it decides what a bare hour means and which phrase is the trigger."""

    TIMER = "timer"
    ALARM = "alarm"
    WAKE = "wake"
    """An alarm to get up by: am, unless pm or evening is said."""
    REMINDER = "reminder"
    EVENT = "event"
    OPTION = "option"
    """Not of a request, but of a text: one of the words that a device lists; a few words, and none that joins."""


Trigger = Instant | Interval | Recurrence | Offset | Length


@dataclass(frozen=True, slots=True)
class Request:
    """The words of a command, told apart into what it is about and when it is due.

    `label` keeps the words as spoken, without the phrase that set the time; a time phrase that belongs to the thing
    stays ("buy the two thirty ticket"). `triggers` is empty when no time was said; several for several timers."""

    label: str
    triggers: tuple[Trigger, ...] = ()
    said: str = ""
    """The words that set the time."""
    needs_check: bool = False
    """The reading is one of several, so date or rule must be said back ("next friday", 29 February, a homophone)."""
    skipped_local: datetime | None = None
    """The wall time that was said, when the clocks skip it that night; the trigger is what it becomes."""
