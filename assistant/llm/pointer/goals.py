"""Calls as classes and pointers: how an answer of the planner is taken apart for the encoder, and put together again.

A class is a tool with those of its arguments that are neither named nor said: "turn_on|kind=fans"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.llm.pointer.shape import NAMED, PLACED, SPANS


@dataclass(frozen=True, slots=True)
class Signature:
    """The arguments of one tool by how they are chosen, each in the order of the tool; a head serves each."""

    tool: str
    named: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    """Choices: part of the class."""
    forms: tuple[tuple[tuple[str, bool], ...], ...] = ((),)
    """Arguments that go together, and whether each must be there."""

    @property
    def heads(self) -> dict[str, str]:
        """Argument → head."""
        return {
            **{name: f"named{at}" for at, name in enumerate(self.named[:NAMED])},
            **{name: f"placed{at}" for at, name in enumerate(self.placed[:PLACED])},
            **{name: f"start{at}" for at, name in enumerate(self.spans[:SPANS])},
        }


@dataclass(frozen=True, slots=True)
class Pointed:
    """One call: its class, and argument → what it points at: a place in a list, or the first and last word."""

    name: str
    points: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Counted from 0."""


def class_name(tool: str, choices: Mapping[str, str]) -> str:
    """The class of a call with these choices."""
    return "|".join((tool, *(f"{name}={words}" for name, words in sorted(choices.items()))))


def goal_points(pointed: Pointed, signature: Signature) -> dict[str, int]:
    """Head → place from 1, 0 where an argument is not there; only the heads that the tool has a use for."""
    goals: dict[str, int] = {}
    for argument, head in signature.heads.items():
        point = pointed.points.get(argument)
        if argument in signature.spans:
            last = head.replace("start", "end")
            goals[head], goals[last] = (0, 0) if point is None else (point[0] + 1, point[1] + 1)
        else:
            goals[head] = 0 if point is None else point[0] + 1
    return goals


def stretch_of(words: str, said: Sequence[str]) -> tuple[int, int] | None:
    """First and last word of where these words stand; None where they don't."""
    wanted = words.split()
    for start in range(len(said) - len(wanted) + 1):
        if list(said[start : start + len(wanted)]) == wanted:
            return start, start + len(wanted) - 1
    return None
