"""Templates out of discovery payloads: other people's text, run in a sandbox with limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE, MAX_RESULT = 4_000, 4_000
"""Characters of a template, and of what it may give."""


class TemplateFault(ValueError):
    """A template that can't be used, or failed on this message."""


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"**", "*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Powers, and text multiplied without end, would cost memory and time."""
        is_text = isinstance(left, str | list) or isinstance(right, str | list)
        if operator == "**" or is_text:
            raise TemplateFault("this operator is not allowed here")
        return super().call_binop(context, operator, left, right)


def _is_defined(value: object) -> object:
    if isinstance(value, ChainableUndefined):
        raise TemplateFault("a value is not defined")
    return value


_ENVIRONMENT = _Environment(undefined=ChainableUndefined)
_ENVIRONMENT.filters |= {
    "is_defined": _is_defined,
    "multiply": lambda value, factor: float(value) * float(factor),
    "to_json": json.dumps,
    "from_json": json.loads,
}
for _loop in ("range", "lipsum", "cycler", "joiner"):
    _ENVIRONMENT.globals.pop(_loop, None)


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Template:
    if len(source) > MAX_SOURCE:
        raise TemplateFault(f"a template of {len(source)} characters is too long")
    try:
        return _ENVIRONMENT.from_string(source)
    except TemplateError as error:
        raise TemplateFault(str(error)) from error


def render(source: str, values: Mapping[str, object]) -> str:
    """The template's text. Raises TemplateFault."""
    template = _compiled(source)
    try:
        text = template.render(values).strip()
    except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateFault(str(error)) from error
    if len(text) > MAX_RESULT:
        raise TemplateFault("a template gave too much text")
    return text


def read_value(source: str | None, payload: str) -> str:
    """A state message through its value template (or none): text. Raises TemplateFault."""
    if not source:
        return payload
    values: dict[str, object] = {"value": payload}
    # not JSON: value_json stays undefined, which a template may test for
    with suppress(ValueError):
        values["value_json"] = json.loads(payload)
    return render(source, values)
