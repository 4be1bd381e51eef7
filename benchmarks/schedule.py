"""Scheduling by voice, end to end: what is said, and what then stands in the schedule, the calendar and the lists."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from time import perf_counter

from assistant.core.errors import InputError
from benchmarks.report import percentile, rounded
from benchmarks.schedule_cases import Case, cases_in
from benchmarks.schedule_score import Came, faults, is_said_back
from benchmarks.schedule_stage import Theatre, how_it_is, what_came

NAME = "schedule"
_MS = 1000.0

Heard = tuple[Came, str, float]
"""What came, the words of the reply, and how long it took in milliseconds."""
Hear = Callable[[Case], Awaitable[Heard]]


@dataclass(slots=True)
class Tally:
    """What came of the cases."""

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By kind."""
    said_back: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, case: Case, heard: Heard) -> None:
        """Count one case."""
        came, reply, ms = heard
        missing = faults(case, came)
        self.ms.append(ms)
        self.counts[case.kind]["n"] += 1
        self.counts[case.kind]["right"] += not missing
        if case.needs_saying_back:
            self.said_back["n"] += 1
            self.said_back["right"] += is_said_back(case, came)
        if missing:
            self.wrong.append(f"{case.id} {case.utterance!r}: {', '.join(missing)} | {reply!r} | {came}")

    def figures(self) -> dict[str, object]:
        """`right` and `n`, also per kind; `said_back` of what must be said back."""
        kinds = {kind: {"right": counts["right"], "n": counts["n"]} for kind, counts in sorted(self.counts.items())}
        return {
            "right": sum(counts["right"] for counts in self.counts.values()),
            "n": sum(counts["n"] for counts in self.counts.values()),
            **kinds,
            "said_back": {"right": self.said_back["right"], "n": self.said_back["n"]},
            "p50_ms": rounded(percentile(self.ms, 50)),
            "p95_ms": rounded(percentile(self.ms, 95)),
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--show", type=int, default=0, help="print so many of the cases that were not done rightly")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Say every utterance of the folder, each to an assistant of its own."""
    if args.data is None:
        raise InputError("schedule needs --data with a folder of utterances and what must come of them")
    cases = [case for _, case in cases_in(args.data)][: args.limit or None]
    if not cases:
        raise InputError(f"no file in {args.data} has utterances with `now` and `expected`")
    with closing(Theatre()) as theatre:
        tally = asyncio.run(tally_of(cases, lambda case: _hear(theatre, case)))
    if args.show:
        print("\n".join(tally.wrong[: args.show]))
    return tally.figures()


async def tally_of(cases: Sequence[Case], hear: Hear) -> Tally:
    """Let an assistant hear all cases."""
    tally = Tally()
    for case in cases:
        tally.add(case, await hear(case))
    return tally


async def _hear(theatre: Theatre, case: Case) -> Heard:
    async with theatre.stage(case) as stage:
        before = await how_it_is(stage)
        began = perf_counter()
        turns = await stage.say()
        ms = (perf_counter() - began) * _MS
        came = await what_came(stage, before, turns)
    replies = [turn.reply.text for turn in turns if turn.reply is not None]
    return came, " / ".join(replies), ms
