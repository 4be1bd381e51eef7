"""Filters, functions and tests that other people's templates may use, with Home Assistant's leniency."""

from __future__ import annotations

import base64
import json
import math
import re
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import ChainableUndefined
from jinja2.utils import Namespace

from assistant.home import template_regex, template_time
from assistant.home.template_budget import CHARACTERS_A_UNIT, ROUND_COST, TemplateFault, charge, paid, spend

_MISSING = object()
FINEST = 12
"""Digits that a number may be rounded to."""
LONGEST_RANGE = 10_000


def _is_defined(value: object, default: Any = _MISSING) -> object:
    if isinstance(value, ChainableUndefined):
        if default is not _MISSING:
            return default
        raise TemplateFault("a value is not defined")
    return value


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def replace(text: object, old: str, new: str, count: int = -1) -> str:
    """The text with `new` for `old`."""
    whole = str(text)
    grown = whole.count(old) * len(new) if old else len(whole) * (len(new) + 1)
    spend(grown // CHARACTERS_A_UNIT)
    return whole.replace(old, new, count)


_FORMAT = re.compile(r"%(?!%|[-+ #0]*\d{0,2}(?:\.\d{1,2})?[a-zA-Z])")


def formatted(pattern: object, *values: object) -> str:
    """Python's `%`, without the wide ones."""
    text = str(pattern)
    if _FORMAT.search(text.replace("%%", "")):
        raise TemplateFault("this format is not allowed here")
    return text % values


def _concat(parts: list[object]) -> str:
    texts = []
    for part in parts:
        texts.append(str(part))
        charge(texts[-1])
    return "".join(texts)


def _join(items: Iterable[object], separator: str = "", attribute: str | int | None = None) -> str:
    texts: list[str] = []
    for item in items:
        told = str(_attribute(item, attribute))
        spend((len(told) + len(str(separator))) // CHARACTERS_A_UNIT + 1)
        texts.append(told)
    return str(separator).join(texts)


def _attribute(item: Any, attribute: str | int | None) -> object:
    if attribute is None:
        return item
    return item.get(attribute, "") if isinstance(item, dict) else item[attribute]


def _walk(items: Iterable[object]) -> Iterator[object]:
    if isinstance(items, ChainableUndefined):
        return iter(())
    return paid(items, ROUND_COST)


def _to_json(value: object, ensure_ascii: bool = False, sort_keys: bool = False, **_: object) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, sort_keys=sort_keys, default=str)


def _slugify(text: object, separator: str = "_") -> str:
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", lambda _: separator[:1], plain).strip(separator[:1])


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def to_float(value: Any, default: Any = None) -> Any:
    """A number, or the default. Raises TemplateFault."""
    try:
        return float(value)
    except (TypeError, ValueError):
        if default is None:
            raise TemplateFault("a value is no number") from None
        return default


def to_int(value: Any, default: Any = None, base: int = 10) -> Any:
    """A whole number, or the default. Raises TemplateFault."""
    if isinstance(value, str) and base != 10:
        try:
            return int(value, base)
        except ValueError:
            value = None
    number = to_float(value, default)
    return int(number) if isinstance(number, float) and math.isfinite(number) else number


def to_bool(value: Any, default: Any = None) -> Any:
    """What people mean by a word."""
    told = str(value).strip().casefold()
    if default is not None and told not in {"true", "on", "yes", "1", "enable", "false", "off", "no", "0", "disable"}:
        return default
    return told in {"true", "on", "yes", "1", "enable"}


def _round(value: Any, precision: int = 0, method: str = "common", default: Any = None) -> Any:
    number = to_float(value, default)
    if not isinstance(number, float) or not math.isfinite(number):
        return number
    digits = max(-FINEST, min(FINEST, int(precision)))
    factor = 10.0**digits
    match method:
        case "ceil":
            number = math.ceil(number * factor) / factor
        case "floor":
            number = math.floor(number * factor) / factor
        case "half":
            number = round(number * 2) / 2
        case _:
            number = round(number, digits)
    return int(number) if digits == 0 and method != "half" else number


def _reckon(work: Callable[[float, float], float]) -> Callable[..., Any]:
    def filtered(value: Any, other: Any, default: Any = None) -> Any:
        number = to_float(value, default)
        return work(number, to_float(other)) if isinstance(number, float) else number

    return filtered


def _function(work: Callable[[float], float]) -> Callable[..., Any]:
    def filtered(value: Any, default: Any = None) -> Any:
        number = to_float(value, default)
        return work(number) if isinstance(number, float) else number

    return filtered


def is_number(value: Any) -> bool:
    """True for a finite number, also one written as text."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _range(*bounds: int) -> list[int]:
    numbers = range(*(int(bound) for bound in bounds))
    if len(numbers) > LONGEST_RANGE:
        raise TemplateFault("a range is too long")
    return list(numbers)


def _iif(value: Any, yes: Any = True, no: Any = False, unknown: Any = _MISSING) -> Any:
    if value is None and unknown is not _MISSING:
        return unknown
    return yes if value else no


def _mean(*values: Any) -> float:
    numbers = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
    return statistics.fmean(float(each) for each in numbers)


def _contains(items: Any, item: Any) -> bool:
    return item in items


def _zip(*lists: Any) -> list[tuple[Any, ...]]:
    return list(zip(*lists, strict=False))


def _namespace(*args: Any, **kwargs: Any) -> Namespace:
    return Namespace(*args, **kwargs)


class _Dicts:
    """`dict(…)` and `dict.from_keys(pairs)`."""

    def __call__(self, pairs: Any = (), **named: Any) -> dict[Any, Any]:
        return dict(pairs, **named)


def from_keys(pairs: Any) -> dict[Any, Any]:
    """A dictionary of pairs."""
    return dict(pairs)


DICTS = _Dicts()
DICTS.from_keys = from_keys  # type: ignore[attr-defined]  # as a plain function it can be told from others
"""What templates call `dict`."""

FILTERS: dict[str, Callable[..., Any]] = {
    **template_time.FILTERS,
    "is_defined": _is_defined,
    "multiply": _reckon(lambda value, other: value * other),
    "add": _reckon(lambda value, other: value + other),
    "bitwise_and": lambda value, other: int(value) & int(other),
    "bitwise_or": lambda value, other: int(value) | int(other),
    "bitwise_xor": lambda value, other: int(value) ^ int(other),
    "sqrt": _function(math.sqrt),
    "log": lambda value, base=math.e, default=None: math.log(to_float(value, default), base),
    "average": _mean,
    "round": _round,
    "ord": ord,
    "ordinal": lambda value: f"{value}{_ordinal(int(value))}",
    "to_json": _to_json,
    "tojson": _to_json,
    "from_json": json.loads,
    "base64_encode": lambda value: base64.b64encode(str(value).encode()).decode(),
    "base64_decode": lambda value: base64.b64decode(str(value)).decode("utf-8", "replace"),
    "slugify": _slugify,
    "contains": _contains,
    "regex_match": template_regex.matches,
    "regex_search": template_regex.found,
    "regex_replace": template_regex.replaced,
    "regex_findall": template_regex.all_found,
    "regex_findall_index": template_regex.nth_found,
    "is_number": is_number,
    "join": _join,
    "replace": replace,
    "format": formatted,
    "bool": to_bool,
    "iif": _iif,
    "float": to_float,
    "int": to_int,
    "_concat": _concat,
    "_walk": _walk,
    "_weigh": lambda value: value,
}


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


STOCK_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "items", "last", "length", "list", "lower",
    "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "string", "sum", "title",
    "trim", "truncate", "unique", "upper",
)  # fmt: skip
FUNCTIONS: dict[str, Any] = {
    **template_time.FUNCTIONS,
    "float": to_float,
    "int": to_int,
    "bool": to_bool,
    "iif": _iif,
    "is_number": is_number,
    "min": min,
    "max": max,
    "average": _mean,
    "sqrt": FILTERS["sqrt"],
    "range": _range,
    "zip": _zip,
    "namespace": _namespace,
    "slugify": _slugify,
    "dict": DICTS,
    "pi": math.pi,
    "e": math.e,
}
CALLABLE = frozenset(id(each) for each in (*FUNCTIONS.values(), from_keys) if callable(each))
"""Functions that a template may call, by identity."""
TESTS: dict[str, Callable[..., bool]] = {
    "is_number": is_number,
    "match": template_regex.matches,
    "search": template_regex.found,
    "contains": _contains,
    "list": lambda value: isinstance(value, list),
}
METHODS = frozenset(
    [
        "get", "items", "keys", "values", "lower", "upper", "title", "capitalize", "strip", "lstrip", "rstrip", "split",
        "startswith", "endswith", "find", "index", "count", "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum",
        "islower", "isupper", "removeprefix", "removesuffix", "replace", "rsplit", "splitlines", "swapcase",
    ]
)  # fmt: skip
"""Methods of texts, lists and dictionaries that neither change nor blow up anything."""
