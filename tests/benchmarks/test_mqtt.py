"""The benchmark of the home over MQTT tells right from wrong."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from benchmarks import mqtt
from benchmarks.mqtt_cases import Row, rows_in, sequences_in
from benchmarks.mqtt_discovery import judge
from benchmarks.mqtt_mutants import crashes_of, damaged
from benchmarks.mqtt_promptness import measure_promptness

PUMP: dict[str, Any] = {
    "~": "cellar/pump", "name": "Pump", "cmd_t": "~/set", "stat_t": "~", "uniq_id": "pump1",
    "dev": {"ids": "0x77", "name": "Cellar pump", "sa": "Cellar"}, "avty_t": "~/there",
}  # fmt: skip
READ: dict[str, Any] = {
    "action": "add", "component": "switch", "unique_id": "pump1", "name": "Pump", "node_id": None, "object_id": "pump",
    "device": {"name": "Cellar pump", "identifiers": "0x77", "suggested_area": "Cellar"},
    "state_topic": "cellar/pump", "command_topic": "cellar/pump/set", "availability_topic": "cellar/pump/there",
    "availability": [
        {"topic": "cellar/pump/there", "payload_available": "online", "payload_not_available": "offline"}
    ],
}  # fmt: skip
TOPIC = "homeassistant/switch/pump/config"


def _row(payload: Any = PUMP, **expect: Any) -> Row:
    return Row("1", TOPIC, json.dumps(payload).encode() if payload != "" else b"", READ | expect)


def test_a_row_that_is_read_as_expected_is_right() -> None:
    assert judge(_row()) == []


@pytest.mark.parametrize(
    "expect",
    [
        {"state_topic": "cellar/other"},
        {"unique_id": "pump2"},
        {"component": "light"},
        {"device": {"name": "Attic pump"}},
        {"availability": []},
        {"action": "reject"},
        {"action": "remove"},
        {"action": "unheard of"},
    ],
)
def test_a_row_that_is_read_otherwise_is_wrong(expect: dict[str, Any]) -> None:
    assert judge(_row(**expect))


def test_a_removal_must_remove() -> None:
    assert judge(_row("", action="remove")) == []
    assert judge(_row({"name": "x"}, action="remove"))


def _folder(tmp_path: Path, *steps: dict[str, Any]) -> Path:
    common = {"seq": "pump", "t": 0.0, "topic": "", "payload": "", "kind": "x"}
    lines = [common | {"step": number, **step} for number, step in enumerate(steps, 1)]
    (tmp_path / "steps.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return tmp_path


def _announced() -> dict[str, Any]:
    return {"direction": "in", "topic": TOPIC, "payload": json.dumps(PUMP)}


def _out(say: str, payload: str, topic: str = "cellar/pump/set") -> dict[str, Any]:
    return {"direction": "out", "say": say, "topic": topic, "payload": payload, "part": "1/1"}


def test_right_steps_have_no_fault(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        _announced(),
        {"direction": "query", "say": "is the pump on?", "answer": "unknown (it told nothing)"},
        {"direction": "in", "topic": "cellar/pump", "payload": "OFF"},
        {"direction": "query", "say": "is the pump on?", "answer": "off"},
        _out("turn on", "ON"),
        {"direction": "device"},
        {"direction": "none", "say": "turn on", "answer": "nobody"} | {"say": "set the volume to 3"},
        {"direction": "in", "topic": "cellar/pump/there", "payload": "offline"},
        {"direction": "query", "say": "is the pump on?", "answer": "unavailable"},
        {"direction": "in", "topic": TOPIC, "payload": ""},
        {"direction": "query", "say": "is the pump on?", "answer": "no such device"},
    )
    ((_, steps),) = sequences_in(folder)
    assert list(mqtt.play(steps)) == ["pump:7"]  # a switch has no volume, so that nobody could be asked


@pytest.mark.parametrize(
    "step",
    [
        {"direction": "query", "say": "is the pump on?", "answer": "on"},
        {"direction": "query", "say": "is the pump on?", "answer": "unavailable"},
        {"direction": "query", "say": "is the pump on?", "answer": "no such device"},
        _out("turn on", "OFF"),
        _out("turn on", "ON", topic="cellar/other/set"),
        _out("sing", "ON"),
        {"direction": "none", "say": "turn on"},
        {"direction": "device"},
        {"direction": "sideways"},
    ],
)
def test_a_wrong_step_has_a_fault(tmp_path: Path, step: dict[str, Any]) -> None:
    folder = _folder(tmp_path, _announced(), {"direction": "in", "topic": "cellar/pump", "payload": "OFF"}, step)
    ((_, steps),) = sequences_in(folder)
    assert list(mqtt.play(steps)) == ["pump:3"]


def test_rows_held_to_be_wrong_are_few_and_have_a_reason() -> None:
    assert 0 < len(mqtt.held_wrong()) <= 28
    assert all(mqtt.held_wrong().values())


def test_the_figures_have_the_agreed_names(tmp_path: Path) -> None:
    row = {"id": 1, "topic": TOPIC, "payload": json.dumps(PUMP), "expect": READ}
    _folder(tmp_path, _announced())
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    figures = mqtt.measure(argparse.Namespace(data=tmp_path, limit=0, show=0, mutants=20))
    assert figures["discovery_right"] == figures["steps_right"] == 1.0
    assert (figures["discovery_n"], figures["steps_n"], figures["crashes"]) == (1, 1, 0)
    assert figures["entities_per_s"]


def test_damaged_payloads_are_other_ones_and_the_same_each_time(tmp_path: Path) -> None:
    good = json.dumps(PUMP).encode()
    made = [damaged(good, random.Random(seed)) for seed in range(50)]
    assert made == [damaged(good, random.Random(seed)) for seed in range(50)]
    assert sum(each != good for each in made) > 45


def test_the_home_survives_damaged_payloads() -> None:
    forms = [
        PUMP,
        PUMP | {"schema": "json", "exp_aft": 30, "off_dly": 3, "spd_rng_max": 3, "pos_open": 9, "ops": ["a"]},
    ]
    components = ("switch", "light", "fan", "cover", "binary_sensor", "select", "climate", "valve", "lock", "number")
    rows = [
        Row("1", f"homeassistant/{component}/x/config", json.dumps(form).encode(), READ)
        for form in forms
        for component in components
    ]
    assert crashes_of(rows, 400) == []


def test_rows_may_hold_bytes_that_are_no_text(tmp_path: Path) -> None:
    row = {"id": 1, "topic": TOPIC, "payload": "?", "payload_b64": "sEM=", "expect": READ}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    assert rows_in(tmp_path)[0].payload == b"\xb0C"


@pytest.mark.broker
def test_how_soon_a_plan_reaches_a_device_is_measured_on_a_real_broker() -> None:
    if which("mosquitto") is None and which("mosquitto", path="/usr/sbin") is None:
        pytest.skip("mosquitto is not installed (apt install mosquitto)")
    figures = measure_promptness(plans=10, lamps=5)
    assert figures.keys() == {"plan_to_publish_p50_ms", "plan_to_publish_p95_ms", "plans_undone"}
    assert figures["plans_undone"] == 0
    assert figures["plan_to_publish_p95_ms"] < 100  # type: ignore[operator]  # a figure is a number
