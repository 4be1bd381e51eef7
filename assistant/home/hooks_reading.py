"""What a hook of the configuration reads out of a message, and whether that is what it waits for; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.core.settings import HookSettings
from assistant.home.payload import NotJson, Payload

_STEP = re.compile(r"\[(?P<index>\d{1,6})\]|\.?(?P<quote>[\"'])(?P<quoted>.+?)(?P=quote)|\.?(?P<name>[^.\[\]]+)")


HAPPENINGS = frozenset({"action", "event", "event_type", "click"})
"""Names under which programs tell what happened, as against what is."""


class Absent(ValueError):
    """The message has no such value."""


def value_at(payload: Payload, path: str) -> str:
    """The text at a path (`a.b[0].c`, with or without `$.`), as it stands in JSON; no path: the payload. Raises
    Absent."""
    if not path:
        return payload.text.strip()
    try:
        here = payload.json()
    except NotJson as error:
        raise Absent("no JSON") from error
    for step in steps(path):
        match here, step:
            case dict(), str() if step in here:
                here = here[step]
            case list(), int() if step < len(here):
                here = here[step]
            case _:
                raise Absent(f"nothing at {path}")
    if here is None or isinstance(here, dict | list):
        raise Absent(f"no plain value at {path}")
    return str(here).lower() if isinstance(here, bool) else str(here)


def steps(path: str) -> Iterator[str | int]:
    """The steps of a path; what is no step is left out."""
    for found in _STEP.finditer(path.removeprefix("$")):
        index = found["index"]
        yield int(index) if index is not None else found["quoted"] or found["name"]


def holds(hook: HookSettings, value: str) -> bool | None:
    """Whether the value meets every condition; None for a value that can't be compared."""
    met: list[bool] = []
    if hook.equals:
        met.append(value.casefold() in {each.casefold() for each in hook.equals})
    if hook.differs_from:
        met.append(value.casefold() not in {each.casefold() for each in hook.differs_from})
    if hook.above is not None or hook.below is not None:
        try:
            number = float(value)
        except ValueError:
            return None
        met.append((hook.above is None or number > hook.above) and (hook.below is None or number < hook.below))
    return all(met)


def is_happening(hook: HookSettings) -> bool:
    """True where each message that meets the condition counts, and not only the first: a button tells no release."""
    if hook.each is not None:
        return hook.each
    last = next(reversed([*steps(hook.path)]), "") if hook.path else ""
    return not hook.for_s and str(last).casefold() in HAPPENINGS


def has_condition(hook: HookSettings) -> bool:
    """False for a hook that every message fires."""
    return bool(hook.equals or hook.differs_from) or hook.above is not None or hook.below is not None
