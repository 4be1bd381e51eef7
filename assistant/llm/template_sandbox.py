"""Jinja for chat templates out of model files: no way out, and a bound on the work and size of one rendering."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from types import BuiltinMethodType
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.runtime import BlockReference, Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

MAX_SOURCE_CHARACTERS = 65_536
MAX_CHARACTERS = 1_000_000
"""Of any one text while rendering."""
MAX_STEPS = 20_000
"""Items walked over and functions called in one rendering."""
_WIDEST_INDENT = 8

_FILTERS = frozenset(
    {
        "abs", "bool", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "int",
        "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse",
        "round", "safe", "select", "selectattr", "sort", "string", "sum", "title", "trim", "unique", "upper",
    }
)  # fmt: skip
_METHODS = frozenset(
    {
        "capitalize", "count", "endswith", "find", "get", "index", "items", "keys", "lower", "lstrip", "rstrip",
        "split", "splitlines", "startswith", "strip", "title", "upper", "values",
    }
)  # fmt: skip


class TemplateFault(Exception):
    """The template can't be compiled, failed, or asked for too much."""


class _Budget:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TemplateFault(f"more than {MAX_STEPS} steps")


_budget: ContextVar[_Budget] = ContextVar("template_budget")


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, joining of texts and lists."""
        are_numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (operator in ("*", "%") and not are_numbers):
            raise TemplateFault(f"{operator} is not allowed here")
        return _weighed(super().call_binop(context, operator, left, right))

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002  Jinja's signature
        """Only the template's own macros, the functions given to it, and harmless methods."""
        for own in ("_loop_vars", "_block_vars"):
            kwargs.pop(own, None)
        _budget.get().spend()
        is_method = isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, str | dict | list | tuple)
        if is_method and obj.__name__ in _METHODS:
            return _weighed(obj(*args, **kwargs))
        if isinstance(obj, Macro | BlockReference) or any(obj is known for known in _FUNCTIONS.values()):
            return _weighed(obj(*args, **kwargs))
        raise TemplateFault(f"{getattr(obj, '__name__', type(obj).__name__)} is not known here")


class _Guard(NodeTransformer):
    """Makes loops and joined texts pay."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_walked")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")


def compiled(source: str) -> Callable[[Mapping[str, Any]], str]:
    """A function from variables to text; it raises TemplateFault, as this does for what can't be compiled."""
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise TemplateFault(f"it has more than {MAX_SOURCE_CHARACTERS} characters")
    try:
        tree = _Guard().visit(_ENVIRONMENT.parse(source))
        tree.set_environment(_ENVIRONMENT)
        template = _ENVIRONMENT.from_string(tree)
    except (TemplateError, RecursionError, SyntaxError) as error:
        raise TemplateFault(str(error) or type(error).__name__) from error

    def render(values: Mapping[str, Any]) -> str:
        token = _budget.set(_Budget())
        try:
            return _collected(template.generate(values))
        except (TemplateError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise TemplateFault(f"{type(error).__name__}: {error}") from error
        finally:
            _budget.reset(token)

    return render


def _collected(pieces: Iterable[str]) -> str:
    found: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        _budget.get().spend()
        if size > MAX_CHARACTERS:
            raise TemplateFault(f"more than {MAX_CHARACTERS} characters")
        found.append(piece)
    return "".join(found)


def _weighed(value: Any) -> Any:
    if isinstance(value, str | list | tuple) and len(value) > MAX_CHARACTERS:
        raise TemplateFault(f"a value of more than {MAX_CHARACTERS} characters")
    return value


def _walked(items: Any) -> Iterator[Any]:
    for item in items:
        _budget.get().spend()
        yield item


def _joined(parts: Iterable[Any]) -> str:
    texts = [str(part) for part in parts]
    if sum(map(len, texts)) > MAX_CHARACTERS:
        raise TemplateFault(f"a value of more than {MAX_CHARACTERS} characters")
    return "".join(texts)


def _tojson(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=None if indent is None else min(indent, _WIDEST_INDENT))


def _raise_exception(message: str) -> str:
    raise TemplateFault(str(message))


def _charged(function: Callable[..., Any]) -> Callable[..., Any]:
    def charged(*args: Any, **kwargs: Any) -> Any:
        _budget.get().spend()
        return _weighed(function(*args, **kwargs))

    return functools.update_wrapper(charged, function)  # Jinja marks functions that want its context or environment


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


_FUNCTIONS: dict[str, Any] = {"raise_exception": _raise_exception, "namespace": Namespace}


def _environment() -> _Environment:
    environment = _Environment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
    own = {name: _charged(function) for name, function in environment.filters.items() if name in _FILTERS}
    environment.filters = own | {"tojson": _charged(_tojson), "_walked": _walked, "_joined": _joined}
    environment.globals = dict(_FUNCTIONS)
    return environment


_ENVIRONMENT = _environment()
