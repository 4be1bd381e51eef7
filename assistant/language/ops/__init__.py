"""The operations that the rules of a language name, collected from every module of this package.

A module that has an `OPS` mapping (name → function) takes part; nothing is listed by hand. A name may be used once.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from assistant.language.chart import Op


@cache
def operations() -> dict[str, Op]:
    """All operations by name. Raises ValueError when two modules use one name."""
    found: dict[str, Op] = {}
    for each in iter_modules(__path__):
        own: dict[str, Op] = getattr(import_module(f"{__name__}.{each.name}"), "OPS", {})
        twice = found.keys() & own.keys()
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} in {each.name}: another module has an operation of that name")
        found.update(own)
    return found
