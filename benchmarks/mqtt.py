"""The home over MQTT: what is read of discovery payloads, and whether the steps of sequences come out right."""

from __future__ import annotations

import argparse
import logging
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from assistant.core.errors import InputError
from benchmarks.mqtt_cases import Row, Step, rows_in, sequences_in
from benchmarks.mqtt_discovery import judge, new_intake, read
from benchmarks.mqtt_load import Size, measure_load
from benchmarks.mqtt_mutants import crashes_of
from benchmarks.mqtt_promptness import measure_promptness
from benchmarks.mqtt_steps import Play
from benchmarks.report import rounded

NAME = "mqtt"
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MUTANTS = 20_000
ROUNDS = 3
_WRONG = Path(__file__).with_name("mqtt_wrong.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--show", type=int, default=0, help="print so many of the rows and steps that came out wrong")
    parser.add_argument(
        "--mutants", type=int, default=MUTANTS, help=f"damaged payloads to survive [default: {MUTANTS}]"
    )
    parser.add_argument(
        "--load",
        action="store_true",
        help="also on a real mosquitto: a large home for a minute, and how soon a plan reaches a device",
    )


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Read all rows, play all sequences, and survive damaged rows."""
    if args.data is None:
        raise InputError("mqtt needs --data with a folder of discovery rows and sequences")
    rows = rows_in(args.data)[: args.limit or None]
    sequences = sequences_in(args.data)[: args.limit or None]
    if not rows and not sequences:
        raise InputError(f"no file in {args.data} has rows with `expect` or steps with `seq`")
    # what is reported about other people's payloads is judged here, not read
    logger = logging.getLogger("assistant.home")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        return _measured(args, rows, sequences)
    finally:
        logger.setLevel(before)


def _measured(
    args: argparse.Namespace, rows: Sequence[Row], sequences: Sequence[tuple[str, Sequence[Step]]]
) -> dict[str, object]:
    figures, wrong = _figures(rows, sequences)
    crashes = crashes_of(rows, min(args.mutants, len(rows) * 50))
    if args.show:
        print("\n".join([*wrong, *crashes][: args.show]))
    load = measure_load(Size()) | measure_promptness() if getattr(args, "load", False) else {}
    return figures | {"entities_per_s": _entities_per_s(rows), "crashes": len(crashes)} | load


def _figures(
    rows: Sequence[Row], sequences: Sequence[tuple[str, Sequence[Step]]]
) -> tuple[dict[str, object], list[str]]:
    """Shares that are right, and what is wrong with the others."""
    held = held_wrong()
    read_wrong = {row.id: faults for row in rows if row.id not in held and (faults := judge(row))}
    step_wrong = {id_: fault for _, steps in sequences for id_, fault in play(steps).items() if id_ not in held}
    rows_n = sum(row.id not in held for row in rows)
    steps_n = sum(step.id not in held for _, steps in sequences for step in steps)
    figures: dict[str, object] = {
        "discovery_right": rounded(1 - len(read_wrong) / rows_n, 4) if rows_n else None,
        "discovery_n": rows_n,
        "steps_right": rounded(1 - len(step_wrong) / steps_n, 4) if steps_n else None,
        "steps_n": steps_n,
        "left_out": len(held),
    }
    return figures, [f"{id_} {why}" for id_, why in {**step_wrong, **read_wrong}.items()]


def play(steps: Sequence[Step]) -> dict[str, str]:
    """Faults by step."""
    home = Play()
    judged = ((step, home.judge(step)) for step in steps)
    return {step.id: f"{step.say or step.topic}: {fault}" for step, fault in judged if fault}


def held_wrong() -> Mapping[str, str]:
    """Rows and steps that don't count, with the reason."""
    raw = tomllib.loads(_WRONG.read_text(encoding="utf-8"))
    return {each["id"]: each["reason"] for each in raw.get("row", ())}


def _entities_per_s(rows: Sequence[Row]) -> float | None:
    """Announced entities that one home takes over in a second: the best of some rounds, since others work here too."""
    good = [row for row in rows if row.action in {"add", "add-device"} and read(row) is not None]
    if not good:
        return None
    count = sum(len(row.expect.get("entities", (row,))) for row in good)
    return rounded(count / min(_seconds_to_take(good) for _ in range(ROUNDS)), 0)


def _seconds_to_take(rows: Sequence[Row]) -> float:
    intake, began = new_intake(), perf_counter()
    for row in rows:
        intake.take(row.topic, row.payload, _NOON)
    return perf_counter() - began
