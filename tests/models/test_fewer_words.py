"""A model is cut to fewer words: what is kept says what it said, nothing else is left, and damage is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import ModelDamaged
from assistant.models import load_catalogue
from assistant.models.checksum import first_wrong_sum
from assistant.models.fewer_words import make_fewer_words
from assistant.models.graph_cut import without_labels
from assistant.models.ngram import read_ngram
from assistant.models.openfst import Flags, Ints, Lookahead, reach_places, read_lookahead
from tests.hearing.weights import weights
from tests.models.graphs import (
    BEGIN_LABEL,
    END_LABEL,
    WORDS,
    costs_of,
    finals_of,
    graph_of,
    model_files,
    next_labels,
    rows_of,
    small_graph,
    small_ngram,
    ways,
)


def cut(tmp_path: Path, words: int, also: str = "-") -> Path:
    """The small model, cut."""
    model_files(tmp_path / "large")
    steps: list[tuple[int, int]] = []
    make_fewer_words(
        tmp_path / "large", tmp_path / "small", words=words, also=also, progress=lambda *step: steps.append(step)
    )
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    return tmp_path / "small"


def kept_words(model: Path) -> list[str]:
    words = read_ngram(model / "graph/Gr.fst").symbols.words
    return [words[label].decode() for label in sorted(words)]


def test_a_model_that_keeps_all_its_words_stays_as_it_was(tmp_path: Path) -> None:
    model = cut(tmp_path, len(WORDS))
    for file in ("graph/Gr.fst", "graph/HCLr.fst", "README"):
        assert (model / file).read_bytes() == (tmp_path / "large" / file).read_bytes()


def test_the_most_frequent_words_are_kept_and_rare_ones_that_match_whole(tmp_path: Path) -> None:
    assert kept_words(cut(tmp_path, 3, "켜.|헬")) == ["<eps>", "등", "불", "거실", "켜줘", "<s>"]


def test_kept_words_cost_what_they_did_and_no_context_has_another_word(tmp_path: Path) -> None:
    model = cut(tmp_path, 4, "켜줘")
    before = costs_of(small_ngram())
    gone = {"헬륨"}
    expected = {at: cost for at, cost in before.items() if not gone & {*at[0], at[1]}}
    assert (("거실", "불"), "켜줘") in expected
    assert costs_of(read_ngram(model / "graph/Gr.fst")) == expected
    assert read_ngram(model / "graph/Gr.fst").start == 1


def test_sounds_and_words_agree_on_the_new_labels(tmp_path: Path) -> None:
    model = cut(tmp_path, 2, "켜줘")
    labels = {word: label for label, word in read_ngram(model / "graph/Gr.fst").symbols.words.items()}
    said = {way[0] for way in ways(read_lookahead(model / "graph/HCLr.fst"), 2) if way}
    # the first sound of a word is ten times its label in the large model
    assert said == {(10, labels["등".encode()]), (20, labels["불".encode()]), (60, labels["켜줘".encode()])}


def numbers(kept: Flags) -> Ints:
    return (np.cumsum(kept) - kept).astype(np.int32)


@st.composite
def graphs(draw: st.DrawFn) -> Lookahead:
    """Any graph of up to six states whose start can end."""
    states = draw(st.integers(1, 6))
    state = st.integers(0, states - 1)
    arcs = draw(st.sets(st.tuples(state, st.integers(0, 3), st.integers(0, len(WORDS)), state), max_size=8))
    return graph_of(states, sorted(arcs), [0, *draw(st.lists(state, max_size=2))])


def follow(begin: set[int], arcs: list[tuple[int, int]]) -> set[int]:
    """All states that can be reached."""
    seen = set(begin)
    while newest := {target for source, target in arcs if source in seen} - seen:
        seen |= newest
    return seen


@settings(max_examples=40)
@given(graphs(), st.sets(st.integers(1, len(WORDS))))
def test_a_cut_graph_has_exactly_the_ways_of_kept_words(graph: Lookahead, labels: set[int]) -> None:
    kept = np.array([label in labels or label in (0, END_LABEL, BEGIN_LABEL) for label in range(BEGIN_LABEL + 2)])
    new = numbers(kept)
    small = without_labels(graph, kept, new)
    expected = {
        tuple((sound, int(new[label])) for sound, label in way)
        for way in ways(graph, 4)
        if all(kept[label] for _, label in way)
    }
    assert ways(small, 4) == expected
    everything = set(range(len(small.states)))
    arcs = [(begin, target) for begin, *_, target in rows_of(small)]
    assert follow({small.start}, arcs) == everything, "no state is left that nothing leads to"
    assert follow(set(finals_of(small)), [(target, begin) for begin, target in arcs]) == everything, "nor a dead end"


@settings(max_examples=40)
@given(graphs(), st.sets(st.integers(1, len(WORDS))))
def test_look_ahead_promises_each_label_that_can_come_and_only_kept_ones(graph: Lookahead, labels: set[int]) -> None:
    kept = np.array([label in labels or label in (0, END_LABEL, BEGIN_LABEL) for label in range(BEGIN_LABEL + 2)])
    small = without_labels(graph, kept, numbers(kept))
    places = reach_places(small.reach, np.ones(len(small.states), np.bool_))
    for state, place in enumerate(places.tolist()):
        count = int(small.reach[place])
        edges = small.reach[place + 2 : place + 2 + 2 * count].tolist()
        assert edges == sorted(set(edges)), "intervals don't touch"
        promised = {label for begin, end in zip(edges[::2], edges[1::2], strict=True) for label in range(begin, end)}
        coming = next_labels(rows_of(small), finals_of(small), state)
        if END_LABEL in coming:
            coming = coming - {END_LABEL} | {small.end_label}
        assert coming <= promised <= set(range(1, int(kept.sum())))
        assert len(promised) == small.reach[place + 2 + 2 * count]


@pytest.mark.parametrize("file", ["graph/Gr.fst", "graph/HCLr.fst"])
@pytest.mark.parametrize("length", [0, 3, 30, 80, 150, 260])
def test_a_file_that_ends_too_early_is_told_as_damaged(tmp_path: Path, file: str, length: int) -> None:
    model_files(tmp_path)
    damaged = tmp_path / file
    damaged.write_bytes(damaged.read_bytes()[:length])
    with pytest.raises(ModelDamaged, match="no graph of the kind expected"):
        (read_ngram if file.endswith("Gr.fst") else read_lookahead)(damaged)


def test_a_graph_of_another_kind_is_told(tmp_path: Path) -> None:
    model_files(tmp_path)
    with pytest.raises(ModelDamaged) as caught:
        read_ngram(tmp_path / "graph/HCLr.fst")
    assert "olabel_lookahead" in caught.value.why


def test_the_small_graph_is_read_as_it_was_written(tmp_path: Path) -> None:
    model_files(tmp_path)
    read, made = read_lookahead(tmp_path / "graph/HCLr.fst"), small_graph()
    assert (read.arcs == made.arcs).all()
    assert (read.states == made.states).all()
    assert (read.reach == made.reach).all()
    assert costs_of(read_ngram(tmp_path / "graph/Gr.fst")) == costs_of(small_ngram())


@pytest.mark.models
@pytest.mark.slow
def test_the_shipped_korean_model_comes_out_as_the_catalogue_lists_it(tmp_path: Path) -> None:
    model = load_catalogue().get("vosk-ko-small")
    wish = model.fewer_words
    assert wish is not None
    make_fewer_words(weights(wish.of), tmp_path, words=wish.words, also=wish.also, progress=lambda *_: None)
    assert first_wrong_sum(tmp_path, model.files) is None
