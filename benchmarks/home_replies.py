"""Whether words stand in a reply, compared as the data says: whole words, without punctuation; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_APART = re.compile(r"(?<=\d)[.:](?=\d)")
_KEPT = {".": "\x00", ":": "\x01"}
_SIGNS = re.compile(r"[^\w\s'\x00\x01]")


def plain(text: str) -> str:
    """Lower case, straight apostrophes; hyphens and punctuation are spaces, but for the point or colon in a number."""
    lower = _GROUPED.sub("", text.lower().replace("’", "'").replace("‘", "'"))
    marked = _APART.sub(lambda found: _KEPT[found[0]], lower)
    bare = _SIGNS.sub(" ", marked).replace("\x00", ".").replace("\x01", ":")
    return " ".join(bare.split())


def says(reply: str, wanted: str) -> bool:
    """True where these words stand in the reply; `^`: at its start."""
    words, searched = plain(wanted.removeprefix("^")).split(), plain(reply).split()
    starts = range(1) if wanted.startswith("^") else range(len(searched))
    return any(searched[start : start + len(words)] == words for start in starts)


def says_any(reply: str, wanted: Iterable[str]) -> bool:
    """True where one of them stands in the reply."""
    return any(says(reply, each) for each in wanted)


def said(reply: str, unwanted: Iterable[str]) -> list[str]:
    """Those that stand in the reply."""
    return [each for each in unwanted if says(reply, each)]


def holds_any(reply: str, wanted: Iterable[str]) -> bool:
    """True where one of these texts stands anywhere in the reply, in any case."""
    return any(each.casefold() in reply.casefold() for each in wanted)
