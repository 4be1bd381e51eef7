"""The benchmark of the language model: what is measured, and what becomes of several tries."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.llm.form import Origin
from benchmarks.llm import figures_of, measure, take_turns
from benchmarks.llm_bandwidth import bandwidth_gb_s
from benchmarks.llm_load import Load, Measured, measure_speed
from benchmarks.llm_ours import run
from benchmarks.llm_weights import weights_of
from tests.llm.tiny import VOCAB, write_model

SMALL = Load(VOCAB, prefill=(8, 16), decode=(0, 8), answer=2, prefix=12, suffix=4, repeats=2, threads=1, idle_s=0.05)


class CountingReader:
    """Reads nothing and notes how much it was given."""

    def __init__(self) -> None:
        self.fed: list[int] = []
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1

    def feed(self, tokens: Sequence[int]) -> int:
        self.fed.append(len(tokens))
        return 7


def test_every_length_is_tried_as_often_as_asked_and_once_more_to_warm_up() -> None:
    reader, measured = CountingReader(), Measured()
    measure_speed(reader, SMALL, measured)
    assert {length: len(tries) for length, tries in measured.prefill.items()} == {8: 2, 16: 2}
    assert {length: len(tries) for length, tries in measured.decode.items()} == {0: 2, 8: 2}
    assert reader.resets == 3 * 4
    assert reader.fed.count(1) == 3 * (2 * 2 + 1)  # tokens of answers, and the one that stands before an answer at 0


def test_lengths_that_a_model_cannot_hold_are_left_out() -> None:
    assert Load(VOCAB).within(600).prefill == (64, 256)
    assert Load(VOCAB).within(600).decode == (0, 512)
    assert Load(VOCAB).within(600).prefix == 580


def test_what_is_measured_travels_between_processes_unchanged() -> None:
    measured = Measured({64: [1.0]}, {0: [2.0, 3.0]}, {"with_store": [4.0]}, peak_mb=5.0)
    assert Measured.from_json(measured.json()) == measured
    assert Load.from_json(SMALL.json()) == SMALL


def test_the_best_try_counts_and_the_median_stands_beside_it() -> None:
    ours = [Measured({256: [100.0, 300.0]}, {512: [10.0]}, peak_mb=80.0),
            Measured({256: [200.0]}, {512: [30.0, 20.0]}, peak_mb=90.0)]  # fmt: skip
    theirs = [Measured({256: [100.0]}, {512: [20.0]}, peak_mb=100.0)]
    figures = figures_of({"": ours, "peer_": theirs})
    assert (figures["prefill_tok_s"], figures["decode_tok_s"]) == (300.0, 30.0)
    assert figures["by_length"]["prefill_median"] == {"256": 200.0}  # type: ignore[index]  # figures are plain objects
    assert figures["peer_prefill_tok_s"] == 100.0
    ratio = figures["ratio"]
    assert ratio["prefill"] == {"256": 3.0}  # type: ignore[index]
    assert ratio["decode"] == {"512": 1.5}  # type: ignore[index]
    assert ratio["peak"] == 0.85  # type: ignore[index]


def test_without_a_peer_nothing_is_said_of_one() -> None:
    figures = figures_of({"": [Measured({256: [1.0]}, {512: [1.0]})], "peer_": []})
    assert not [key for key in figures if "peer" in key or key == "ratio"]


def test_a_small_model_is_measured_with_the_store_of_beginnings_and_without(tmp_path: Path) -> None:
    measured = run([str(write_model(tmp_path / "tiny"))], SMALL)
    assert all(tries for tries in (*measured.prefill.values(), *measured.decode.values()))
    assert {name: len(tries) for name, tries in measured.first_token_ms.items()} == {
        "without_store": 2,
        "with_store": 2,
    }
    assert 0 < measured.rss_mb <= measured.peak_mb


def test_memory_is_read_and_copied_by_all_threads() -> None:
    found = bandwidth_gb_s(2, repeats=1, size_bytes=1 << 20)
    assert found.keys() == {"read", "copy"}
    assert min(found.values()) > 0


def test_weights_that_are_at_hand_are_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "owl.gguf").write_bytes(b"owl")
    origin = Origin("nest/owl.gguf", sha256(b"owl").hexdigest())
    assert weights_of(origin, "owl", tmp_path) == tmp_path / "owl.gguf"


def arguments(**given: object) -> Namespace:
    usual = {"model": "", "gguf": None, "peer": False, "positions": 0, "rounds": 1, "repeats": 1, "threads": 1}
    return Namespace(**{**usual, **given})


def test_a_model_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS_DIR", str(tmp_path))
    with pytest.raises(InputError):
        measure(arguments(model="owl"))


@pytest.mark.process
@pytest.mark.slow
def test_ours_runs_in_a_process_of_its_own_as_often_as_asked(tmp_path: Path) -> None:
    runs = take_turns(write_model(tmp_path / "tiny"), None, replace(SMALL, repeats=1), 1)
    assert (len(runs[""]), runs["peer_"]) == (1, [])
    assert runs[""][0].prefill.keys() == {8, 16}
    assert runs[""][0].base_mb < runs[""][0].peak_mb


@pytest.mark.process
def test_what_fails_in_its_process_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="llm_ours"):
        take_turns(tmp_path / "nothing", None, SMALL, 1)
