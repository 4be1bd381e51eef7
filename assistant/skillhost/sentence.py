"""A first check of a sentence template, so that a slip is named at loading and not when somebody speaks."""

from __future__ import annotations

import re

_PAIRS = {")": "(", "]": "[", "}": "{"}
_SLOT = re.compile(r"\{([^{}]*)\}")
_SLOT_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def slots_of(sentence: str) -> frozenset[str]:
    """Names of the slots in a template. Raises ValueError that says what is wrong with it."""
    if not sentence.strip():
        raise ValueError("the sentence is empty")
    if "<" in sentence or ">" in sentence:
        raise ValueError("'<' and '>' have no meaning here; write the words out")
    _check_brackets(sentence)
    names = _SLOT.findall(sentence)
    for name in names:
        if not _SLOT_NAME.fullmatch(name):
            raise ValueError(f"'{{{name}}}' is no slot; write {{name_of_a_parameter}}")
    return frozenset(names)


def is_plain(sentence: str) -> bool:
    """True when people can say the template just as it stands."""
    return not any(sign in sentence for sign in "[](){}|")


def _check_brackets(sentence: str) -> None:
    still_open: list[str] = []
    for place, sign in enumerate(sentence, start=1):
        if still_open and still_open[-1] == "{" and sign in "([{)]|":
            raise ValueError(f"{sign!r} at character {place} stands inside a slot")
        if sign in "([{":
            still_open.append(sign)
        elif sign in _PAIRS and (not still_open or still_open.pop() != _PAIRS[sign]):
            raise ValueError(f"{sign!r} at character {place} closes nothing")
    if still_open:
        raise ValueError(f"{still_open[-1]!r} is never closed")
