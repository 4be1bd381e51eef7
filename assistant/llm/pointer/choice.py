"""From the encoder's scores to calls: only what is offered, only arguments that go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.llm.pointer.goals import Pointed, Signature, goal_points
from assistant.llm.pointer.shape import CALLS

MAX_SPAN = 14
"""Words of one value."""
_TRIED = 6
"""Of so many likeliest classes the arguments are weighed."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Natural log-probabilities of one layout."""

    classes: Any
    """[CALLS, classes]; class 0 is no call."""
    heads: Mapping[str, Any]
    """Head → [CALLS, 1 + what it may point at], none first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be called: a class, its tool's signature, and the things that it may name (counted from 0)."""

    at: int
    """Its place among the classes."""
    name: str
    signature: Signature
    things: frozenset[int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The likeliest calls, and how sure they are."""

    calls: tuple[Pointed, ...]
    margin: float
    """Log-probability of the first call against none."""
    weakest: float
    """Of the least sure of all choices."""


@dataclass(frozen=True, slots=True)
class _Way:
    points: Mapping[str, tuple[int, ...]]
    steps: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.steps)


def choose(scores: Scores, offers: Sequence[Offer]) -> Chosen:
    """The likeliest calls among those offered."""
    calls: list[Pointed] = []
    margin, weakest = 0.0, 0.0
    for call in range(CALLS):
        none, ways = _classes(scores, offers, call)
        best = max(((name, way) for name, way in ways), key=lambda each: each[1].total, default=None)
        if best is None or best[1].total <= none:
            weakest = min(weakest, none)
            break
        name, way = best
        calls.append(Pointed(name, way.points))
        weakest = min(weakest, *way.steps)
        if call == 0:
            margin = way.total - none
    return Chosen(tuple(calls), margin, weakest)


def weigh(scores: Scores, offers: Sequence[Offer], calls: Sequence[Pointed]) -> float:
    """The log-probability of these calls and no further one."""
    total = 0.0
    for call in range(CALLS):
        allowed = [0, *(offer.at for offer in offers)]
        norm = _sum(scores.classes[call, allowed])
        if call >= len(calls):
            return total + float(scores.classes[call, 0]) - norm
        offer = next(each for each in offers if each.name == calls[call].name)
        total += float(scores.classes[call, offer.at]) - norm
        for head, at in goal_points(calls[call], offer.signature).items():
            total += float(scores.heads[head][call, at])
    return total


def _classes(scores: Scores, offers: Sequence[Offer], call: int) -> tuple[float, list[tuple[str, _Way]]]:
    """No call's log-probability among what is offered, and the best way of each of the likeliest classes."""
    allowed = [0, *(offer.at for offer in offers)]
    norm = _sum(scores.classes[call, allowed])
    likely = sorted(offers, key=lambda offer: -float(scores.classes[call, offer.at]))[:_TRIED]
    found: list[tuple[str, _Way]] = []
    for offer in likely:
        own = float(scores.classes[call, offer.at]) - norm
        ways = [_way(scores, offer, form, own, call) for form in offer.signature.forms]
        whole = [way for way in ways if way is not None]
        if whole:
            found.append((offer.name, max(whole, key=lambda way: way.total)))
    return float(scores.classes[call, 0]) - norm, found


def _way(scores: Scores, offer: Offer, form: Sequence[tuple[str, bool]], own: float, call: int) -> _Way | None:
    """The best arguments of one form; None where one that must be there can't be."""
    signature = offer.signature
    wanted = dict(form)
    has_choice = any(name in signature.chosen for name in wanted)
    if has_choice is not ("=" in offer.name):
        return None
    points: dict[str, tuple[int, ...]] = {}
    steps = [own]
    for argument, head in signature.heads.items():
        best = _best(scores, offer, argument, head, call) if argument in wanted else None
        none = _none(scores, head, call)
        if best is not None and (wanted[argument] or best[0] > none):
            points[argument] = best[1]
            steps.append(best[0])
        elif wanted.get(argument):
            return None
        else:
            steps.append(none)
    return _Way(points, tuple(steps))


def _none(scores: Scores, head: str, call: int) -> float:
    none = float(scores.heads[head][call, 0])
    return none + float(scores.heads[head.replace("start", "end")][call, 0]) if head.startswith("start") else none


def _best(scores: Scores, offer: Offer, argument: str, head: str, call: int) -> tuple[float, tuple[int, ...]] | None:
    row = scores.heads[head][call]
    if argument in offer.signature.spans:
        return _best_stretch(row, scores.heads[head.replace("start", "end")][call])
    may = offer.things if argument in offer.signature.named else range(len(row) - 1)
    return max(((float(row[at + 1]), (at,)) for at in may if at + 1 < len(row)), default=None)


def _best_stretch(starts: Any, ends: Any) -> tuple[float, tuple[int, int]] | None:
    return max(((float(starts[a] + ends[b]), (a - 1, b - 1)) for a, b in _stretches(len(starts))), default=None)


def _stretches(many: int) -> Iterator[tuple[int, int]]:
    for start in range(1, many):
        for end in range(start, min(many, start + MAX_SPAN)):
            yield start, end


def _sum(values: Any) -> float:
    """Log of the sum of exponentials."""
    most = float(np.max(values))
    return most + float(np.log(np.sum(np.exp(values - most))))
