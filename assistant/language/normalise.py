"""What was recognised or typed → the one form that sentences are matched in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.language.words import Words, primary, words_for

_DROPPED = re.compile(r"[^\w\s'.,:/-]|_")
_INNER = re.compile(r"(?<!\d)[.,:/]|[.,:/](?!\d)")
_QUOTES = re.compile(r"(?<!\w)'+|'+(?!\w)")
_DASHES = re.compile(r"(?<!^)(?<!\s)-|-(?!\d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_COMMA = re.compile(r"(?<=\d),(?=\d)")


def normalise(text: str, language: str) -> str:
    """Lower case, NFC, no punctuation but that inside figures (7:30, 2.5, 2/3); hyphens are spaces; "p m" is "pm";
    fillers and politeness at both ends are left out, unless nothing else was said."""
    book = words_for(language)
    plain = _without_signs(text, book)
    for split, joined in book.joined.items():
        plain = re.sub(rf"\b{split}\b", joined, plain)
    spoken = _without_fillers(plain.split(), frozenset(book.fillers), primary(language))
    bare = _without_politeness(" ".join(spoken), *_polite(primary(language)))
    return bare or " ".join(spoken) or plain


def _without_signs(text: str, book: Words) -> str:
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()).replace("’", "'")
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", plain)
    for sign, word in book.symbols.items():
        plain = plain.replace(sign, f" {word} ")
    plain = _THOUSANDS.sub("", plain)
    plain = _COMMA.sub(" ", plain)
    plain = _DROPPED.sub(" ", plain)
    previous = None
    while previous != plain:
        previous = plain
        plain = _INNER.sub(" ", plain)
        plain = _DASHES.sub(" ", plain)
        plain = _QUOTES.sub(" ", plain)
        plain = " ".join(plain.split())
    return plain


def _without_fillers(words: list[str], fillers: frozenset[str], language: str) -> list[str]:
    """Without fillers; in Korean only leading ones, since some are endings elsewhere."""
    if language == "ko":
        while len(words) > 1 and words[0] in fillers:
            words = words[1:]
        return words
    return [word for word in words if word not in fillers]


@lru_cache(maxsize=4)
def _polite(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    book = words_for(language)
    starts = "|".join(re.escape(each) for each in sorted(book.polite_start, key=len, reverse=True))
    ends = "|".join(re.escape(each) for each in sorted(book.polite_end, key=len, reverse=True))
    return re.compile(rf"(?:{starts})\s+(?=\S)"), re.compile(rf"(?<=\S)\s+(?:{ends})$")


def _without_politeness(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    previous = None
    while previous != text:
        previous = text
        text = end.sub("", start.sub("", text, count=1) if start.match(text) else text)
    return text
