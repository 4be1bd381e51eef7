"""The prompt of chat: what it is told to be, what it may know, and what was said, each cleaned of control signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.home import HomeView
from assistant.language.speakable import plain
from assistant.llm.chat_template import Message
from assistant.understanding.chat.words import Prompting

MAX_ROOMS = 12
MAX_NAME = 24
"""Characters of one name that the model is told."""
MAX_SAID = 300
"""Characters of what was said that it reads."""
_NAME = re.compile(r"[^\w\s'-]+|_+|\d{4,}")
_CONTROL = re.compile(r"<[|/]?\w[^<>]{0,40}>|<\||\|>|\[/?INST\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and answered before."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What is true while somebody speaks, as it is said."""

    day: str
    time: str
    area: str = ""


def stable(prompting: Prompting, name: str) -> tuple[Message, ...]:
    """The messages that every prompt begins with; `name` is the assistant's."""
    return (Message("system", prompting.system.format(name=harmless_name(name) or "Assistant")),)


def turn(said: str, facts: str = "", before: Sequence[Exchange] = ()) -> tuple[Message, ...]:
    """The messages of this turn; `before` are the exchanges that it goes on from, oldest first."""
    messages: list[Message] = []
    for exchange in before:
        messages += [Message("user", harmless(exchange.asked)), Message("assistant", harmless(exchange.answered))]
    return (*messages, Message("user", f"{facts} {harmless(said)}".strip()))


def facts(prompting: Prompting, moment: Moment, home: HomeView) -> str:
    """The moment, the place and the rooms of the home, as far as their names are names."""
    rooms = [name for area in home.areas[:MAX_ROOMS] if (name := harmless_name(area.name))]
    area = harmless_name(moment.area)
    place = prompting.in_place.format(area=area) if area else ""
    return prompting.facts.format(day=moment.day, time=moment.time, place=place, rooms=", ".join(rooms) or "-")


def harmless(said: str) -> str:
    """Words of people on one line, without what some model reads as a sign of control."""
    return " ".join(plain(_CONTROL.sub(" ", said)).split())[:MAX_SAID]


def harmless_name(name: str) -> str:
    """A name of the home, as short as names are; empty for what is none: a sentence, say."""
    bare = " ".join(_NAME.sub(" ", _CONTROL.sub(" ", name)).split())
    return bare if len(bare) <= MAX_NAME and len(bare.split()) <= 3 else ""
