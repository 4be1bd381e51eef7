"""The benchmark of the whole road: what counts as right, which recordings it takes, and its figures for real."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.turn import (
    Command,
    Commands,
    Nothing,
    Plan,
    Situation,
    Source,
    Stage,
    Transcript,
    Turn,
    TurnId,
    Understood,
)
from benchmarks.__main__ import main, names
from benchmarks.e2e import _chosen
from benchmarks.recordings import Recording
from benchmarks.turns import Heard, Tally, is_same_plan

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def plan(intent: str = "lamp", **slots: object) -> Commands:
    return Commands((Command(intent, slots, "some words"),))  # type: ignore[arg-type]


def recording(group: str = "home", transcript: str = "lamp on") -> Recording:
    return Recording(Path("a.wav"), transcript, group, "", False, "")


def turn(made: Plan, **stages: float) -> Turn:
    done = Turn(TurnId("t"), NOON, Situation("en", Source.MICROPHONE), Transcript("lamp on", "en", "ear"))
    done.understood = Understood(made)
    done.stages.update({Stage(name): at_s for name, at_s in stages.items()})
    return done


def manifest(folder: Path, **counts: int) -> argparse.Namespace:
    lines = [
        {"file": f"{group}{n}.wav", "transcript": "hello", "domain": group}
        for group in counts
        for n in range(counts[group])
    ]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return argparse.Namespace(data=folder, lang="", limit=0, groups="")


def test_it_is_found_by_name() -> None:
    assert "e2e" in names()


def test_plans_are_the_same_whatever_words_led_to_them() -> None:
    assert is_same_plan(plan(name="kitchen"), Commands((Command("lamp", {"name": "kitchen"}, "other words"),)), "en")


@pytest.mark.parametrize(
    "other", [plan("fan", name="kitchen"), plan(name="bedroom"), plan(), Nothing("not_understood"), Commands(())]
)
def test_plans_that_do_something_else_are_not_the_same(other: Plan) -> None:
    assert not is_same_plan(plan(name="kitchen"), other, "en")


def test_free_words_are_compared_as_heard_not_as_spelled() -> None:
    assert is_same_plan(plan(item="two apples"), plan(item="2 Apples."), "en")


def test_an_instant_counted_from_now_is_the_same_a_moment_later() -> None:
    assert is_same_plan(plan(at=NOON), plan(at=NOON + timedelta(seconds=4)), "en")
    assert not is_same_plan(plan(at=NOON), plan(at=NOON + timedelta(minutes=5)), "en")


def test_only_what_the_product_would_do_counts_as_right_or_wrong() -> None:
    heard = [
        Heard(recording(), plan(), turn(plan())),
        Heard(recording(), plan(), turn(Nothing("not_understood"))),
        Heard(recording(), plan(), turn(plan("fan"))),
        Heard(recording(), plan(), None),
        Heard(recording("coffee"), Nothing("not_understood"), turn(plan("fan"))),
    ]
    figures = Tally(heard).figures()
    shares = {
        key: figures[key] for key in ("right", "wrong_action", "commands_n", "acted_on_no_command", "unheard", "n")
    }
    assert shares == {
        "right": 0.25,
        "wrong_action": 0.25,
        "commands_n": 4,
        "acted_on_no_command": 1,
        "unheard": 1,
        "n": 5,
    }
    assert figures["by_group"]["coffee"]["right"] is None  # type: ignore[index]


def test_times_are_those_of_the_turn() -> None:
    heard = [Heard(recording(), plan(), turn(plan(), speech_end=1.0, endpoint=1.45, transcript=1.55, first_sound=1.75))]
    figures = Tally(heard).figures()
    assert figures["endpoint"] == {"p50_ms": 450.0, "p95_ms": 450.0}
    assert figures["speech_end_to_first_sound"] == {"p50_ms": 750.0, "p95_ms": 750.0}
    assert figures["acted"] == {"p50_ms": None, "p95_ms": None}


def test_a_large_group_does_not_crowd_out_a_small_one(tmp_path: Path) -> None:
    args = manifest(tmp_path, coffee=100, home=3)
    args.limit = 6
    assert [one.group for one in _chosen(args)].count("home") == 3


def test_named_groups_are_taken_whole(tmp_path: Path) -> None:
    args = manifest(tmp_path, coffee=100, home=70)
    args.groups = "home"
    assert [one.group for one in _chosen(args)] == ["home"] * 70


def test_without_data_it_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["e2e"]) == 1
    assert "--data" in capsys.readouterr().err


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.process
@pytest.mark.timeout(180)
def test_people_are_heard_and_every_figure_is_there(
    shared_dir: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (models_dir / "moonshine-tiny-en").is_dir():
        pytest.skip("no recogniser's weights (run: make setup)")
    monkeypatch.setitem(os.environ, "ASSISTANT_MODELS_DIR", str(models_dir))
    figures = tmp_path / "figures.json"
    data = ["--data", str(shared_dir / "audio" / "commands"), "--groups", "home", "--engine", "moonshine"]
    assert main(["e2e", *data, "--limit", "6", "--json", str(figures)]) == 0
    found = json.loads(figures.read_text())
    assert (found["n"], found["unheard"]) == (6, 0)
    keys = {"endpoint", "transcript", "plan", "acted", "first_sound", "right", "rss_mb", "cpu_idle_percent"}
    assert keys <= set(found)
    assert found["cold_start_s"] > 0
