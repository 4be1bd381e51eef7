"""Which words tell an item that is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from assistant.core.schedule import DueItem, DueReason, ItemKind
from assistant.core.turn import SlotValue

_SKILLS = {ItemKind.TIMER: "timers", ItemKind.REMINDER: "reminders", ItemKind.ALARM: "alarms"}


class Announcement(NamedTuple):
    """A reply key of a skill, with its values."""

    skill: str
    key: str
    values: Mapping[str, SlotValue]


def announcement(due: DueItem) -> Announcement:
    """Reply key `due_timer`, `due_timer_named`, `due_reminder`, `due_alarm`, or `missed_…`; values label, duration
    and due (aware UTC)."""
    item = due.item
    key = f"{'missed' if due.reason is DueReason.MISSED else 'due'}_{item.kind.value}"
    if key == "due_timer" and item.label:
        key = "due_timer_named"
    return Announcement(_SKILLS[item.kind], key, {"label": item.label, "duration": item.duration, "due": item.due_at})
