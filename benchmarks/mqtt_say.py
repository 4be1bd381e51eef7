"""What is said to the device of a sequence, as an action; rules in `mqtt_say.toml`.

The rows name no device ("turn on"), so this stands in for understanding: the product's sentences have a benchmark of
their own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.core.home import Action, Value
from assistant.home.known import Known


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences of this form, to a component of these kinds."""

    say: re.Pattern[str]
    of: tuple[str, ...]
    verb: str
    values: Mapping[str, Value]


def action_for(known: Known, say: str) -> Action | None:
    """What is asked of an entity; None when this is nothing one can ask of its kind."""
    for rule in _rules():
        match = rule.say.search(say.casefold().strip(" .!?")) if known.entity.domain in rule.of else None
        if match is not None:
            return Action(known.entity.id, _filled(rule.verb, match), dict(_values(rule.values, match)))
    return None


def _values(values: Mapping[str, Value], match: re.Match[str]) -> Iterator[tuple[str, Value]]:
    for name, value in values.items():
        if value == "$n":
            number = float(match["n"])
            yield name, int(number) if number == int(number) else number
        elif value != "$w":
            yield name, value
        elif match["w"]:
            yield name, match["w"]


def _filled(verb: str, match: re.Match[str]) -> str:
    return verb.replace("$w", match["w"]) if "$w" in verb else verb


@cache
def _rules() -> tuple[Rule, ...]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(re.compile(each["say"]), tuple(each["of"]), each["verb"], each.get("values", {})) for each in raw["rule"]
    )
