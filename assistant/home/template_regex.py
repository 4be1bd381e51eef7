"""Regular expressions out of other people's templates: only those that can't run away.

Python's matcher tries one way after another, and a pattern such as `(a+)+$` has more ways than there is time. So the
ways that a pattern has are counted before it runs, and paid for."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # the parser of patterns has no public name
from re import _parser  # type: ignore[attr-defined]  # the same
from typing import Any

from assistant.home.template_budget import TemplateFault, spend

MAX_PATTERN = 1_000
"""Characters of a pattern."""
WAYS_A_UNIT = 20
TOO_MANY = 10**9
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})
_ZERO_WIDTH = frozenset({op.AT, op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.CATEGORY, op.RANGE, op.FAILURE})


def matches(value: object, find: str = "", ignorecase: bool = False) -> bool:
    """True if the text begins so."""
    return _pattern(value, find, ignorecase).match(str(value)) is not None


def found(value: object, find: str = "", ignorecase: bool = False) -> bool:
    """True if the text has it anywhere."""
    return _pattern(value, find, ignorecase).search(str(value)) is not None


def replaced(value: object, find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """The text with something else in its place."""
    pattern, text = _pattern(value, find, ignorecase), str(value)
    # a reference to a group may give the whole text again each time
    spend((len(text) + 1) * (len(replace) + 1 + replace.count("\\") * len(text)) // 8)
    return pattern.sub(replace, text)


def all_found(value: object, find: str = "", ignorecase: bool = False) -> list[Any]:
    """All that fits, or their groups."""
    return _pattern(value, find, ignorecase).findall(str(value))


def nth_found(value: object, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    """One of all that fits. Raises IndexError."""
    return all_found(value, find, ignorecase)[index]


def _pattern(value: object, find: str, ignorecase: bool) -> re.Pattern[str]:
    if len(find) > MAX_PATTERN:
        raise TemplateFault("a pattern is too long")
    size = len(str(value)) + 1
    spend(min(TOO_MANY, _ways_of(find, size) * size // WAYS_A_UNIT))
    return _compiled(find, re.IGNORECASE if ignorecase else 0)


@lru_cache(maxsize=256)
def _compiled(find: str, flags: int) -> re.Pattern[str]:
    try:
        return re.compile(find, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise TemplateFault("a pattern can't be compiled") from error


@lru_cache(maxsize=1024)
def _ways_of(find: str, size: int) -> int:
    try:
        return _ways(_parser.parse(find), size)
    except (re.error, OverflowError, RecursionError) as error:
        raise TemplateFault("a pattern can't be compiled") from error


def _ways(parts: Any, size: int) -> int:
    """In how many ways a pattern may be laid on a text of that size, at most."""
    ways = 1
    for name, given in parts:
        ways = min(TOO_MANY, ways * _ways_of_part(name, given, size))
    return ways


def _ways_of_part(name: Any, given: Any, size: int) -> int:
    if name in _REPEATS:
        low, high, inner = given
        return _ways_of_repeat(min(low, size), min(high, size), _ways(inner, size))
    if name is op.BRANCH:
        return sum(_ways(branch, size) for branch in given[1])
    if name is op.SUBPATTERN:
        return _ways(given[3], size)
    if name in {op.ASSERT, op.ASSERT_NOT}:
        return _ways(given[1], size)
    if name is op.ATOMIC_GROUP:
        return _ways(given, size)
    if name in _ZERO_WIDTH or name is op.GROUPREF:
        return 1
    return TOO_MANY


def _ways_of_repeat(low: int, high: int, inner: int) -> int:
    if inner == 1:
        return high - low + 1
    # one way out of all for each round
    return TOO_MANY if high * inner.bit_length() > 30 else int((high - low + 1) * inner**high)
