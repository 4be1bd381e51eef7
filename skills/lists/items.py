"""Lists as values: words to items, and what adding, ticking and removing makes of them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

DEFAULT = "shopping"
"""Key of the list that is meant when none is named; the same in every language."""
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    text: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class ListWords:
    """How a language strings items together, and what it calls the usual list."""

    between: tuple[str, ...]
    whole: tuple[str, ...]
    start: tuple[str, ...]
    default: tuple[str, ...]
    default_name: str


@lru_cache
def words_for(language: str) -> ListWords:
    """The words of a language; English for one that has none."""
    folder = Path(__file__).parent / "words"
    path = folder / f"{language}.toml"
    table = tomllib.loads((path if path.is_file() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8"))
    lists = {key: tuple(table[key]) for key in ("between", "whole", "start", "default")}
    return ListWords(**lists, default_name=table["default_name"])


def key_from(name: str | None, words: ListWords) -> str:
    """The key of a list by what it is called; None and the usual names mean the default one."""
    called = (name or "").strip().casefold()
    return DEFAULT if not called or called in words.default else called


def as_said(value: str, text: str) -> str:
    """The words as they stand in the whole sentence, where commas may still part them."""
    pattern = r"[\s,]+".join(re.escape(word) for word in value.split())
    match = re.search(rf"\b{pattern}\b", text, flags=re.IGNORECASE) if pattern else None
    return match[0] if match else value


def items_from(said: str, words: ListWords) -> Sequence[str]:
    """ "milk, eggs and mac and cheese" → its items, without "some" and the like, none twice."""
    kept = {f"\x00{place}\x00": whole for place, whole in enumerate(words.whole)}
    text = said
    for mark, whole in kept.items():
        text = re.sub(rf"\b{re.escape(whole)}\b", mark, text, flags=re.IGNORECASE)
    for between in sorted(words.between, key=len, reverse=True):
        text = text.replace(between, "\n")
    for mark, whole in kept.items():
        text = text.replace(mark, whole)
    items = (_bare(line.strip(), words) for line in text.split("\n"))
    return list({item.casefold(): item for item in items if item}.values())


def found(items: Sequence[Item], said: str) -> Item | None:
    """The item that is called so, or the only one whose words hold all that was said."""
    exact = next((item for item in items if _fold(item.text) == _fold(said)), None)
    near = [item for item in items if set(_fold(said).split()) <= set(_fold(item.text).split())]
    return exact or (near[0] if len(near) == 1 else None)


def added(items: Sequence[Item], said: Sequence[str]) -> tuple[Sequence[Item], Sequence[str], Sequence[str]]:
    """The new list, what is new on it, and what was there already. What was ticked off is wanted anew."""
    result, new, there = list(items), [], []
    for text in said:
        old = next((item for item in result if _fold(item.text) == _fold(text)), None)
        if old is not None and not old.is_done:
            there.append(old.text)
            continue
        if old is not None:
            result.remove(old)
        result.append(Item(text))
        new.append(text)
    return result, new, there


def ticked(items: Sequence[Item], done: Sequence[Item]) -> Sequence[Item]:
    """The list with these marked as done."""
    return [replace(item, is_done=True) if item in done else item for item in items]


def to_json(items: Sequence[Item]) -> str:
    """For the notebook."""
    return json.dumps([asdict(item) for item in items], ensure_ascii=False)


def from_json(text: str | None) -> Sequence[Item]:
    """From the notebook; nothing there is an empty list."""
    return [Item(str(row["text"]), bool(row["is_done"])) for row in json.loads(text or "[]")]


def _bare(text: str, words: ListWords) -> str:
    return next((text[len(start) :] for start in words.start if text.casefold().startswith(start)), text)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
