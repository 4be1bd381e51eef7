"""Cuts streamed text into whole sentences, so that a voice can begin before the answer is complete."""

from __future__ import annotations

import re

_END = re.compile(
    r"""
      [.!?…]+["'”’»)\]]*(?=\s)      # an end mark that a space follows: 3.5 and e.g.x go on
    | [。！？]+["'”’»」』）]*         # marks of scripts that put no space behind
    | \s*\n\s*                      # a line's end
    """,
    re.VERBOSE,
)
_OPEN = re.compile(
    r"""(?:
        (?:^|[\s(])[^\W\d_]\.               # an initial, or the last letter of e.g.
      | (?:^|[\s(])(?:[^\W\d_]\.)+          # e.g. i.e. z.B.
      | (?:^|\s)\d{1,3}\.                   # 1. of a list, and German ordinals
    )$""",
    re.VERBOSE,
)
_SAYABLE = re.compile(r"[^\W_]")
_LONGEST = 400
"""Characters after which a text without an end is cut at a space, so that a voice never waits for ever."""


class Sentences:
    """Collects text; gives a sentence as soon as its end is certain."""

    def __init__(self, abbreviations: frozenset[str] = frozenset()) -> None:
        """`abbreviations` (casefolded, with their dots, as "dr.") don't end a sentence."""
        self._abbreviations = abbreviations
        self._text = ""

    def push(self, text: str) -> list[str]:
        """Take text; returns the sentences that ended, stripped, none empty."""
        self._text += text
        found = []
        while end := self._end():
            found.append(self._text[:end].strip())
            self._text = self._text[end:]
        return [sentence for sentence in found if _SAYABLE.search(sentence)]

    def flush(self) -> list[str]:
        """The rest, if it holds anything to say."""
        rest, self._text = self._text.strip(), ""
        return [rest] if _SAYABLE.search(rest) else []

    def _end(self) -> int:
        """Where the first sentence ends, 0 while that is open."""
        for mark in _END.finditer(self._text):
            before = self._text[: mark.end()]
            if _SAYABLE.search(before) and not self._is_open(before):
                return mark.end()
        if len(self._text) > _LONGEST:
            return self._text.rfind(" ", 0, _LONGEST) + 1 or _LONGEST
        return 0

    def _is_open(self, before: str) -> bool:
        """Whether the dot at the end belongs to a word."""
        if not before.endswith("."):
            return False
        last = before.split()[-1].lstrip("(\"'“‘«").casefold()
        return last in self._abbreviations or bool(_OPEN.search(before))
