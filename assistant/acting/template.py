"""Reply templates: Jinja in a sandbox, cut down to what putting words together needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_TEMPLATE = 1000
MAX_WORDS = 2000
"""Characters; a longer reply is nobody's wish."""

_FILTERS = frozenset({"abs", "capitalize", "default", "first", "int", "last", "length", "lower", "round", "upper"})
_TESTS = frozenset({"defined", "divisibleby", "eq", "even", "gt", "ge", "in", "lt", "le", "ne", "none", "odd"})
_REFUSED: tuple[type[nodes.Node], ...] = (
    nodes.Call,
    nodes.CallBlock,
    nodes.Extends,
    nodes.For,
    nodes.FromImport,
    nodes.Import,
    nodes.Include,
    nodes.Macro,
    nodes.Mul,
    nodes.Pow,
)
"""Loops, calls and growth: with these a template could hold the assistant up or fill its memory."""


def render(source: str, values: Mapping[str, object]) -> str:
    """The words, blanks tidied. Raises ValueError for a template that is refused or lacks a value."""
    try:
        text = _compiled(source).render(values)
    except (TemplateError, TypeError, ArithmeticError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return " ".join(text[:MAX_WORDS].split())


def check(source: str) -> None:
    """Raises ValueError that says why a template can't be used."""
    _compiled(source)


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    if len(source) > MAX_TEMPLATE:
        raise ValueError(f"the reply is longer than {MAX_TEMPLATE} characters")
    try:
        tree = _ENVIRONMENT.parse(source)
        for node in tree.find_all(_REFUSED):
            raise ValueError(f"line {node.lineno}: {type(node).__name__} is not allowed in a reply")
        for attribute in tree.find_all(nodes.Getattr):
            if attribute.attr.startswith("_"):
                raise ValueError(f"line {attribute.lineno}: {attribute.attr!r} is not allowed in a reply")
        return _ENVIRONMENT.from_string(source)
    except TemplateError as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _silent_none(value: object) -> object:
    return "" if value is None else value


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_silent_none, autoescape=False)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


_ENVIRONMENT = _environment()
