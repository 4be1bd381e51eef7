"""The planner's own file about intents: names, forms, kinds of things they are for, which of them say the same."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToolEntry(_Strict):
    """What is said about one intent; everything that isn't follows from its IntentSpec."""

    name: str = ""
    """As the model writes it."""
    forms: tuple[str, ...] = ()
    """Arguments that go together, in order; "?" after one that may be left out."""
    slots: Mapping[str, str] = {}
    """For intents of Home Assistant: argument → how its words are read (an `ArgumentKind`)."""
    fills: Mapping[str, str] = {}
    """Argument → the command's slot, where that has another name."""
    domains: tuple[str, ...] = ()
    """Not offered in a home that has nothing of these domains. Empty: always offered."""
    weight: float = 1.0
    """How often it is meant, against others that the same words fit."""


class SameEntry(_Strict):
    """Commands of `intent` are written as those of another one."""

    intent: str
    when: Mapping[str, str] = {}
    """Slots that must have that value."""
    without: tuple[str, ...] = ()
    """Slots that must not be there."""
    needs: tuple[str, ...] = ()
    """Slots that must be there."""
    to: str
    """The intent that they are written as."""
    gives: Mapping[str, str] = {}
    """Slot → slot of the other; the command's further slots must be among `when`."""


class ToolFile(_Strict):
    """All of it."""

    hidden: frozenset[str]
    tools: Mapping[str, ToolEntry]
    same: tuple[SameEntry, ...]


@lru_cache(maxsize=1)
def tool_file() -> ToolFile:
    """The file beside this module, read once."""
    text = files("assistant.understanding.planner").joinpath("tools.toml").read_text(encoding="utf-8")
    return ToolFile.model_validate(tomllib.loads(text))
