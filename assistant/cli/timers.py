"""`assistant timers`: what runs."""

from __future__ import annotations

from assistant.cli.agenda import items_group

app = items_group("timers", "Timers that run.", ("id", "label", "due", "remaining", "paused"))
