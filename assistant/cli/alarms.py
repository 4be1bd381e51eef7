"""`assistant alarms`: what rings."""

from __future__ import annotations

from assistant.cli.agenda import items_group

app = items_group("alarms", "Alarms, once or repeating.", ("id", "label", "due", "repeats", "snoozed"))
