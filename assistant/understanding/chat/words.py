"""What chat needs in one language, read once from its TOML file: patterns, prompt and honest words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.understanding.words import primary

LANGUAGES = ("en", "ko")
_LIST = re.compile(r"<(\w+)>")
_FORM = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Asked(BaseModel):
    """What was said → what is to become of it. Patterns match the whole of the normalised text, case apart."""

    model_config = _FORM

    commands: re.Pattern[str]
    """How wishes for something to be done begin: chat leaves them alone."""
    unknown: Mapping[str, re.Pattern[str]]
    """What nothing here can know; the key names the reply that says so. The first that matches counts."""
    known: Mapping[str, re.Pattern[str]]
    """What needs no model to be answered; likewise."""
    free: Mapping[str, re.Pattern[str]]
    """`talk` is answered by the model, `more` only while the last answer is fresh."""
    facts: Mapping[str, re.Pattern[str]]
    """What makes a question need more than itself: `words` the moment and the home, `follows` the answer before."""


class Guards(BaseModel):
    """What no sentence of an answer may say; found anywhere in it, case apart."""

    model_config = _FORM

    claims: re.Pattern[str]
    """That something was, is being or will be done."""
    states: re.Pattern[str]
    """How things stand in the home."""
    live: re.Pattern[str]
    """What goes on now, out there."""
    promises: re.Pattern[str]
    """Where to click, and what is secret."""


class Prompting(BaseModel):
    """What a model is told; words in braces are filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    facts: str
    """The moment and the home."""
    in_place: str
    is_told_always: bool
    """Whether it hears the facts, and the answer before, with every question."""


class NoteWords(BaseModel):
    """How questions for a note are told from others."""

    model_config = _FORM

    common: frozenset[str]
    """Words that tell no note from another."""
    asked: re.Pattern[str]
    questions: re.Pattern[str]


class ChatWords(BaseModel):
    """All of it."""

    model_config = _FORM

    asked: Asked
    guard: Guards
    prompt: Mapping[str, Prompting]
    """For `small` and `large` models."""
    replies: Mapping[str, tuple[str, ...]]
    """Key → variants; values stand in braces."""
    notes: NoteWords


@lru_cache(maxsize=len(LANGUAGES))
def _read(code: str) -> ChatWords:
    text = files("assistant.understanding.chat").joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    lists: Mapping[str, str] = table.pop("lists")
    for section in ("asked", "guard", "notes"):
        table[section] = {
            key: _compiled(value, lists, is_whole=section != "guard" and key != "commands")
            if key != "common"
            else value
            for key, value in table[section].items()
        }
    return ChatWords.model_validate(table)


def chat_words(language: str) -> ChatWords | None:
    """The words of a language; None for one that has no file."""
    code = primary(language)
    return _read(code) if code in LANGUAGES else None


def _compiled(patterns: Any, lists: Mapping[str, str], *, is_whole: bool) -> Any:
    if isinstance(patterns, dict):
        return {key: _compiled(value, lists, is_whole=is_whole) for key, value in patterns.items()}
    return pattern_of(patterns, lists, is_whole=is_whole)


def pattern_of(patterns: Sequence[str], lists: Mapping[str, str], *, is_whole: bool) -> re.Pattern[str]:
    """One pattern of several, with <name> standing for the alternatives of that list."""
    whole = "|".join(f"(?:{each})" for each in patterns)
    for _ in range(2):  # a list may name another
        whole = _LIST.sub(lambda name: f"(?:{lists[name[1]]})", whole)
    return re.compile(rf"(?:{whole})\Z" if is_whole else whole, re.IGNORECASE)
