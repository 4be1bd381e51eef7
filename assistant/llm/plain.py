"""Takes markup and thinking aloud out of streamed text, so that a voice can say it."""

from __future__ import annotations

import re
from enum import StrEnum


class Removed(StrEnum):
    """What was taken out of an answer."""

    THINKING = "thinking"
    MARKUP = "markup"


_THINKING = re.compile(r"<(think|thinking|thought|reasoning|scratchpad)>", re.IGNORECASE)
_MARKUP = re.compile(
    r"""
      (?:```|~~~)[^\S\n]*\w*                                            # a fence of code, with its language
    | !?\[(?P<label>[^\[\]\n]{0,120})\]\([^()\s]{0,300}\)               # a link or picture: its label stays
    | </?[A-Za-z][^<>\n]{0,60}>                                         # a tag
    | (?<=\n)[ \t]*(?:\#{1,6}|[-*+•>]|\|)[ \t]+                         # a heading, an item, a quotation, a table
    | (?<=\n)[ \t]*(?:[-*_=]{3,}|\|[-|: ]+)[ \t]*(?=\n)                 # a rule
    | `+ | \*+ | (?<!\w)_+(?=\w) | (?<=\w)_+(?!\w)                      # code and emphasis
    """,
    re.VERBOSE,
)
_UNSURE = re.compile(
    r"""(?:
        [`~*_]+[^\S\n]*\w{0,12}                                         # a fence or emphasis that goes on
      | !?\[[^\[\]\n]{0,120}(?:\](?:\([^()\s]{0,300})?)?
      | </?(?:[A-Za-z][^<>\n]{0,60})?
      | (?<=\n)[ \t]*[-\#*+•>|_=: ]{0,80}
      | !
    )$""",
    re.VERBOSE,
)
"""A tail that more text may turn into markup."""
_LONGEST_TAIL = 400
_LONGEST_CLOSING = 20


class PlainText:
    """Takes text as it comes; gives what may be said."""

    def __init__(self) -> None:
        self.removed: set[Removed] = set()
        self._before = "\n"
        """What came before: a line's end, a word (w) or something else (a space)."""
        self._held = ""
        self._closing = ""
        """The tag that ends the thinking going on."""
        self._is_after_thinking = False

    def push(self, text: str) -> str:
        """Take text; returns what is certain to be plain (may be empty)."""
        self._held += text
        given = self._without_thinking()
        return given if self._closing else given + self._sure()

    def flush(self) -> str:
        """What was held back; thinking that never ended is none of it."""
        rest, self._held = ("" if self._closing else self._held), ""
        return self._cleaned(rest)

    def _without_thinking(self) -> str:
        """Drop what is being thought; returns the plain text in front of it."""
        given = ""
        while True:
            if self._closing:
                end = re.search(self._closing, self._held, re.IGNORECASE)
                if not end:
                    self._held = self._held[-_LONGEST_CLOSING:]
                    return given
                self._held, self._closing, self._is_after_thinking = self._held[end.end() :], "", True
            if self._is_after_thinking:
                self._held = self._held.lstrip()
                self._is_after_thinking = not self._held
            start = _THINKING.search(self._held)
            if not start:
                return given
            given += self._cleaned(self._held[: start.start()])
            self._held, self._closing = self._held[start.end() :], f"</{start[1].lower()}>"
            self.removed.add(Removed.THINKING)

    def _sure(self) -> str:
        text = self._before + self._held
        cut = _certain(text)
        self._held = text[cut:]
        return self._cleaned(text[1:cut])

    def _cleaned(self, text: str) -> str:
        if not text:
            return ""
        plain, count = _MARKUP.subn(lambda found: found["label"] or "", self._before + text)
        if count:
            self.removed.add(Removed.MARKUP)
        self._before = "\n" if text[-1] == "\n" else "w" if text[-1].isalnum() or text[-1] == "_" else " "
        return plain[1:]


def _certain(text: str) -> int:
    """Up to where (at least 1) more text changes nothing: not within markup, not where some may begin."""
    start = max(0, len(text) - _LONGEST_TAIL)
    while tail := _UNSURE.search(text, start):
        cut = max(tail.start(), 1)
        around = next((found for found in _MARKUP.finditer(text) if found.start() < cut < found.end()), None)
        if around is None:
            return cut
        start = around.end()
    return len(text)
