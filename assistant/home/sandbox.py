"""Jinja for other people's templates: no way out, and a bound on the work and memory of one rendering.

Jinja's own sandbox keeps a template away from Python's inside, but not from endless work: `x ~ x` doubles, `center`
and `replace` grow, loops nest, filters chain. So only the constructs named here compile, and everything that walks or
grows something pays for it from a budget."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sized
from contextvars import ContextVar
from functools import wraps
from types import BuiltinMethodType
from typing import Any

from jinja2 import ChainableUndefined, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

BUDGET = 200_000
"""What one rendering may spend: 8 characters cost 1, an item of a list 4, one round of a loop 50."""
CHARACTERS_A_UNIT, ITEM_COST, ROUND_COST = 8, 4, 50
LARGEST_NUMBER = 10**30
DEEPEST = 40


class TemplateFault(ValueError):
    """A template that can't be used, or failed on this message."""


class _Budget:
    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = BUDGET


_budget: ContextVar[_Budget] = ContextVar("template_budget")


def renew_budget() -> None:
    """A rendering begins."""
    _budget.set(_Budget())


def spend(units: int) -> None:
    """Pay for work. Raises TemplateFault when the budget is used up."""
    budget = _budget.get()
    budget.left -= units
    if budget.left < 0:
        raise TemplateFault("a template does too much")


def _charge(value: Any) -> Any:
    """Pay for a value's outer size; what is walked later pays then."""
    if isinstance(value, str):
        spend(len(value) // CHARACTERS_A_UNIT)
    elif isinstance(value, Sized):
        spend(len(value) * ITEM_COST)
    elif isinstance(value, Iterator):
        return _paid(value, ITEM_COST)
    elif isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise TemplateFault("a number is too large")
    return value


def _weigh(value: Any) -> Any:
    """Pay for all that a value holds, as often as it holds it: `[a, a]` doubles without costing memory, but its text
    would not."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str | list | tuple | dict):
            _charge(item)
        if isinstance(item, dict):
            stack += item.keys()
            stack += item.values()
        elif isinstance(item, list | tuple):
            stack += item
    return value


def _paid(items: Iterable[object], cost: int) -> Iterator[object]:
    for item in items:
        spend(cost)
        yield item


def _charged(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def paid(*args: Any, **kwargs: Any) -> Any:
        _weigh((*args, *kwargs.values()))
        return _charge(function(*args, **kwargs))

    return paid


# ── filters, functions and methods that templates may use ───────────────────────────────────────


def _is_defined(value: object) -> object:
    if isinstance(value, ChainableUndefined):
        raise TemplateFault("a value is not defined")
    return value


def _replace(text: object, old: str, new: str, count: int = -1) -> str:
    whole = str(text)
    grown = whole.count(old) * len(new) if old else len(whole) * (len(new) + 1)
    spend(grown // CHARACTERS_A_UNIT)
    return whole.replace(old, new, count)


_FORMAT = re.compile(r"%(?!%|[-+ #0]*\d{0,2}(?:\.\d{1,2})?[a-zA-Z])")


def _format(pattern: object, *values: object) -> str:
    text = str(pattern)
    if _FORMAT.search(text.replace("%%", "")):
        raise TemplateFault("this format is not allowed here")
    return text % values


def _concat(parts: list[object]) -> str:
    texts = []
    for part in parts:
        texts.append(str(part))
        _charge(texts[-1])
    return "".join(texts)


def _walk(items: Iterable[object]) -> Iterator[object]:
    if isinstance(items, ChainableUndefined):
        return iter(())
    return _paid(items, ROUND_COST)


def _to_float(value: Any, default: Any = None) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        if default is None:
            raise TemplateFault("a value is no number") from None
        return default


def _to_int(value: Any, default: Any = None) -> Any:
    number = _to_float(value, default)
    return int(number) if isinstance(number, float) else number


_FILTERS: dict[str, Callable[..., Any]] = {
    "is_defined": _is_defined,
    "multiply": lambda value, factor: float(value) * float(factor),
    "add": lambda value, number: float(value) + float(number),
    "to_json": json.dumps,
    "from_json": json.loads,
    "replace": _replace,
    "format": _format,
    "bool": lambda value: str(value).casefold() in {"true", "on", "yes", "1", "enable"},
    "iif": lambda value, yes=True, no=False: yes if value else no,
    "float": _to_float,
    "int": _to_int,
    "_concat": _concat,
    "_walk": _walk,
    "_weigh": lambda value: value,
}
_STOCK_FILTERS = [
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "first",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
]
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "float": _to_float,
    "int": _to_int,
    "bool": _FILTERS["bool"],
    "iif": _FILTERS["iif"],
    "min": min,
    "max": max,
}
_METHODS = frozenset(
    [
        "get",
        "items",
        "keys",
        "values",
        "lower",
        "upper",
        "title",
        "capitalize",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "startswith",
        "endswith",
        "find",
        "index",
        "count",
        "isdigit",
        "isnumeric",
        "isalpha",
        "isalnum",
        "replace",
    ]
)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers; texts and lists may only be joined; `%` formats a text."""
        if operator == "%" and isinstance(left, str):
            return _charge(_format(left, *_weigh(right if isinstance(right, tuple) else (right,))))
        if operator == "*" and not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise TemplateFault("only numbers can be multiplied")
        value = super().call_binop(context, operator, left, right)
        return _charge(value) if isinstance(value, int | float) else _weigh(value)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002  Jinja's signature
        """Only functions and methods named above."""
        if isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, str | dict | list | tuple):
            if obj.__name__ not in _METHODS:
                raise TemplateFault(f"the method {obj.__name__} is not allowed here")
            _weigh((obj.__self__, *args, *kwargs.values()))
            if obj.__name__ == "replace":
                obj, args = _replace, (obj.__self__, *args)
        elif obj not in _FUNCTIONS.values():
            raise TemplateFault("this function is not known here")
        return _charge(obj(*args, **kwargs))


