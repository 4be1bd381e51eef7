"""Korean text read by syllables: spaces don't matter, since people and recognisers set them anyhow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from assistant.language.words import words_for

LONGEST_TEXT = 120
"""Characters; nothing longer is a number, a duration or a time."""

_DROPPED = re.compile(r"\s+|[.!?。]+$|,(?!\d)")
_FIGURE = re.compile(r"\d+(?:,\d{3})+|\d+\.\d+|\d+")
_DIGITS = "영일이삼사오육칠팔구"
T = TypeVar("T")


def squeezed(text: str) -> str:
    """The text without spaces, lower case; empty when too long."""
    if len(text) > LONGEST_TEXT:
        return ""
    return _DROPPED.sub("", unicodedata.normalize("NFC", text).lower().strip())


@dataclass(slots=True)
class Scan:
    """A place in a squeezed text."""

    text: str
    at: int = 0

    @property
    def is_done(self) -> bool:
        """True at the end of the text."""
        return self.at >= len(self.text)

    def take(self, *options: str) -> bool:
        """Step over the first of the options that stands here."""
        for option in options:
            if self.text.startswith(option, self.at):
                self.at += len(option)
                return True
        return False

    def take_key(self, table: Mapping[str, T]) -> T | None:
        """Step over the longest key that stands here; its value."""
        key = longest(self.text, self.at, table)
        if key is None:
            return None
        self.at += len(key)
        return table[key]

    def take_number(self) -> float | None:
        """A number in figures, Sino-Korean or native words, perhaps with decimals."""
        match = _FIGURE.match(self.text, self.at)
        if match is None:
            return self._with_decimals(self._words())
        self.at = match.end()
        value = float(match[0].replace(",", ""))
        scale = self.take_key({"천": 1000, "백": 100, "만": 10000, "억": 100000000})
        return value * scale if scale else value

    def _words(self) -> float | None:
        start = self.at
        native = self._native()
        if native is not None:
            return native
        total, section, digit, is_any = 0, 0, 0, False
        book = words_for("ko")
        while not self.is_done:
            key = longest(self.text, self.at, _SINO)
            if key is None or (digit and key in _DIGITS) or self._begins_unit(key, is_any):
                break
            self.at += len(key)
            is_any = True
            if key in _DIGITS or key == "륙" or key == "공":
                digit = book.numbers[key]
                if digit == 0:
                    break
                continue
            scale = book.scales[key]
            if scale < 10000:
                section, digit = section + (digit or 1) * scale, 0
            else:
                total, section, digit = total + ((section + digit) or 1) * scale, 0, 0
        if not is_any:
            self.at = start
            return None
        return total + section + digit

    def _begins_unit(self, key: str, is_any: bool) -> bool:
        """True where "일" is the day of "삼 일" or the week of "일주일", not the digit one."""
        return is_any and key == "일" and self.text[self.at - 1] in _DIGITS

    def _native(self) -> float | None:
        book = words_for("ko")
        tens = self.take_key(book.tens)
        units = {word: value for word, value in book.numbers.items() if word not in _SINO}
        unit = self.take_key(units)
        if tens is None and unit is None:
            return None
        return (tens or 0) + (unit or 0)

    def _with_decimals(self, whole: float | None) -> float | None:
        if whole is None or not self.text.startswith("점", self.at):
            return whole
        start = self.at
        self.at += 1
        digits = ""
        while not self.is_done and (self.text[self.at] in _DIGITS or self.text[self.at] == "공"):
            digits += str(words_for("ko").numbers[self.text[self.at]])
            self.at += 1
        if not digits:
            self.at = start
            return whole
        return float(f"{int(whole)}.{digits}")


_SINO = {**dict.fromkeys(_DIGITS), "륙": None, "공": None, "십": None, "백": None, "천": None, "만": None, "억": None}


def longest(text: str, at: int, keys: Iterable[str]) -> str | None:
    """The longest of `keys` that stands at a place."""
    return max((key for key in keys if text.startswith(key, at)), key=len, default=None)
