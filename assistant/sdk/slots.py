"""Types of slots: what an annotation on a skill's parameter means."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Union, get_args, get_origin

from assistant.core.intents import SlotKind
from assistant.core.turn import TimeValue
from assistant.core.values import Request, Wish

Duration = Annotated[timedelta, SlotKind.DURATION]
"""How long: "ten minutes" → timedelta."""
When = Annotated[datetime, SlotKind.WHEN]
"""An instant to come: "tomorrow at five" → aware datetime in the home's zone."""
Number = Annotated[float, SlotKind.NUMBER]
"""A number in words or digits."""
Text = Annotated[str, SlotKind.TEXT]
"""Free words, as said."""
Option = Annotated[str, SlotKind.TEXT, Wish.OPTION]
"""A few words that a device lists, as said: a mode, a preset, an effect. None that joins two commands is among them."""
EntityName = Annotated[str, SlotKind.ENTITY]
"""The name of something in the home → its entity id."""
AreaName = Annotated[str, SlotKind.AREA]
"""The name of an area → its area id."""
Place = Annotated[str, SlotKind.PLACE]
"""A city of the time zone database → its IANA zone."""
Time = Annotated[TimeValue, SlotKind.TIME]
"""A time of any form: "this weekend" → Interval, "the five o'clock …" → Instant, "every monday" → Recurrence."""
WakeTime = Annotated[TimeValue, SlotKind.TIME, Wish.WAKE]
"""Likewise, to get up by: a bare hour is am."""
TimerRequest = Annotated[Request, SlotKind.REQUEST, Wish.TIMER]
"""The rest of a command that sets timers: names and lengths. Request types may stand twice in a sentence; both
stretches are read as one."""
AlarmRequest = Annotated[Request, SlotKind.REQUEST, Wish.ALARM]
"""The rest of a command that sets an alarm."""
WakeRequest = Annotated[Request, SlotKind.REQUEST, Wish.WAKE]
"""The rest of a command to be woken: a bare hour is am."""
ReminderRequest = Annotated[Request, SlotKind.REQUEST, Wish.REMINDER]
"""The rest of a command to be reminded: of what, and when."""
EventRequest = Annotated[Request, SlotKind.REQUEST, Wish.EVENT]
"""The rest of a command that puts something into the calendar."""

_PLAIN = {
    timedelta: SlotKind.DURATION,
    datetime: SlotKind.WHEN,
    int: SlotKind.NUMBER,
    float: SlotKind.NUMBER,
    str: SlotKind.TEXT,
}


def kind_from_annotation(annotation: Any) -> SlotKind:
    """The slot kind of a parameter's annotation. Raises TypeError for one that means nothing here."""
    named = next((extra for extra in _extras(annotation) if isinstance(extra, SlotKind)), None)
    if named is not None:
        return named
    bare = _bare(annotation)
    if bare in _PLAIN:
        return _PLAIN[bare]
    raise TypeError(f"{annotation!r} is no slot type; see assistant.sdk for those that are")


def wish_from_annotation(annotation: Any) -> Wish | None:
    """The kind of command that a parameter's annotation names, if it does."""
    return next((extra for extra in _extras(annotation) if isinstance(extra, Wish)), None)


def _extras(annotation: Any) -> Iterator[object]:
    """What stands beside the type in Annotated, also of one that may be None."""
    annotation = _without_none(annotation)
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        yield from extras
        yield from _extras(inner)


def _bare(annotation: Any) -> Any:
    annotation = _without_none(annotation)
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        if len(inner) == 1:
            return inner[0]
    return annotation
