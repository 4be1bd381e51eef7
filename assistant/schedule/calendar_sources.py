"""What all calendars from elsewhere share: how they are doing, told once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.core.ports import CalendarPort
from assistant.core.schedule import Event, NewEvent
from assistant.schedule.aside import aside

_LOGGER = logging.getLogger(__name__)
NAMED = 5
"""So many refused entries are named in the log."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source is doing. With an `error` its last good version is served."""

    name: str
    events: int = 0
    refused: tuple[str, ...] = ()
    """Entries that can't be taken: name and why."""
    error: str = ""
    read_at: datetime | None = None


class CalendarSource(Protocol):
    """Something that brings events into the calendar."""

    @property
    def states(self) -> Sequence[SourceState]:
        """How it is doing, by name."""
        ...

    async def run(self) -> None:
        """Keep the calendar current until cancelled."""
        ...


class Told:
    """Says in the log what became of a source, and nothing twice in a row."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, tuple[str, ...]]] = {}

    def note(self, state: SourceState) -> None:
        """Tell it if it is news."""
        news = (state.error, state.refused)
        if self._last.get(state.name, ("", ())) == news:
            return
        self._last[state.name] = news
        if state.error:
            _LOGGER.warning("a calendar can't be read", extra={"calendar": state.name, "error": state.error})
        elif state.refused:
            _LOGGER.warning(
                "entries of a calendar were left out",
                extra={
                    "calendar": state.name,
                    "count": len(state.refused),
                    "names": "; ".join(state.refused[:NAMED]),
                },
            )
        else:
            _LOGGER.info("a calendar is read", extra={"calendar": state.name, "events": state.events})


async def put(calendar: CalendarPort, source: str, events: Sequence[NewEvent]) -> int:
    """Make these the events of a source, where they are not already: most files are the same at most starts."""
    known = await calendar.events(source)
    if not await aside("calendar-compare", lambda: _are_same(known, events)):
        await calendar.replace_source(source, events)
    return len(events)


def as_new(event: Event) -> NewEvent:
    """A kept event without its id."""
    return NewEvent(
        event.label,
        event.start_local,
        event.end_local,
        event.zone,
        event.is_all_day,
        event.repeat,
        event.uid,
        event.source,
    )


def _are_same(known: Sequence[Event], events: Sequence[NewEvent]) -> bool:
    return len(known) == len(events) and {each.uid: as_new(each) for each in known} == {
        each.uid: each for each in events
    }
