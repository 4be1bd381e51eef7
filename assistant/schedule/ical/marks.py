"""The names that a file's parts carry so that what was written here is read back whole."""

from __future__ import annotations

import re

KIND = "X-ASSISTANT-KIND"
ZONE = "X-ASSISTANT-ZONE"
"""The zone that an event has here, where its times don't tell: whole days, and what is kept in UTC."""
LANGUAGE = "X-ASSISTANT-LANGUAGE"
AREA = "X-ASSISTANT-AREA"
LIST = "X-ASSISTANT-LIST"
COUNT = "X-ASSISTANT-COUNT"
LENGTH = "X-ASSISTANT-LENGTH"
"""How long a paused timer would still run."""
EVENT = "X-ASSISTANT-EVENT"
"""UID of the event that an item hangs on."""
OFFSET = "X-ASSISTANT-OFFSET"

ALARM_CATEGORY = "ALARM"
OVERRIDE = ";RECURRENCE-ID="
EXTRA = ";RDATE="
MAX_LABEL = 1000
"""A longer name is cut: nobody wants to hear it."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """A name without control characters, cut to a bearable length."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n")).strip()
    return text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1] + "…"
