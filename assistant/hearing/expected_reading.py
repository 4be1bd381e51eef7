"""Moonshine reading under a grammar: a small beam whose every step stays inside the expected sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.hearing.moonshine_model import END, Encoded, MoonshineModel, Step
from assistant.hearing.phrase_trie import Node, PhraseTrie

BEAM = 4
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Expected:
    """The likeliest expected sentence, and the log probability of its tokens, end included."""

    sentence: str
    log_prob: float
    length: int


@dataclass(frozen=True, slots=True)
class _Path:
    """One hypothesis: where it stands in the sentences, and its row in the decoder's last step."""

    log_prob: float
    node: Node
    row: int
    token: int


def read_expected(
    model: MoonshineModel, encoded: Encoded, first: Step, trie: PhraseTrie, floor: float
) -> Expected | None:
    """The best expected sentence; None when none is likelier than `floor` (a log probability)."""
    step = first
    paths = [_Path(0.0, trie.root, 0, 0)]
    best: Expected | None = None
    for length in range(1, _LONGEST):
        best = _ended(paths, step, best, length, floor)
        lowest = max(floor, best.log_prob) if best else floor
        paths = _grow(paths, step, trie, lowest)
        if not paths:
            break
        tokens = np.array([path.token for path in paths], np.int64)
        step = model.advance(encoded, step, tokens, np.array([path.row for path in paths], np.int64))
        paths = [_Path(path.log_prob, path.node, row, path.token) for row, path in enumerate(paths)]
    return best


def _ended(paths: list[_Path], step: Step, best: Expected | None, length: int, floor: float) -> Expected | None:
    """The best of the sentences that are complete here."""
    for path in paths:
        if path.node.sentence is None:
            continue
        log_prob = path.log_prob + float(step.log_probs[path.row, END])
        if log_prob > (best.log_prob if best else floor):
            best = Expected(path.node.sentence, log_prob, length)
    return best


def _grow(paths: list[_Path], step: Step, trie: PhraseTrie, lowest: float) -> list[_Path]:
    """The BEAM best paths that are one token longer."""
    grown: list[_Path] = []
    for path in paths:
        ways = trie.ways(path.node)
        scores = step.log_probs[path.row, ways.tokens] + path.log_prob
        grown.extend(
            _Path(float(scores[place]), ways.nodes[place], path.row, int(ways.tokens[place]))
            for place in np.argsort(-scores)[:BEAM]
            if scores[place] > lowest
        )
    return sorted(grown, key=lambda path: -path.log_prob)[:BEAM]
