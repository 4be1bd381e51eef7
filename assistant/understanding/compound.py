"""Several commands in one sentence: "X and Y", where Y may leave out what X said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.understanding.templates import Reading
from assistant.understanding.words import Words

Read = Callable[[str], Reading | None]
MAX_PARTS = 4
MAX_TAIL_WORDS = 3


def read_parts(text: str, words: Words, read: Read) -> list[Reading] | None:
    """All parts, in order, or None if a single one isn't understood: half of what was said is never done."""
    for parts in _splits(text, words):
        readings = _read_all(parts, words, read) or _read_with_tail(parts, words, read)
        if readings is not None:
            return readings
    return None


def _splits(text: str, words: Words) -> list[list[str]]:
    if not words.conjunctions:
        return []
    joins = "|".join(re.escape(word) for word in sorted(words.conjunctions, key=len, reverse=True))
    seen: list[list[str]] = []
    for pattern in (rf"\s*,?\s+(?:{joins})\s+|\s*[,;]\s+", rf"\s*,?\s+(?:{joins})\s+"):
        parts = [part.strip(" ,") for part in re.split(pattern, text, flags=re.IGNORECASE)]
        if 1 < len(parts) <= MAX_PARTS and all(parts) and parts not in seen:
            seen.append(parts)
    return seen


def _read_all(parts: Sequence[str], words: Words, read: Read) -> list[Reading] | None:
    readings: list[Reading] = []
    for part in parts:
        reading = (_in_place_of_names(readings[-1], part, words, read) if readings else None) or read(part)
        if reading is None:
            return None
        readings.append(reading)
    return readings


def _in_place_of_names(before: Reading, part: str, words: Words, read: Read) -> Reading | None:
    """ "Turn on the desk lamp and the ceiling light": the part stands where the name stood."""
    bare = _without_article(part, words)
    for start, end in before.named:
        reading = read(f"{before.text[:start]}{bare}{before.text[end:]}")
        if reading is not None and reading.command.intent == before.command.intent and not reading.free_slots:
            return reading
    return None


def _read_with_tail(parts: Sequence[str], words: Words, read: Read) -> list[Reading] | None:
    """ "Turn on the kitchen and bedroom lights": the last words belong to every part."""
    last = parts[-1].split()
    for count in range(1, min(MAX_TAIL_WORDS, len(last) - 1) + 1):
        tail = " ".join(last[-count:])
        heads = [*parts[:-1], " ".join(last[:-count])]
        first = read(f"{heads[0]} {tail}")
        if first is None:
            continue
        readings = [first]
        for head in heads[1:]:
            reading = _in_place_of_names(first, head, words, read)
            if reading is None:
                break
            readings.append(reading)
        if len(readings) == len(parts):
            return readings
    return None


def _without_article(part: str, words: Words) -> str:
    first, _, rest = part.partition(" ")
    return rest if rest and first.casefold() in words.articles else part
