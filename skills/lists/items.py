"""Lists as values: words to items, and what adding, ticking off and removing makes of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

DEFAULT = "shopping"
"""Key of the list that is meant when none is named; the same in every language."""
_FALLBACK = "en"
_SEVERAL = ("between", "whole", "single", "start", "measured", "again", "every", "default", "other_list")
_ONE = ("of_list", "default_name", "counted")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list; `count` tells how many of it are wanted."""

    text: str
    is_done: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class ListWords:
    """How a language strings items together, and what it calls the usual list."""

    between: tuple[str, ...]
    whole: tuple[str, ...]
    single: tuple[str, ...]
    """Things of one word, which are items of their own even when nothing was said between them."""
    start: tuple[str, ...]
    measured: tuple[str, ...]
    """With these after it, a start is part of the item: "a dozen rolls"."""
    again: tuple[str, ...]
    every: tuple[str, ...]
    default: tuple[str, ...]
    other_list: tuple[str, ...]
    of_list: str
    """A pattern with the groups `item` and `name`: a list's name that took part of an item along."""
    default_name: str
    counted: str


@lru_cache
def words_for(language: str) -> ListWords:
    """The words of a language; English for one that has none."""
    folder = Path(__file__).parent / "words"
    path = folder / f"{language}.toml"
    table = tomllib.loads((path if path.is_file() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8"))
    several = {key: tuple(map(str, table[key])) for key in _SEVERAL}
    one = {key: str(table[key]) for key in _ONE}
    return ListWords(**{**several, **one})  # type: ignore[arg-type]  # a test reads every language's file


def key_from(name: str | None, words: ListWords) -> str:
    """The key of a list by what it is called; None and the usual names mean the default one."""
    called = _fold((name or "").replace("-", " "))
    return DEFAULT if not called or called in words.default else called


def item_and_name(name: str | None, words: ListWords) -> tuple[str, str | None]:
    """ "the tent from my camping" is an item and a list; of a plain name the item is empty."""
    match = re.fullmatch(words.of_list, name or "", flags=re.IGNORECASE)
    return (match["item"], match["name"]) if match else ("", name)


def as_said(value: str, text: str) -> str:
    """The words as they stand in the whole sentence, where commas may still part them."""
    pattern = r"[\s,]+".join(re.escape(word) for word in value.split())
    match = re.search(rf"(?<!\w){pattern}", text, flags=re.IGNORECASE) if pattern else None
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
    parts = [part for line in text.split("\n") for part in _apart(line, words)]
    items = (_without_start(part.strip(" .!?"), words) for part in parts)
    return list({_fold(item): item for item in items if item}.values())


def _apart(line: str, words: ListWords) -> Sequence[str]:
    """ "milk eggs", heard without a comma, as two items; words that are no items by themselves stay together."""
    said = line.split()
    return said if all(_fold(word) in words.single for word in said) else [line]


def _without_start(text: str, words: ListWords) -> str:
    rest = bare(text, words.start)
    return text if any(_fold(rest).startswith(each) for each in words.measured) else rest


def bare(text: str, starts: Sequence[str]) -> str:
    """The text without one of the starts."""
    return next((text[len(start) :] for start in starts if text.casefold().startswith(start)), text)


def is_muddled(said: Sequence[str], words: ListWords) -> bool:
    """True when an item speaks of another list: two wishes were heard as one."""
    return any(re.search(pattern, text, flags=re.IGNORECASE) for text in said for pattern in words.other_list)


def near(items: Sequence[Item], said: str) -> Sequence[Item]:
    """The item that is called so, else all whose words hold all that was said."""
    exact = [item for item in items if _fold(item.text) == _fold(said)]
    asked = set(_fold(said).split())
    return exact[:1] or [item for item in items if asked and asked <= set(_fold(item.text).split())]


@dataclass(frozen=True, slots=True)
class Added:
    """The new list, what is new on it, what was there already, and how many are wanted of what was asked for again."""

    items: Sequence[Item]
    new: Sequence[Item]
    there: Sequence[Item]


def added(items: Sequence[Item], said: Sequence[str], words: ListWords) -> Added:
    """What was ticked off is wanted anew; one that is there counts twice only when "another" was said."""
    result, new, there = list(items), [], []
    for text in said:
        wanted = bare(text, words.again)
        old = next((item for item in result if _fold(item.text) == _fold(wanted)), None)
        if old is None or old.is_done:
            item = Item(wanted)
        elif wanted != text:
            item = replace(old, count=old.count + 1)
        else:
            there.append(old)
            continue
        result = [*(each for each in result if each is not old), item]
        new.append(item)
    return Added(result, new, there)


def ticked(items: Sequence[Item], done: Collection[Item]) -> Sequence[Item]:
    """The list with these marked as done."""
    return [replace(item, is_done=True) if item in done else item for item in items]


def unticked(items: Sequence[Item], undone: Collection[Item]) -> Sequence[Item]:
    """The list with these to do again."""
    return [replace(item, is_done=False) if item in undone else item for item in items]


def one_less(items: Sequence[Item], gone: Collection[Item]) -> Sequence[Item]:
    """The list with one fewer of these; the last one of an item takes its line along."""
    kept = (replace(item, count=item.count - 1) if item in gone else item for item in items)
    return [item for item in kept if item.count]


def spoken(items: Sequence[Item], words: ListWords) -> tuple[str, ...]:
    """Their names, with how many where there are several."""
    return tuple(
        item.text if item.count == 1 else words.counted.format(text=item.text, count=item.count) for item in items
    )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
