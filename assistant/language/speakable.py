"""Written text → text that a voice reads well: no markup, figures and signs as words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.language.en import speakable as en
from assistant.language.ko import speakable as ko
from assistant.language.words import primary, words_for

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]]|<[^<>\n]{0,200}>")
_LINE_START = re.compile(r"^\s{0,8}(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,3}[.)]\s+(?=\D))", re.MULTILINE)
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$|^\s*\|?[\s:|-]+\|[\s:|-]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)([^\n]*?\S)\1(?!\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MINUS = re.compile(r"(?<![\w.])[-−](?=\d)")
_RANGE = re.compile(r"(?<=\d)\s?[–—]\s?(?=\d)")
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?])")
_KEPT_SIGNS = frozenset("°%$€£₩¥+=&~")
_NUMBER = r"(\d+(?:\.\d+)?)"


def speakable(text: str, language: str) -> str:
    """Text for a voice, in one line per input line; empty when nothing in it can be said."""
    forms = ko if primary(language) == "ko" else en
    plain = _without_emoji(_without_markup(unicodedata.normalize("NFC", text)))
    plain = _THOUSANDS.sub("", plain)
    plain = forms.dates_and_times(plain, language)
    plain = _currencies(plain, language)
    plain = _measures(plain, language)
    plain = forms.counts(plain)
    plain = _abbreviations(plain, language)
    plain = _signs(plain, language)
    lines = (_SPACE_BEFORE.sub(r"\1", " ".join(line.split())) for line in plain.splitlines())
    return "\n".join(line for line in lines if any(char.isalnum() for char in line))


def plain(text: str) -> str:
    """Written text without markup, addresses and emoji; figures and signs stay as they are written."""
    bare = _without_emoji(_without_markup(unicodedata.normalize("NFC", text)))
    lines = (_SPACE_BEFORE.sub(r"\1", " ".join(line.split())) for line in bare.splitlines())
    return "\n".join(line for line in lines if any(char.isalnum() for char in line))


def _without_markup(text: str) -> str:
    text = _FENCE.sub(" ", text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _URL.sub(" ", text)
    text = _RULE.sub("", text)
    text = _LINE_START.sub("", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return re.sub(r"[`*|\\#<>{}\[\]^_]+", " ", text)


def _without_emoji(text: str) -> str:
    return "".join(char if _is_said(char) else " " for char in text)


def _is_said(char: str) -> bool:
    if char in _KEPT_SIGNS or char == "\n":
        return True
    category = unicodedata.category(char)
    return category[0] in "LNPZ" or (category in ("Mn", "Mc") and char not in "\ufe0e\ufe0f\u20e3")


def _currencies(text: str, language: str) -> str:
    signs = words_for(language).currencies
    pattern = _alternatives(tuple(signs))
    scales = "million|billion|thousand"

    def spoken(match: re.Match[str]) -> str:
        one, many, cent, cents = signs[match["sign"]]
        whole, part, scale = match["whole"], match["part"], match["scale"]
        if scale:
            return f"{whole}{'.' + part if part else ''} {scale} {many}"
        name = one if whole == "1" else many
        hundredths = int((part or "0").ljust(2, "0")[:2])
        if not part or not hundredths or not cent:
            return f"{whole} {name}"
        small = f"{hundredths} {cent if hundredths == 1 else cents}"
        return small if whole == "0" else f"{whole} {name} {_and(language)}{small}"

    return re.sub(
        rf"(?P<sign>{pattern})\s?(?P<whole>\d+)(?:\.(?P<part>\d{{1,2}})(?!\d))?(?:\s(?P<scale>{scales})\b)?",
        spoken,
        text,
    )


def _and(language: str) -> str:
    return "" if primary(language) == "ko" else f"{words_for(language).spoken['and']} "


@lru_cache(maxsize=16)
def _alternatives(options: tuple[str, ...]) -> str:
    return "|".join(re.escape(each) for each in sorted(options, key=len, reverse=True))


def _measures(text: str, language: str) -> str:
    names = words_for(language).measures
    pattern = _alternatives(tuple(names))

    def spoken(match: re.Match[str]) -> str:
        one, many = names[match[2].lower()]
        return f"{match[1]} {one if match[1] == '1' else many}"

    text = text.replace("℃", "°C").replace("℉", "°F").replace("° C", "°C").replace("° F", "°F")
    return re.sub(rf"(?<![\w.]){_NUMBER}[ \u00a0]?({pattern})(?![\w/°])", spoken, text, flags=re.IGNORECASE)


def _abbreviations(text: str, language: str) -> str:
    names = words_for(language).abbreviations
    if not names:
        return text
    pattern = rf"(?<![\w.])({_alternatives(tuple(names))})(?=\s|$|[,;:!?)])"

    def spoken(match: re.Match[str]) -> str:
        is_last = not text[match.end() :].strip()
        return names[match[1].lower()] + ("." if is_last else "")

    return re.sub(pattern, spoken, text, flags=re.IGNORECASE)


def _signs(text: str, language: str) -> str:
    spoken = words_for(language).spoken
    text = _MINUS.sub(f"{spoken['minus']} ", text)
    text = _RANGE.sub(f" {spoken['to']} ", text)
    text = re.sub(r"\s?&\s?", f" {spoken['and']} ", text)
    text = re.sub(r"(?<=\d)\s?\+\s?(?=\d)", f" {spoken['plus']} ", text)
    text = re.sub(r"(?<=\d)\s?=\s?(?=\d)", f" {spoken['equals']} ", text)
    return re.sub(r"[$€£₩¥%°+=~]", " ", text)
