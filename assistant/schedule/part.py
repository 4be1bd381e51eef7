"""The parts of what is kept, as files and commands name them."""

from __future__ import annotations

from enum import StrEnum

from assistant.core.schedule import ItemKind


class Part(StrEnum):
    """What goes into a file, or comes out of it."""

    TIMERS = "timers"
    ALARMS = "alarms"
    REMINDERS = "reminders"
    LISTS = "lists"
    CALENDAR = "calendar"

    @property
    def kind(self) -> ItemKind | None:
        """The kind of scheduled items, if it is one."""
        return {Part.TIMERS: ItemKind.TIMER, Part.ALARMS: ItemKind.ALARM, Part.REMINDERS: ItemKind.REMINDER}.get(self)
