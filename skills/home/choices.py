"""What a thing can be set to, as words of an answer."""

from __future__ import annotations

from dataclasses import replace

from assistant.sdk import Entity, Outcome

from .act import Deed
from .targets import names_of

_MOST = 8
"""So many options are named; of the others it is only said how many there are."""
_UNSAID = frozenset({"none", "unknown"})
_PERCENT = frozenset({"brightness", "percentage", "position"})


def told(entity: Entity) -> Outcome:
    """What it can be set to, by name and by number."""
    named = said(entity)
    is_counted = bool(_PERCENT & entity.features) or entity.domain == "humidifier"
    is_warm = entity.domain in ("climate", "water_heater")
    is_colored = "color" in entity.features
    names = names_of((entity,))
    if not (named or is_counted or is_warm or is_colored):
        return Outcome.refused("no_options", names=names)
    return Outcome.told(
        "options_are",
        names=names,
        options=named[:_MOST],
        more=len(named[_MOST:]),
        is_counted=is_counted,
        is_warm=is_warm,
        is_colored=is_colored,
    )


def offered(entity: Entity, deed: Deed) -> Deed:
    """The same; where the thing hasn't got that option, those that it has are named."""
    named = said(entity)
    return replace(deed, told={**deed.told, "options": named[:_MOST], "more": len(named[_MOST:])})


def said(entity: Entity) -> tuple[str, ...]:
    """Its options as they are spoken."""
    return tuple(option.replace("_", " ") for option in entity.options if option.casefold() not in _UNSAID)