_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict,
    nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr,
    nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.If, nodes.For, nodes.Assign,
)  # fmt: skip


class _Guard(NodeTransformer):
    """Refuses what is not named or nested too deep, and lets loops, lists, comparisons, slices and `~` pay."""

    def __init__(self) -> None:
        self._depth = 0

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        if not isinstance(node, _NODES):
            raise TemplateFault(f"{type(node).__name__.lower()} is not allowed in a template")
        if self._depth >= DEEPEST:
            raise TemplateFault("a template is nested too deep")
        self._depth += 1
        try:
            return super().generic_visit(node, *args, **kwargs)
        finally:
            self._depth -= 1

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  the name is Jinja's
        if node.recursive:
            raise TemplateFault("a recursive loop is not allowed in a template")
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_walk")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        return _filtered(node, "_weigh") if isinstance(node.arg, nodes.Slice) else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        node.expr = _filtered(node.expr, "_weigh")
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, "_weigh")
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802  the name is Jinja's
        return _filtered(self.generic_visit(node), "_weigh")

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802  the name is Jinja's
        return _filtered(self.generic_visit(node), "_weigh")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802  the name is Jinja's
        self.generic_visit(node)
        return _filtered(node, "_weigh") if node.ctx == "load" else node


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _environment() -> _Environment:
    environment = _Environment(undefined=ChainableUndefined, finalize=_weigh)
    own = {name: environment.filters[name] for name in _STOCK_FILTERS} | _FILTERS
    environment.filters = {name: _charged(function) for name, function in own.items()}
    environment.globals = dict(_FUNCTIONS)
    return environment


ENVIRONMENT = _environment()


def guarded(source: str) -> nodes.Template:
    """The template's tree, with everything paid for. Raises TemplateFault, or Jinja's TemplateError."""
    tree = _Guard().visit(ENVIRONMENT.parse(source))
    tree.set_environment(ENVIRONMENT)
    return tree  # type: ignore[no-any-return]  # a visitor gives what it was given
