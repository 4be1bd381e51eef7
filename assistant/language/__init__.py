"""Words ↔ values, per language: pure functions, no clock of their own.

number_from("two and a half", "en")                      → 2.5
duration_from("an hour and a half", "en")                → timedelta
when_from("tomorrow at five", now_local, "en")           → aware datetime
say(value, "en")                                         → spoken form of a value
speakable("It's 21 °C at 8:00", "en")                    → text for a voice
sentences(text, "en")                                    → sentences, for streaming
normalise("Um, turn on the lights, please!", "en")       → the form that is matched
"""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant.core.values import Reading
from assistant.language.ko import durations as ko_durations
from assistant.language.ko import numbers as ko_numbers
from assistant.language.ko import times as ko_times
from assistant.language.normalise import normalise
from assistant.language.say import say
from assistant.language.sentences import clauses, sentences
from assistant.language.speakable import speakable
from assistant.language.words import primary

__all__ = [
    "clauses",
    "duration_from",
    "normalise",
    "number_from",
    "say",
    "sentences",
    "speakable",
    "when_from",
]


def number_from(text: str, language: str) -> float | int | None:
    """The number that the whole text is, in words or figures; None for anything else or an unknown language."""
    if primary(language) == "ko":
        return ko_numbers.number_from(text)
    from assistant.language import whole  # the grammars are most of this room: loaded when first asked

    return whole.number_from(text, language)


def duration_from(text: str, language: str) -> timedelta | None:
    """The positive duration that the whole text is; None for anything else or an unknown language."""
    if primary(language) == "ko":
        return ko_durations.duration_from(text)
    from assistant.language import whole  # the grammars are most of this room: loaded when first asked

    return whole.duration_from(text, language)


def when_from(text: str, now_local: datetime, language: str, reading: Reading | None = None) -> datetime | None:
    """The coming moment that the whole text names, in the zone of `now_local` (aware); None for anything else.

    `reading` tells how times are meant, where that is not as usual. A bare number is no time: put "at" before the
    answer to "for when?" to have it read as one. Raises ValueError for a naive `now_local`."""
    if now_local.tzinfo is None:
        raise ValueError("now_local must be aware")
    if primary(language) == "ko":
        return ko_times.when_from(text, now_local)
    from assistant.language import whole  # the grammars are most of this room: loaded when first asked

    return whole.when_from(text, reading or Reading(now_local, language))
