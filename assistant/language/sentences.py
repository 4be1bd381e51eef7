"""Text cut into sentences and clauses, so that the first can be spoken while the rest is made."""

from __future__ import annotations

import re

from assistant.language.words import words_for

_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s|$)|[。！？]|\n+")
_CLAUSE = re.compile(r"[,;:،、]\s|\s[-–—]\s|\s\(")
_INITIAL = re.compile(r"(?:^|[\s.(])[A-Z]\.$")
_MAY_END = ("a.m.", "p.m.", "etc.", "jr.", "sr.", "no.")
"""Abbreviations that may also close a sentence; a capital letter after them decides."""


def sentences(text: str, language: str) -> list[str]:
    """The sentences in order, stripped, none empty; no cut at "Dr.", "J. S. Bach", "2.5" or "e.g."."""
    found, start = [], 0
    for match in _END.finditer(text):
        if "\n" not in match[0] and not _is_end(text, start, match.end(), language):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [each for each in found if each]


def _is_end(text: str, start: int, end: int, language: str) -> bool:
    if text[end - 1] != ".":
        return True
    head = text[start:end]
    last = head.rsplit(None, 1)[-1].lower().lstrip("(\"'“‘")
    follows = text[end:].lstrip()[:1]
    if last in _MAY_END:
        return not follows or follows.isupper()
    if last in words_for(language).abbreviations:
        return not follows
    if follows.islower():
        return False
    return not _INITIAL.search(head) or not follows or head.strip() == "I."


def clauses(sentence: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut at the last clause mark or space before it; words stay whole
    unless one is longer than the limit."""
    pieces, rest = [], sentence.strip()
    while len(rest) > limit:
        head = rest[: limit + 1]
        marks = [match.end() for match in _CLAUSE.finditer(head) if match.end() > limit // 4]
        cut = marks[-1] if marks else head.rfind(" ")
        if cut <= 0 or cut > limit:
            cut = limit
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    pieces.append(rest)
    return [piece for piece in pieces if piece]
