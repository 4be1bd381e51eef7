"""Words of a command → what it is about and when; words of a question → the time that they name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from assistant.core.turn import TimeValue
from assistant.core.values import Grain, HourPolicy, Instant, Interval, Length, Reading, Request, Trigger, Wish
from assistant.language import duration_from, when_from

WHENS = ("{}", "at {}")


def reading_for(wish: Wish | None, reading: Reading) -> Reading:
    """The same, with the hours of somebody who wants to be woken where that is wished."""
    if wish is not Wish.WAKE:
        return reading
    return Reading(reading.now, reading.locale, HourPolicy.MORNING, is_latent_wanted=reading.is_latent_wanted)


def time_of(text: str, reading: Reading) -> TimeValue | None:
    """The time that the whole text names."""
    forms = WHENS if reading.is_latent_wanted else WHENS[:1]
    for form in forms:
        at = when_from(form.format(text), reading.now, reading.locale)
        if at is not None:
            return Instant(at, Grain.MINUTE)
    return None


def request_of(text: str, wish: Wish, reading: Reading) -> Request | None:
    """The text as a command of that kind."""
    words = text.split()
    for start, end in _stretches(len(words)):
        trigger = _trigger(" ".join(words[start:end]), wish, reading)
        if trigger is not None:
            rest = [*words[:start], *words[end:]]
            label = " ".join(rest[1:] if rest and rest[0] in ("to", "for", "that", "about", "of", "called") else rest)
            return Request(label, (trigger,), " ".join(words[start:end]))
    return Request(text.removeprefix("to "))


def _trigger(text: str, wish: Wish, reading: Reading) -> Trigger | None:
    if wish is Wish.TIMER:
        length = duration_from(text.removeprefix("for "), reading.locale)
        return None if length is None else Length(((length / timedelta(seconds=1), Grain.SECOND),))
    at = when_from(text.removeprefix("for "), reading.now, reading.locale)
    return None if at is None else Instant(at, Grain.MINUTE)


def _stretches(count: int) -> Iterator[tuple[int, int]]:
    for length in range(count, 0, -1):
        for start in range(count - length, -1, -1):
            yield start, start + length


def moment_of(meaning: Instant | Interval, now: datetime) -> Instant:
    """The moment at which one is told."""
    at = meaning.start if isinstance(meaning, Interval) else meaning.at
    return Instant(at.astimezone(now.tzinfo), Grain.MINUTE)
