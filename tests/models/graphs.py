"""Small graphs of sounds and words, and what they say, found by walking them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.models.ngram import Ngram, write_ngram
from assistant.models.openfst import ARC, STATE, Lookahead, Symbols, write_lookahead

WORDS = ("등", "불", "거실", "주방", "헬륨", "켜줘")
"""Their labels are 1 to 6; label 7 stands for the end, 8 for the beginning of a sentence."""
END_LABEL, BEGIN_LABEL = 7, 8
_COSTS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


def graph_of(states: int, arcs: Sequence[tuple[int, int, int, int]], finals: Sequence[int]) -> Lookahead:
    """Arcs are (from, sound, label, to); state 0 begins."""
    ordered = sorted(arcs, key=lambda arc: (arc[0], arc[2]))
    rows = np.zeros(len(ordered), ARC)
    rows["input"] = [arc[1] for arc in ordered]
    rows["output"] = [arc[2] for arc in ordered]
    rows["next"] = [arc[3] for arc in ordered]
    rows["weight"] = [arc[1] / 8 for arc in ordered]
    table = np.zeros(states, STATE)
    table["final"] = [0.5 if state in finals else np.inf for state in range(states)]
    for state in range(states):
        own = [arc for arc in ordered if arc[0] == state]
        table[state]["first"] = sum(arc[0] < state for arc in ordered)
        table[state]["arcs"] = len(own)
        table[state]["no_input"] = sum(arc[1] == 0 for arc in own)
        table[state]["no_output"] = sum(arc[2] == 0 for arc in own)
    reach: list[int] = []
    for state in range(states):
        labels = sorted(next_labels(ordered, finals, state))
        spans = intervals(labels)
        reach += [len(spans), 0, *(edge for span in spans for edge in span), len(labels)]
    return Lookahead(0, 0, table, rows, END_LABEL, np.array(reach, np.int32))


def next_labels(arcs: Sequence[tuple[int, int, int, int]], finals: Sequence[int], state: int) -> set[int]:
    """The labels that can come next after a state, the end's among them."""
    found: set[int] = set()
    seen, waiting = {state}, [state]
    while waiting:
        now = waiting.pop()
        found |= {END_LABEL} if now in finals else set()
        for begin, _, label, target in arcs:
            if begin == now and label:
                found.add(label)
            elif begin == now and target not in seen:
                seen.add(target)
                waiting.append(target)
    return found


def intervals(labels: Sequence[int]) -> list[tuple[int, int]]:
    """Sorted labels as half-open intervals."""
    if not labels:
        return []
    breaks = [place for place, (one, other) in enumerate(pairwise(labels), 1) if other != one + 1]
    edges = [0, *breaks, len(labels)]
    return [(labels[first], labels[last - 1] + 1) for first, last in pairwise(edges)]


def rows_of(graph: Lookahead) -> list[tuple[int, int, int, int]]:
    """The arcs as graph_of takes them."""
    return [
        (state, int(arc["input"]), int(arc["output"]), int(arc["next"]))
        for state, row in enumerate(graph.states)
        for arc in graph.arcs[int(row["first"]) : int(row["first"]) + int(row["arcs"])]
    ]


def finals_of(graph: Lookahead) -> list[int]:
    """The states a sentence may end in."""
    return np.flatnonzero(np.isfinite(graph.states["final"])).tolist()


def ways(graph: Lookahead, limit: int = 8) -> set[tuple[tuple[int, int], ...]]:
    """All ways of at most `limit` arcs from the start to an end, as sounds and labels."""
    arcs, finals = rows_of(graph), set(finals_of(graph))

    def go(state: int, way: tuple[tuple[int, int], ...]) -> Iterator[tuple[tuple[int, int], ...]]:
        if state in finals:
            yield way
        if len(way) < limit:
            for begin, sound, label, target in arcs:
                if begin == state:
                    yield from go(target, (*way, (sound, label)))

    return set(go(graph.start, ()))


def small_graph() -> Lookahead:
    """Each word has two sounds of its own and may be followed by any other."""
    words = range(1, len(WORDS) + 1)
    return graph_of(
        len(WORDS) + 1,
        [(0, 10 * word, word, word) for word in words] + [(word, 10 * word + 1, 0, 0) for word in words],
        [0],
    )


def small_ngram() -> Ngram:
    """The words; after 거실 come 등 and 불, after 헬륨 comes 등; after 거실 불, 헬륨 불 and 거실 헬륨 comes 켜줘."""
    symbols = {0: b"<eps>", BEGIN_LABEL: b"<s>"} | {label: word.encode() for label, word in enumerate(WORDS, 1)}
    # contexts, level by level: (), (<s>), (불), (거실), (헬륨), then (거실 불), (헬륨 불), (거실 헬륨)
    return Ngram(
        properties=0,
        start=1,
        symbols=Symbols(b"words", symbols),
        children=np.array([4, 0, 2, 0, 1, 0, 0, 0], np.int32),
        followers=np.array([6, 0, 0, 2, 1, 1, 1, 1], np.int32),
        can_end=np.array([True, False, True, False, False, True, True, False]),
        context_words=np.array([-1, 0, 2, 3, 5, 3, 5, 3], np.int32),
        next_words=np.array([1, 2, 3, 4, 5, 6, 1, 2, 1, 6, 6, 6], np.int32),
        backoff=np.array([np.inf, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], np.float32),
        end_costs=np.array([9.0, 8.0, 7.0, 6.0], np.float32),
        next_costs=np.array([*_COSTS, 0.7, 0.8, 0.9, 0.3, 0.2, 0.1], np.float32),
    )


Context = tuple[str, ...]


def contexts_of(ngram: Ngram) -> list[Context]:
    """Of each state: the words before, oldest first."""
    found: list[Context] = [()]
    words = ngram.symbols.words
    parents = np.repeat(np.arange(len(ngram.children)), ngram.children).tolist()
    for state, parent in enumerate(parents, 1):
        found.append((words[int(ngram.context_words[state])].decode(), *found[parent]))
    return found


def costs_of(ngram: Ngram) -> dict[tuple[Context, str], float]:
    """What each listed word costs after each context; `backoff` and `end` are told the same way."""
    costs: dict[tuple[Context, str], float] = {}
    place = end = 0
    for state, context in enumerate(contexts_of(ngram)):
        costs[context, "backoff"] = float(ngram.backoff[state])
        if ngram.can_end[state]:
            costs[context, "end"] = float(ngram.end_costs[end])
            end += 1
        for _ in range(int(ngram.followers[state])):
            word = ngram.symbols.words[int(ngram.next_words[place])].decode()
            costs[context, word] = float(ngram.next_costs[place])
            place += 1
    return costs


def model_files(folder: Path) -> dict[str, bytes]:
    """A model of these graphs, written to `folder`: path → content."""
    (folder / "graph").mkdir(parents=True)
    write_ngram(folder / "graph/Gr.fst", small_ngram())
    write_lookahead(folder / "graph/HCLr.fst", small_graph())
    (folder / "README").write_text("a model", encoding="utf-8")
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
