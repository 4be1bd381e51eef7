"""The work that language models are measured with: prompts of several lengths, and answers behind them."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any, Protocol

import psutil

_MEGABYTE = 1e6
_MS = 1000.0
_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is done in one process. Lengths are tokens; each is measured `repeats` times."""

    vocab: int
    prefill: tuple[int, ...] = (64, 256, 1024)
    decode: tuple[int, ...] = (0, 512, 1500)
    """Tokens before the answer."""
    answer: int = 24
    prefix: int = 600
    suffix: int = 20
    repeats: int = 3
    threads: int = 2
    idle_s: float = 3.0
    """So long nobody asks for anything."""

    def within(self, positions: int) -> Load:
        """The same without the lengths that a model with so many positions can't hold."""
        prefill = tuple(length for length in self.prefill if length <= positions)
        decode = tuple(length for length in self.decode if max(1, length) + self.answer <= positions)
        prefix = max(1, min(self.prefix, positions - self.suffix))
        return replace(self, prefill=prefill, decode=decode, prefix=prefix)

    @classmethod
    def from_json(cls, text: str) -> Load:
        """As `json` made it."""
        raw: dict[str, Any] = json.loads(text)
        raw |= {name: tuple(raw[name]) for name in ("prefill", "decode")}
        return cls(**raw)

    def json(self) -> str:
        """For another process."""
        return json.dumps(asdict(self))

    def tokens(self, count: int, seed: int = 0) -> list[int]:
        """Random tokens, none of the first, which are often controls; always the same."""
        random = Random(seed)  # noqa: S311  # no secret
        return [random.randrange(min(100, self.vocab // 2), self.vocab) for _ in range(count)]

    @property
    def positions(self) -> int:
        """The longest context of all."""
        return max(*self.prefill, self.prefix + self.suffix, max(self.decode) + self.answer + 1)


class Reader(Protocol):
    """A model with one context."""

    def reset(self) -> None:
        """Forget everything."""
        ...

    def feed(self, tokens: Sequence[int]) -> int:
        """Read more; the likeliest next token."""
        ...


@dataclass(slots=True)
class Measured:
    """Tokens per second by length, every try of it; milliseconds to a first token; megabytes; percent of a core."""

    prefill: dict[int, list[float]] = field(default_factory=dict)
    decode: dict[int, list[float]] = field(default_factory=dict)
    first_token_ms: dict[str, list[float]] = field(default_factory=dict)
    load_ms: float = 0.0
    base_mb: float = 0.0
    """Before the model and whatever runs it were there."""
    rss_mb: float = 0.0
    peak_mb: float = 0.0
    idle_cpu_percent: float = 0.0

    @classmethod
    def from_json(cls, text: str) -> Measured:
        """As `json` made it."""
        raw: dict[str, Any] = json.loads(text)
        for key in ("prefill", "decode"):
            raw[key] = {int(length): tries for length, tries in raw[key].items()}
        return cls(**raw)

    def json(self) -> str:
        """For another process."""
        return json.dumps(asdict(self))


def measure_speed(reader: Reader, load: Load, measured: Measured) -> None:
    """Prompts and answers of all lengths, in turn; the first round only warms up."""
    for round_ in range(load.repeats + 1):
        for length in load.prefill:
            reader.reset()
            _note(measured.prefill, length, length / _seconds(reader.feed, load.tokens(length, round_)), round_)
        for length in load.decode:
            _note(measured.decode, length, _answer(reader, load, length), round_)


def _answer(reader: Reader, load: Load, length: int) -> float:
    """Tokens per second of an answer behind so many tokens."""
    reader.reset()
    token = reader.feed(load.tokens(max(1, length)))
    began = time.perf_counter()
    for _ in range(load.answer):
        token = reader.feed([token])
    return load.answer / (time.perf_counter() - began)


def _seconds(do: Callable[[Sequence[int]], object], tokens: Sequence[int]) -> float:
    began = time.perf_counter()
    do(tokens)
    return time.perf_counter() - began


def _note(tries: dict[int, list[float]], length: int, value: float, round_: int) -> None:
    if round_:
        tries.setdefault(length, []).append(value)


def first_token_ms(prepare: Callable[[], Callable[[Sequence[int]], object]], tokens: Sequence[int]) -> float:
    """From nothing in memory to the first token: `prepare` gives what reads the tokens, and counts."""
    began = time.perf_counter()
    prepare()(tokens)
    return (time.perf_counter() - began) * _MS


def measure_memory(measured: Measured) -> None:
    """What the process holds now, and held at most."""
    measured.rss_mb = psutil.Process().memory_info().rss / _MEGABYTE
    # Linux counts in KiB
    at_most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE
    measured.peak_mb = max(at_most, measured.rss_mb)


def measure_idle(measured: Measured, seconds: float) -> None:
    """How much of a core the process takes while nobody asks for anything."""
    process = psutil.Process()
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    measured.idle_cpu_percent = used / seconds * _PERCENT


def base_mb() -> float:
    """What the process holds before anything was loaded."""
    return psutil.Process().memory_info().rss / _MEGABYTE


def environment(threads: int) -> Mapping[str, str]:
    """For a process that may use so many cores."""
    return {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}


def serve(run: Callable[[Sequence[str], Load], Measured]) -> int:
    """The main of a process that measures: arguments, then the load as JSON; prints what was measured as JSON."""
    *arguments, load = sys.argv[1:]
    print(run(arguments, Load.from_json(load)).json())
    return 0
