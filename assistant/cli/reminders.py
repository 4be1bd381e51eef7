"""`assistant reminders`: what is told at its time."""

from __future__ import annotations

from assistant.cli.agenda import items_group

app = items_group("reminders", "Reminders, once or repeating.", ("id", "label", "due", "repeats", "snoozed"))
