"""English text cut into words and figures, so that the grammar sees one form of each."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 200
"""Characters; nothing longer is a number, a duration or a time."""

_MERIDIEM = re.compile(r"(?<![a-z])([ap])\.?\s?m\b\.?")
_OCLOCK = re.compile(r"\bo['’ ]?\s?clock\b")
_MINUS = re.compile(r"(?<![\w.])[-−](?=\d)")
_JOINT = re.compile(r"(?<=\w)[-‐‑–](?=\w)")
_FULL_STOP = re.compile(r"[.!?]+(?=\s|$)|,(?=\s|$)")
_DOTTED = re.compile(r"\b(min|mins|sec|secs|hr|hrs)\.")
_TOKEN = re.compile(r"\d+:\d\d(?!\d)|\d+/\d+|\d+(?:,\d{3})+(?!\d)|\d+\.\d+|\d+|[a-z]+(?:'[a-z]+)?|\S")


def tokens(text: str) -> list[str]:
    """Words and figures in order; what is neither is a token of its own, so that no grammar takes it."""
    if len(text) > LONGEST_TEXT:
        return []
    text = unicodedata.normalize("NFC", text).lower().replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4")
    text = _MERIDIEM.sub(r"\1m", text)
    text = _OCLOCK.sub("oclock", text)
    text = _DOTTED.sub(r"\1", text)
    text = _MINUS.sub("minus ", text)
    text = _JOINT.sub(" ", text)
    return _TOKEN.findall(_FULL_STOP.sub(" ", text))
