"""What an iCalendar file holds for us, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assistant.core.schedule import NewEvent, NewItem


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a list: a to-do without a time."""

    list_name: str
    text: str
    is_done: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class FileItem:
    """A timer, alarm or reminder. With `event_uid` it hangs on that event, `by` after its start; where the event isn't
    known, the item's own time counts."""

    item: NewItem
    event_uid: str = ""
    by: timedelta = timedelta()
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a file that can't be taken, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that was found; what was refused is named, the rest is whole."""

    events: tuple[NewEvent, ...] = ()
    items: tuple[FileItem, ...] = ()
    entries: tuple[ListEntry, ...] = ()
    refused: tuple[Refusal, ...] = ()
