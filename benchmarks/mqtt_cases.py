"""The rows of the benchmark `mqtt`: discovery payloads with what they announce, and sequences of steps."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "homeassistant"


@dataclass(frozen=True, slots=True)
class Row:
    """One discovery message and what must be read out of it."""

    id: str
    topic: str
    payload: bytes
    expect: Mapping[str, Any]

    @property
    def action(self) -> str:
        """add, add-device, remove, reject, …"""
        return str(self.expect.get("action", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence; `wanted` holds how a payload is compared."""

    id: str
    direction: str
    kind: str
    topic: str
    payload: bytes
    at_s: float
    say: str
    answer: str
    wanted: Mapping[str, Any] = field(default_factory=dict)

    @property
    def part(self) -> tuple[int, int] | None:
        """(k, n) when this is one of so many messages for what was said."""
        k, slash, n = str(self.wanted.get("part") or "").partition("/")
        return (int(k), int(n)) if slash else None


def rows_in(folder: Path) -> list[Row]:
    """All discovery rows of the folder."""
    return [_row(raw) for raw in _raw_in(folder) if "expect" in raw]


def sequences_in(folder: Path) -> list[tuple[str, Sequence[Step]]]:
    """All sequences of the folder, by name."""
    found: dict[str, list[Step]] = {}
    for raw in _raw_in(folder):
        if "seq" in raw:
            found.setdefault(str(raw["seq"]), []).append(_step(raw))
    return list(found.items())


def _raw_in(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _row(raw: Mapping[str, Any]) -> Row:
    return Row(str(raw["id"]), raw["topic"], _payload(raw), raw["expect"])


def _payload(raw: Mapping[str, Any]) -> bytes:
    if raw.get("payload_b64"):
        return base64.b64decode(raw["payload_b64"])
    return str(raw["payload"]).encode()


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        id=f"{raw['seq']}:{raw['step']}",
        direction=raw["direction"],
        kind=raw.get("kind") or "",
        topic=raw["topic"],
        payload=_payload(raw),
        at_s=float(raw["t"]),
        say=raw.get("say") or "",
        answer=str(raw.get("answer") or ""),
        wanted={key: raw[key] for key in ("part", "tolerance", "also_ok", "also_ok_topic", "compare") if key in raw},
    )
