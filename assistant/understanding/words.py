"""The words of dialogue in one language, read once from its TOML file."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

LANGUAGES = ("en", "ko")


class Words(BaseModel):
    """What people of one language say to answer, stop and join; lower case, as normalised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    yes: tuple[str, ...]
    no: tuple[str, ...]
    never_mind: tuple[str, ...]
    stop: tuple[str, ...]
    repeat: tuple[str, ...]
    missed: tuple[str, ...]
    """Templates, as in a skill's file, that ask for what rang in vain."""
    snooze: tuple[str, ...]
    """Templates too; those that follow hold only while something rings. Slots: `{by}` a duration,
    `{until}` a time, `{minutes}` and `{hours}` numbers, `{kind}` a word for timers, alarms or reminders, `{label}`."""
    ring_snooze: tuple[str, ...]
    ring_stop: tuple[str, ...]
    ring_noted: tuple[str, ...]
    ring_stop_all: tuple[str, ...]
    ring_done: tuple[str, ...]
    ring_fillers: tuple[str, ...]
    """What may stand before and after those."""
    timers: tuple[str, ...]
    alarms: tuple[str, ...]
    reminders: tuple[str, ...]
    conjunctions: tuple[str, ...]
    """Longest first; what may stand between two commands."""
    negations: tuple[str, ...]
    exceptions: tuple[str, ...]
    articles: tuple[str, ...]
    """Words that may be left out before a name."""
    answer_starts: tuple[str, ...]
    """What may stand before the value in an answer ("for …", "the one in …")."""
    answer_ends: tuple[str, ...]
    whens: tuple[str, ...]
    """Forms in which a bare answer is tried as a time; `{answer}` is what was said."""
    glue: tuple[str, ...]
    """Particles that are written onto the word before them."""
    durations: tuple[str, ...]
    """Samples for the recogniser's grammar; likewise the next four."""
    moments: tuple[str, ...]
    numbers: tuple[str, ...]
    percents: tuple[str, ...]
    places: tuple[str, ...]


def primary(language: str) -> str:
    """The language without region: "en-GB" → "en"."""
    return language.replace("_", "-").split("-", 1)[0].lower()


NO_WORDS = Words.model_validate(dict.fromkeys(Words.model_fields, ()))


@lru_cache(maxsize=8)
def words_for(language: str) -> Words:
    """The words of `language`; none at all for one we don't have, since English ones mean other things there."""
    code = primary(language)
    if code not in LANGUAGES:
        return NO_WORDS
    text = files("assistant.understanding").joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))


@lru_cache(maxsize=64)
def only(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a text that is made of these phrases and nothing else."""
    one_of = _one_of(phrases)
    return re.compile(rf"(?:{one_of})(?: (?:{one_of}))*")


@lru_cache(maxsize=64)
def anywhere(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of these phrases as whole words."""
    return re.compile(rf"(?<!\w)(?:{_one_of(phrases)})(?!\w)")


@lru_cache(maxsize=64)
def around(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds such phrases, as whole words, at the start and at the end."""
    one_of = _one_of(phrases)
    return re.compile(rf"^(?:(?:{one_of})(?: |$))+|(?:(?:^| )(?:{one_of}))+$")


def without_repeats(plain: str) -> str:
    """What was said over and over, once: "stop stop stop" is "stop"."""
    words = plain.split()
    for length in range(1, len(words) // 2 + 1):
        if words[:length] * (len(words) // length) == words:
            return " ".join(words[:length])
    return plain


def _one_of(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)) or r"(?!)"
