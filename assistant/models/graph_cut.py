"""Leaves output labels out of a graph of sounds, with all that only they led to."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.models.openfst import ARC, STATE, Flags, Ints, Lookahead, Rows, reach_places

_Places = npt.NDArray[Any]
"""Indices of any width."""


def without_labels(graph: Lookahead, kept: Flags, new_labels: Ints) -> Lookahead:
    """The same graph of the kept labels alone.

    `new_labels[x]` is how many labels below x are kept: the new number of a kept one, and order stays.
    """
    stays, arcs = _reachable(graph, kept)
    new_states = (np.cumsum(stays) - 1).astype(np.int32)
    owners = new_states[_owners(graph)[arcs]]
    cut = np.empty(len(arcs), ARC)
    for name in ("input", "weight"):
        cut[name] = graph.arcs[name][arcs]
    cut["output"] = new_labels[graph.arcs["output"][arcs]]
    cut["next"] = new_states[graph.arcs["next"][arcs]]
    return Lookahead(
        properties=graph.properties,
        start=int(new_states[graph.start]),
        states=_states(graph.states["final"][stays], cut, owners),
        arcs=cut,
        end_label=int(new_labels[graph.end_label]),
        reach=_cut_reach(graph.reach, stays, new_labels),
    )


def _owners(graph: Lookahead) -> Ints:
    return np.repeat(np.arange(len(graph.states), dtype=np.int32), graph.states["arcs"])


def _reachable(graph: Lookahead, kept: Flags) -> tuple[Flags, _Places]:
    """The states on a way from the start to an end over kept labels, and the arcs between them."""
    usable = kept[graph.arcs["output"]]
    forth = _follow(np.array([graph.start]), graph.states["first"], graph.states["arcs"], graph.arcs["next"], usable)
    owners = _owners(graph)
    arcs = np.flatnonzero(usable & forth[owners])
    sources, targets = owners[arcs], graph.arcs["next"][arcs]
    counts = np.bincount(targets, minlength=len(forth))
    ends = np.flatnonzero(forth & np.isfinite(graph.states["final"]))
    stays = _follow(ends, np.cumsum(counts) - counts, counts, sources[np.argsort(targets, kind="stable")], None)
    return stays, arcs[stays[sources] & stays[targets]]


def _follow(begin: _Places, first: _Places, counts: _Places, targets: Ints, usable: Flags | None) -> Flags:
    """All states that can be reached; state s has the arcs first[s] to first[s] + counts[s]."""
    seen = np.zeros(len(counts), np.bool_)
    newest = begin
    while len(newest):
        seen[newest] = True
        arcs = _spans(first[newest], counts[newest])
        if usable is not None:
            arcs = arcs[usable[arcs]]
        reached = targets[arcs]
        newest = np.unique(reached[~seen[reached]])
    return seen


def _spans(first: _Places, counts: _Places) -> _Places:
    """first[0], first[0] + 1, … counts[0] of them, then those of first[1]."""
    counts = counts.astype(np.int64)
    return np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


def _states(final: npt.NDArray[np.float32], arcs: Rows, owners: Ints) -> Rows:
    states = np.empty(len(final), STATE)
    states["final"] = final
    states["arcs"] = np.bincount(owners, minlength=len(final))
    states["first"] = np.cumsum(states["arcs"], dtype=np.int64) - states["arcs"]
    states["no_input"] = np.bincount(owners[arcs["input"] == 0], minlength=len(final))
    states["no_output"] = np.bincount(owners[arcs["output"] == 0], minlength=len(final))
    return states


def _cut_reach(reach: Ints, stays: Flags, new_labels: Ints) -> Ints:
    """The intervals of the staying states in new labels: empty ones gone, touching ones joined."""
    places = reach_places(reach, stays)
    counts = reach[places]
    begins = _spans(places + 2, 2 * counts)[::2]
    owners = np.repeat(np.arange(len(places), dtype=np.int32), counts)
    begin, end = new_labels[reach[begins]], new_labels[reach[begins + 1]]
    holds_any = end > begin
    owners, begin, end = owners[holds_any], begin[holds_any], end[holds_any]
    goes_on = np.zeros(len(owners), np.bool_)
    goes_on[1:] = (owners[1:] == owners[:-1]) & (begin[1:] == end[:-1])
    is_last = ~np.append(goes_on[1:], False)
    return _packed_reach(owners[~goes_on], begin[~goes_on], end[is_last], len(places))


def _packed_reach(owners: Ints, begin: Ints, end: Ints, states: int) -> Ints:
    counts = np.bincount(owners, minlength=states)
    sizes = 3 + 2 * counts
    places = np.cumsum(sizes) - sizes
    packed = np.empty(int(sizes.sum()), np.int32)
    begins = _spans(places + 2, 2 * counts)[::2]
    packed[places], packed[places + 1] = counts, 0
    packed[begins], packed[begins + 1] = begin, end
    packed[places + sizes - 1] = np.bincount(owners, weights=end - begin, minlength=states)
    return packed
