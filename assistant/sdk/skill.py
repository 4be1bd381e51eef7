"""The base of every skill, and the two marks that make a method an intent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from assistant.core.turn import Outcome, SlotValue

Slots = Mapping[str, SlotValue]
"""What a @home_intent method gets: the slots as Home Assistant names them (name, area, floor, domain, …)."""

Method = TypeVar("Method", bound=Callable[..., Awaitable[Outcome]])
MARK_ATTRIBUTE = "__intent__"


@dataclass(frozen=True, slots=True)
class IntentMark:
    """What a decorator leaves on a method."""

    sentences: tuple[str, ...] = ()
    language: str = "en"
    home_assistant: str = ""


class Skill:
    """Base of every skill. One instance lives as long as the skill is loaded.

    Words lie beside the skill: either in `words` (one file), or, for a folder, in `en.toml`, `ko.toml`, … with the
    tables `[sentences]` (method → templates), `[replies]` (key → words, or a list of variants) and `[examples]`
    (sentences to try, for help). Replies are Jinja templates, run in a sandbox; values are spoken forms.
    """

    words: ClassVar[Mapping[str, Mapping[str, str | Sequence[str]]]] = {}
    """Language → reply key → words, or variants that take turns."""

    async def start(self) -> None:
        """Called once after loading."""

    async def stop(self) -> None:
        """Called once before unloading; a failure here harms nobody."""


def intent(*sentences: str, language: str = "en") -> Callable[[Method], Method]:
    """Mark a method as an intent, called by these sentence templates (and those of the words files).

    Template grammar: `[optional]`, `(one|other)`, `{slot}`; a slot is a parameter of the method."""
    return _mark(IntentMark(sentences, language))


def home_intent(name: str) -> Callable[[Method], Method]:
    """Mark a method `(self, ctx, slots: Slots)` as the handler of a Home Assistant intent, e.g. "HassTurnOn"."""
    return _mark(IntentMark(home_assistant=name))


def _mark(mark: IntentMark) -> Callable[[Method], Method]:
    def decorate(method: Method) -> Method:
        marks: tuple[Any, ...] = getattr(method, MARK_ATTRIBUTE, ())
        setattr(method, MARK_ATTRIBUTE, (*marks, mark))
        return method

    return decorate
