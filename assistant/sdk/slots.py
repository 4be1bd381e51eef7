"""Types of slots: what an annotation on a skill's parameter means."""

from __future__ import annotations

import types
from datetime import datetime, timedelta
from typing import Annotated, Any, Union, get_args, get_origin

from assistant.core.intents import SlotKind

Duration = Annotated[timedelta, SlotKind.DURATION]
"""How long: "ten minutes" → timedelta."""
When = Annotated[datetime, SlotKind.WHEN]
"""An instant to come: "tomorrow at five" → aware datetime in the home's zone."""
Number = Annotated[float, SlotKind.NUMBER]
"""A number in words or digits."""
Text = Annotated[str, SlotKind.TEXT]
"""Free words, as said."""
EntityName = Annotated[str, SlotKind.ENTITY]
"""The name of something in the home → its entity id."""
AreaName = Annotated[str, SlotKind.AREA]
"""The name of an area → its area id."""
Place = Annotated[str, SlotKind.PLACE]
"""A city of the time zone database → its IANA zone."""

_PLAIN = {
    timedelta: SlotKind.DURATION,
    datetime: SlotKind.WHEN,
    int: SlotKind.NUMBER,
    float: SlotKind.NUMBER,
    str: SlotKind.TEXT,
}


def kind_from_annotation(annotation: Any) -> SlotKind:
    """The slot kind of a parameter's annotation. Raises TypeError for one that means nothing here."""
    if get_origin(annotation) is Annotated:
        for extra in get_args(annotation)[1:]:
            if isinstance(extra, SlotKind):
                return extra
        return kind_from_annotation(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        if len(inner) == 1:
            return kind_from_annotation(inner[0])
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    raise TypeError(f"{annotation!r} is no slot type; see assistant.sdk for those that are")
