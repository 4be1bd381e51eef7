"""What the values of the chart mean outside, by kind: collected from every module of this package that has SENSES."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from assistant.core.values import Kind, Meaning, Reading


@dataclass(frozen=True, slots=True)
class Sense:
    """Values with one of the tags mean something of a kind: `read` tells what, or nothing."""

    kind: Kind
    tags: frozenset[str]
    read: Callable[[Any, Reading], tuple[Meaning, ...]]


@cache
def senses() -> Sequence[Sense]:
    """All that are known."""
    package = __name__.rpartition(".")[0]
    modules = (import_module(f"{package}.{each.name}") for each in iter_modules(import_module(package).__path__))
    return tuple(sense for module in modules for sense in getattr(module, "SENSES", ()))
