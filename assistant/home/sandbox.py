"""Jinja for other people's templates: no way out, and a bound on the work and memory of one rendering.

Jinja's own sandbox keeps a template away from Python's inside, but not from endless work: `x ~ x` doubles, `center`
and `replace` grow, loops nest, filters chain. So only the constructs named here compile, and everything that walks or
grows something pays for it from a budget."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import BuiltinMethodType
from typing import Any

from jinja2 import ChainableUndefined, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from assistant.home import template_filters, template_time
from assistant.home.template_budget import BUDGET, TemplateFault, charge, charged, renew_budget, spend, weigh

__all__ = ["BUDGET", "ENVIRONMENT", "TemplateFault", "guarded", "renew_budget", "spend"]

DEEPEST = 40


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers; texts and lists may only be joined; `%` formats a text."""
        if operator == "%" and isinstance(left, str):
            return charge(template_filters.formatted(left, *weigh(right if isinstance(right, tuple) else (right,))))
        if operator == "*" and not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise TemplateFault("only numbers can be multiplied")
        value = super().call_binop(context, operator, left, right)
        return charge(value) if isinstance(value, int | float) else weigh(value)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002  Jinja's signature
        """Only functions and methods that are named."""
        # inside loops and blocks, Jinja hands over its own variables for functions that ask for the context
        for own in ("_loop_vars", "_block_vars"):
            kwargs.pop(own, None)
        weigh((*args, *kwargs.values()))
        if isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, str | dict | list | tuple):
            if obj.__name__ not in template_filters.METHODS:
                raise TemplateFault(f"the method {obj.__name__} is not allowed here")
            weigh(obj.__self__)
            if obj.__name__ == "replace":
                obj, args = template_filters.replace, (obj.__self__, *args)
        elif isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, datetime | timedelta):
            if obj.__name__ not in template_time.METHODS:
                raise TemplateFault(f"the method {obj.__name__} is not allowed here")
            if obj.__name__ == "strftime":
                template_time.checked(*args)
        elif id(obj) not in template_filters.CALLABLE:
            raise TemplateFault("this function is not known here")
        return charge(obj(*args, **kwargs))


_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict,
    nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr,
    nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.If, nodes.For, nodes.Assign,
    nodes.NSRef, nodes.Continue, nodes.Break,
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
    environment = _Environment(undefined=ChainableUndefined, finalize=weigh, extensions=["jinja2.ext.loopcontrols"])
    own = {name: environment.filters[name] for name in template_filters.STOCK_FILTERS} | template_filters.FILTERS
    environment.filters = {name: charged(function) for name, function in own.items()}
    environment.tests |= {name: charged(function) for name, function in template_filters.TESTS.items()}
    environment.globals = dict(template_filters.FUNCTIONS)
    return environment


ENVIRONMENT = _environment()


def guarded(source: str) -> nodes.Template:
    """The template's tree, with everything paid for. Raises TemplateFault, or Jinja's TemplateError."""
    tree = _Guard().visit(ENVIRONMENT.parse(source))
    tree.set_environment(ENVIRONMENT)
    return tree  # type: ignore[no-any-return]  # a visitor gives what it was given
