"""Korean numbers → values."""

from __future__ import annotations

from assistant.language.ko.scan import Scan, squeezed

_BEFORE_NOUNS = ("한", "두", "세", "석", "네", "넉", "스무")
"""Forms that count a noun and mean something else alone ("네": yes)."""


def number_from(text: str) -> float | int | None:
    """The number that the whole text is, else None."""
    squeezed_text = squeezed(text)
    if squeezed_text in _BEFORE_NOUNS:
        return None
    scan = Scan(squeezed_text)
    sign = -1 if scan.take("마이너스", "영하", "-") else 1
    if scan.take("절반", "반") and scan.is_done:
        return sign * 0.5
    value = scan.take_number()
    if value is None:
        return None
    if value == int(value) and scan.take("반"):
        value += 0.5
    if not scan.is_done:
        return None
    return sign * (int(value) if value == int(value) else value)
