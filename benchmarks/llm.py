"""The small language model: speed by length, memory, faithfulness; beside llama.cpp on the same weights."""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant.core.errors import InputError
from assistant.llm.form import WEIGHTS_FILE, Form
from benchmarks.home_planner import DEFAULT_MODEL, folder_of
from benchmarks.llm_bandwidth import bandwidth_gb_s
from benchmarks.llm_load import Load, Measured, environment
from benchmarks.llm_peer import PEER
from benchmarks.llm_weights import weights_of
from benchmarks.report import rounded

NAME = "llm"
KEY_PREFILL, KEY_DECODE = 256, 512
"""The lengths that stand for all."""
_TIMEOUT_S = 1800
_KV_BYTES = {"float32": 4, "float16": 2}
_GIGABYTE, _MEGABYTE = 1e9, 1e6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--model", default="", help=f"folder or id of a language model [default: {DEFAULT_MODEL}]")
    parser.add_argument("--gguf", type=Path, help="the same weights as GGUF [default: from the catalogue's source]")
    parser.add_argument("--threads", type=int, default=2, help="cores that each may use")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each, in turn")
    parser.add_argument("--repeats", type=int, default=3, help="tries of every length in each process")
    parser.add_argument(
        "--positions", type=int, default=1000, help="tokens that KL is measured over; 0: as it was built"
    )


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Ours and theirs take turns, each time in new processes."""
    folder = folder_of(args.model)
    form = Form.read(folder)
    if args.peer and importlib.util.find_spec(PEER) is None:
        raise InputError("llama.cpp is not installed", fix="make bench-peers")
    needs_gguf = args.peer or args.positions
    gguf = (args.gguf or weights_of(form.origin, folder.name)) if needs_gguf else None
    load = Load(form.vocab, threads=args.threads, repeats=args.repeats).within(form.max_positions)
    figures = figures_of(take_turns(folder, gguf if args.peer else None, load, args.rounds))
    figures |= _sizes(folder, gguf) | _bandwidth(figures, folder, form, args.threads)
    if gguf is not None and args.positions:
        figures |= _differences(gguf, folder, args)
    elif form.checked is not None:
        figures["kl"] = form.checked.kl
    return figures


def take_turns(folder: Path, gguf: Path | None, load: Load, rounds: int) -> dict[str, list[Measured]]:
    """Ours, theirs, ours, theirs: whatever else the machine does meanwhile hits both."""
    runs: dict[str, list[Measured]] = {"": [], "peer_": []}
    for _ in range(rounds):
        runs[""].append(_process("benchmarks.llm_ours", [str(folder)], load))
        if gguf is not None:
            runs["peer_"].append(_process("benchmarks.llm_peer", [str(gguf)], load))
    return runs


def _process(module: str, arguments: Sequence[str], load: Load) -> Measured:
    return Measured.from_json(_output(module, [*arguments, load.json()], load.threads))


def _output(module: str, arguments: Sequence[str], threads: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(threads), capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise InputError(f"{module} failed", why=done.stderr.strip()[-2000:])
    return done.stdout.strip().splitlines()[-1]


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def figures_of(runs: Mapping[str, Sequence[Measured]]) -> dict[str, object]:
    """By who ran ("" is ours): the best of all tries, the median beside it, by length; and ours per theirs."""
    figures: dict[str, object] = {}
    for who, measured in runs.items():
        if measured:
            figures |= {f"{who}{key}": value for key, value in _of_one(measured).items()}
    if runs.get("peer_"):
        figures["ratio"] = _ratios(figures)
    return figures


@dataclass(frozen=True, slots=True)
class _Speeds:
    best: dict[str, float]
    middle: dict[str, float]

    @classmethod
    def of(cls, measured: Sequence[Measured], pick: Callable[[Measured], Mapping[int, Sequence[float]]]) -> _Speeds:
        lengths = sorted({length for each in measured for length in pick(each)})
        tries = {str(length): [one for each in measured for one in pick(each)[length]] for length in lengths}
        best = {length: round(max(values), 1) for length, values in tries.items()}
        return cls(best, {length: round(median(values), 1) for length, values in tries.items()})


def _of_one(measured: Sequence[Measured]) -> dict[str, object]:
    prefill = _Speeds.of(measured, lambda each: each.prefill)
    decode = _Speeds.of(measured, lambda each: each.decode)
    waits = {name: [ms for each in measured for ms in each.first_token_ms[name]] for name in measured[0].first_token_ms}
    return {
        "prefill_tok_s": prefill.best.get(str(KEY_PREFILL)),
        "decode_tok_s": decode.best.get(str(KEY_DECODE)),
        "by_length": {
            "prefill": prefill.best, "decode": decode.best,
            "prefill_median": prefill.middle, "decode_median": decode.middle,
        },
        "first_token_ms": {
            **{name: round(min(tries), 1) for name, tries in waits.items()},
            **{f"{name}_median": round(median(tries), 1) for name, tries in waits.items()},
        },
        "load_ms": rounded(min(each.load_ms for each in measured), 0),
        "base_mb": rounded(median(each.base_mb for each in measured), 1),
        "rss_mb": rounded(median(each.rss_mb for each in measured), 1),
        "peak_mb": rounded(median(each.peak_mb for each in measured), 1),
        "idle_cpu_percent": rounded(min(each.idle_cpu_percent for each in measured), 2),
    }  # fmt: skip


def _ratios(figures: Mapping[str, Any]) -> dict[str, object]:
    """Ours in times of theirs: above 1 is faster, or more memory."""
    ours, theirs = figures["by_length"], figures["peer_by_length"]
    speeds = {
        kind: {length: round(ours[kind][length] / theirs[kind][length], 2) for length in ours[kind]}
        for kind in ("prefill", "decode", "prefill_median", "decode_median")
    }
    return {**speeds, "peak": round(figures["peak_mb"] / figures["peer_peak_mb"], 2)}


def _sizes(folder: Path, gguf: Path | None) -> dict[str, object]:
    sizes = {"file_mb": sum(file.stat().st_size for file in folder.iterdir() if file.is_file())}
    if gguf is not None:
        sizes["peer_file_mb"] = gguf.stat().st_size
    return {name: rounded(size / _MEGABYTE, 1) for name, size in sizes.items()}


def _bandwidth(figures: Mapping[str, Any], folder: Path, form: Form, threads: int) -> dict[str, object]:
    """Every token reads all weights and the keys and values before it: which share of what memory gives is that?"""
    found = bandwidth_gb_s(threads)
    if figures["decode_tok_s"] is None:
        return {"memory_gb_s": {name: rounded(value, 1) for name, value in found.items()}}
    per_position = 2 * form.layers * form.kv_heads * form.head_dim * _KV_BYTES[form.kv_type]
    token_bytes = (folder / WEIGHTS_FILE).stat().st_size + KEY_DECODE * per_position
    reached = figures["decode_tok_s"] * token_bytes / _GIGABYTE
    return {
        "memory_gb_s": {name: rounded(value, 1) for name, value in found.items()},
        "decode_gb_s": rounded(reached, 1),
        "decode_share_of_memory": rounded(reached / max(found.values()), 2),
    }


def _differences(gguf: Path, folder: Path, args: argparse.Namespace) -> dict[str, object]:
    arguments = [str(gguf), str(folder), str(args.positions), str(args.threads), *(["peer"] if args.peer else [])]
    found = json.loads(_output("benchmarks.llm_kl", arguments, args.threads))
    figures: dict[str, object] = {}
    for name, before in (("ours", ""), ("peer", "peer_")):
        if name in found:
            checked = found[name]
            figures[f"{before}kl"] = checked["kl"]
            figures[f"{before}perplexity"] = checked["perplexity"]
            figures[f"{before}same_top"] = checked["same_top"]
            figures["reference_perplexity"] = checked["reference_perplexity"]
    return figures
