"""Words made comparable (case, punctuation, contractions, figures), and how far two texts are apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDRED, _THOUSAND, _MILLION = 100, 1000, 1_000_000
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"\b(what|it|that|there|here|who|where|how|he|she|let)'s\b"), r"\1 is"),
)
_SAME = {"ok": "okay", "nevermind": "never mind", "&": "and", "%": " percent ", "°": " degrees "}
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_NUMBER = re.compile(r"\d+")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")


def comparable(text: str, language: str) -> list[str]:
    """The words of a text; of Korean its letters, since models space words their own way."""
    lower = text.casefold().replace("’", "'")
    if language == "ko":
        return [letter for letter in lower if letter.isalnum()]
    if language == "en":
        lower = _english(lower)
    return re.findall(r"\w+", lower.replace("'", ""))


def _english(text: str) -> str:
    for pattern, words in _CONTRACTIONS:
        text = pattern.sub(words, text)
    for sign, words in _SAME.items():
        text = re.sub(rf"\b{sign}\b", words, text) if sign.isalpha() else text.replace(sign, words)
    text = _CLOCK.sub(lambda match: f"{match[1]} {match[2] if match[2] != '00' else ''}", text)
    text = _GROUPED.sub("", text)
    return _NUMBER.sub(lambda match: f" {number_words(int(match[0]))} ", text)


def number_words(number: int) -> str:
    """A whole number in English words; one of a million or more digit by digit."""
    if number >= _MILLION:
        return " ".join(_ONES[int(digit)] for digit in str(number))
    if number >= _THOUSAND:
        rest = number % _THOUSAND
        return f"{number_words(number // _THOUSAND)} thousand" + (f" {number_words(rest)}" if rest else "")
    if number >= _HUNDRED:
        rest = number % _HUNDRED
        return f"{_ONES[number // _HUNDRED]} hundred" + (f" {number_words(rest)}" if rest else "")
    if number < len(_ONES):
        return _ONES[number]
    return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")


def distance(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to insert, remove or replace (Levenshtein)."""
    before = list(range(len(heard) + 1))
    for row, word in enumerate(wanted, 1):
        now = [row]
        for column, other in enumerate(heard, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (word != other)))
        before = now
    return before[-1]
