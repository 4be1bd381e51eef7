"""What a voice is given piece by piece: short first, never too long."""

from __future__ import annotations

from assistant.language import clauses, sentences, speakable

_LIMIT = 240
"""Characters in one piece; bounds how long a voice is busy after it was cancelled."""
_SHORT = 48
"""Characters in the first piece of a slow voice, so that it sounds early."""


def pieces(text: str, language: str, limit: int = _LIMIT, *, is_first_short: bool = False) -> list[str]:
    """Speakable pieces of a text in order; none without a letter or figure."""
    found: list[str] = []
    for sentence in sentences(speakable(text, language), language):
        parts = clauses(sentence, limit)
        if is_first_short and not found:
            parts = _short_first(parts)
        found.extend(piece for piece in parts if any(char.isalnum() for char in piece))
    return found


def _short_first(parts: list[str]) -> list[str]:
    """The first piece cut at its first clause mark, where there is an early one; never between words of a clause."""
    first = clauses(parts[0], _SHORT) if parts else []
    if len(first) < 2 or first[0][-1] not in ",;:":
        return parts
    return [first[0], parts[0][len(first[0]) :].strip(), *parts[1:]]
