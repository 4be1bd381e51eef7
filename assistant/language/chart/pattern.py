"""The notation of rules → trees of what may follow what.

"[the] {nth:ordinal} (day|days) of {t:time}": a word stands for itself, [ ] may be missing, ( | ) is a choice,
{name:tag} takes a value that has the tag, <name> stands for a named part of the same table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.language.chart.tokens import tokens_of

_PART = re.compile(r"\{(\w+):(\w+)\}|<(\w+)>|([\[\]()|])|([^\s\[\]()|{}<>]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value with that tag."""

    name: str
    tag: str


Element = str | Slot


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; none of them, if it is optional."""

    options: tuple[Elements, ...]
    is_optional: bool = False


Elements = tuple[Element | Choice, ...]
"""Elements one after the other."""


class Parts:
    """Named parts, parsed when they are first used."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._trees: dict[str, Elements] = {}

    def __getitem__(self, name: str) -> Elements:
        if name not in self._trees:
            self._trees[name] = parsed(self._texts[name], self)
        return self._trees[name]


def parsed(pattern: str, parts: Parts) -> Elements:
    """The tree of a pattern. Raises ValueError for a malformed one, KeyError for an unknown part."""
    reader = _Reader(pattern, parts)
    options = reader.choice()
    if reader.at != len(reader.found):
        raise ValueError(f"unexpected {reader.found[reader.at].group()!r} in {pattern!r}")
    return options[0] if len(options) == 1 else (Choice(options),)


class _Reader:
    def __init__(self, pattern: str, parts: Parts) -> None:
        self.pattern = pattern
        self.parts = parts
        self.found: Sequence[re.Match[str]] = list(_PART.finditer(pattern))
        self.at = 0

    def choice(self) -> tuple[Elements, ...]:
        """Sequences separated by |."""
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return tuple(options)

    def _sequence(self) -> Elements:
        elements: list[Element | Choice] = []
        while self.at < len(self.found) and self.found[self.at][4] not in ("|", ")", "]"):
            elements += self._element()
        return tuple(elements)

    def _element(self) -> Elements:
        match = self.found[self.at]
        self.at += 1
        name, tag, part, bracket, words = match.groups()
        if name:
            return (Slot(name, tag),)
        if part:
            return self.parts[part]
        if words:
            return tuple(token.text for token in tokens_of(words))
        inside = self.choice()
        if not self._take("]" if bracket == "[" else ")"):
            raise ValueError(f"{bracket!r} is not closed in {self.pattern!r}")
        return (Choice(inside, bracket == "["),)

    def _take(self, bracket: str) -> bool:
        if self.at < len(self.found) and self.found[self.at][4] == bracket:
            self.at += 1
            return True
        return False
