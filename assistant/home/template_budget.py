"""What one rendering of a template may spend: everything that walks or grows something pays for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from jinja2.utils import Namespace

BUDGET = 200_000
"""What one rendering may spend: 8 characters cost 1, an item of a list 4, one round of a loop 50."""
CHARACTERS_A_UNIT, ITEM_COST, ROUND_COST = 8, 4, 50
LARGEST_NUMBER = 10**30


class TemplateFault(ValueError):
    """A template that can't be used, or failed on this message."""


class _Budget:
    __slots__ = ("left", "now")

    def __init__(self, now: datetime) -> None:
        self.left = BUDGET
        self.now = now


_budget: ContextVar[_Budget] = ContextVar("template_budget")


def renew_budget(now: datetime | None = None) -> None:
    """A rendering begins, of a message that came `now`."""
    _budget.set(_Budget(now or datetime.now(UTC)))


def moment() -> datetime:
    """When the message came that is being rendered."""
    return _budget.get().now


def spend(units: int) -> None:
    """Pay for work. Raises TemplateFault when the budget is used up."""
    budget = _budget.get()
    budget.left -= units
    if budget.left < 0:
        raise TemplateFault("a template does too much")


def charge(value: Any) -> Any:
    """Pay for a value's outer size; what is walked later pays then."""
    if isinstance(value, str):
        spend(len(value) // CHARACTERS_A_UNIT)
    elif isinstance(value, Sized):
        spend(len(value) * ITEM_COST)
    elif isinstance(value, Iterator):
        return paid(value, ITEM_COST)
    elif isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise TemplateFault("a number is too large")
    return value


def weigh(value: Any) -> Any:
    """Pay for all that a value holds, as often as it holds it: `[a, a]` doubles without costing memory, but its text
    would not."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Namespace):
            # what it holds could not be paid for
            raise TemplateFault("a namespace is no value")
        if isinstance(item, str | list | tuple | dict):
            charge(item)
        if isinstance(item, dict):
            stack += item.keys()
            stack += item.values()
        elif isinstance(item, list | tuple):
            stack += item
    return value


def paid(items: Iterable[object], cost: int) -> Iterator[object]:
    """The items, each for its price."""
    for item in items:
        spend(cost)
        yield item


def charged(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, paying for what it takes and gives."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        weigh((*args, *kwargs.values()))
        return charge(function(*args, **kwargs))

    return call
