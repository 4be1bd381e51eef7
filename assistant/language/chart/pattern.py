"""The notation of rules → the sequences of elements that they stand for.

"[the] {nth:ordinal} (day|days) of {t:time}": a word stands for itself, [ ] may be missing, ( | ) is a choice,
{name:tag} takes a value that has the tag, <name> stands for a named part of the same table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.language.chart.tokens import tokens_of

MOST = 4000
"""A pattern that stands for more sequences is a mistake."""

_PART = re.compile(r"\{(\w+):(\w+)\}|<(\w+)>|([\[\]()|])|([^\s\[\]()|{}<>]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value with that tag."""

    name: str
    tag: str


Element = str | Slot
Sequences = list[tuple[Element, ...]]


def sequences_from(pattern: str, parts: Mapping[str, str]) -> Sequences:
    """All that a pattern stands for, without the empty one. Raises ValueError for a malformed pattern."""
    reader = _Reader(pattern, parts)
    found = reader.choice()
    if reader.at != len(reader.found):
        raise ValueError(f"unexpected {reader.found[reader.at].group()!r} in {pattern!r}")
    return [each for each in dict.fromkeys(found) if each]


class _Reader:
    def __init__(self, pattern: str, parts: Mapping[str, str]) -> None:
        self.pattern = pattern
        self.parts = parts
        self.found: Sequence[re.Match[str]] = list(_PART.finditer(pattern))
        self.at = 0

    def choice(self) -> Sequences:
        """Sequences separated by |."""
        options = self.sequence()
        while self._take("|"):
            options = options + self.sequence()
        return options

    def sequence(self) -> Sequences:
        """Elements one after the other."""
        options: Sequences = [()]
        while self.at < len(self.found) and self.found[self.at][4] not in ("|", ")", "]"):
            options = [left + right for left, right in product(options, self._element())]
            if len(options) > MOST:
                raise ValueError(f"{self.pattern!r} stands for too much")
        return options

    def _element(self) -> Sequences:
        match = self.found[self.at]
        self.at += 1
        name, tag, part, bracket, words = match.groups()
        if name:
            return [(Slot(name, tag),)]
        if part:
            return sequences_from(self.parts[part], self.parts)
        if words:
            return [tuple(token.text for token in tokens_of(words))]
        inside = self.choice()
        if not self._take("]" if bracket == "[" else ")"):
            raise ValueError(f"{bracket!r} is not closed in {self.pattern!r}")
        return [*inside, ()] if bracket == "[" else inside

    def _take(self, bracket: str) -> bool:
        if self.at < len(self.found) and self.found[self.at][4] == bracket:
            self.at += 1
            return True
        return False
