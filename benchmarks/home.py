"""Control of a home by voice, end to end: what is said, and what then is different in a simulated home."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.core.errors import InputError
from benchmarks.home_cases import Case, cases_in
from benchmarks.home_planner import DEFAULT_MODEL, Planners, PlannerWish, folder_of
from benchmarks.home_recall import missing
from benchmarks.home_score import Came, Score, score
from benchmarks.home_stage import Stage, Theatre
from benchmarks.home_tiers import TEMPLATES, TIERS, MakePlanner, Minds
from benchmarks.report import percentile, rounded

NAME = "home"


@dataclass(slots=True)
class Tally:
    """What came of the cases."""

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By suite or kind."""
    ms: list[float] = field(default_factory=list)
    plan_ms: list[float] = field(default_factory=list)
    tiers: Counter[str] = field(default_factory=Counter)
    recalled: Counter[bool] = field(default_factory=Counter)
    """Whether all that a sentence is about was among the planner's candidates."""
    not_recalled: list[str] = field(default_factory=list)
    wrong: list[dict[str, Any]] = field(default_factory=list)
    """What went wrong, for people to read."""

    def add(self, case: Case, came: Sequence[tuple[str, Came, Score]], stage: Stage) -> None:
        """Count one case."""
        scores = [each for _, _, each in came]
        counts = self.counts[case.group]
        counts["n"] += 1
        counts["right"] += all(each.is_right for each in scores)
        counts["wrong_action"] += any(fault.is_wrong for each in scores for fault in each.faults)
        counts["lied"] += any(each.lies for each in scores)
        self.ms += stage.ms
        self.plan_ms += stage.plan_ms
        self.tiers.update(stage.tiers)
        if not all(each.is_right for each in scores):
            self.wrong.append(_told(case, came, stage))

    def recall(self, case: Case, stage: Stage) -> None:
        """Count whether the planner's candidates hold what the first sentence is about."""
        lacking = missing(case, stage.intents, stage.world.view())
        if lacking is not None:
            self.recalled[not lacking] += 1
            self.not_recalled += [f"{case.id} {case.steps[0].say!r}: {', '.join(lacking)}"] if lacking else []

    def figures(self) -> dict[str, object]:
        """Shares of cases, also per suite or kind."""
        total: Counter[str] = sum(self.counts.values(), Counter())
        n = self.recalled.total()
        recall = {
            "recall": rounded(self.recalled[True] / max(1, n), 4),
            "recall_n": n,
            "not_recalled": self.not_recalled,
        }
        return {
            **{group: _shares(counts, "right", "wrong_action") for group, counts in sorted(self.counts.items())},
            **_shares(total, "right", "wrong_action", "lied"),
            "tiers": dict(self.tiers),
            "p50_ms": rounded(percentile(self.ms, 50)),
            "p95_ms": rounded(percentile(self.ms, 95)),
            "plan_p50_ms": rounded(percentile(self.plan_ms, 50)),
            "plan_p95_ms": rounded(percentile(self.plan_ms, 95)),
            **(recall if n else {}),
        }


def _shares(counts: Counter[str], *keys: str) -> dict[str, object]:
    return {**{key: rounded(counts[key] / counts["n"], 4) for key in keys}, "n": counts["n"]}


def _told(case: Case, came: Sequence[tuple[str, Came, Score]], stage: Stage) -> dict[str, Any]:
    turns = [
        {
            "said": said,
            "reply": each.reply,
            "faults": [("WRONG " if fault.is_wrong else "") + fault.text for fault in found.faults],
            "lies": list(found.lies),
        }
        for said, each, found in came
    ]
    return {
        "id": case.id,
        "group": case.group,
        "area": case.area,
        "tiers": stage.tiers,
        "why": stage.why,
        "turns": turns,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--tiers", choices=TIERS, default="all", help="which tiers of understanding take part")
    parser.add_argument("--model", default="", help=f"folder or id of the planner's model [default: {DEFAULT_MODEL}]")
    parser.add_argument("--no-shots", action="store_true", help="no worked examples in the planner's prompt")
    parser.add_argument("--patience", type=float, default=2.0, help="seconds that the planner may take")
    parser.add_argument("--only", default="", help="measure only this suite or kind")
    parser.add_argument("--show", type=int, default=0, help="print so many of the cases that were not done rightly")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Let every case of the folder happen, each in a home of its own."""
    if args.data is None:
        raise InputError("home needs --data with a folder of homes and cases")
    read = cases_in(args.data)
    cases = [_in(case, args.lang) for case in read.cases if args.only in ("", case.group)][: args.limit or None]
    if not cases:
        raise InputError(f"no file in {args.data} has cases with `expect_changes` or `turns`")
    tally = asyncio.run(_tally(cases, args))
    for wrong in tally.wrong[: args.show]:
        print(_line(wrong))
    return {**tally.figures(), "unscored": len(read.unscored), "wrong": tally.wrong}


def _in(case: Case, language: str) -> Case:
    """Spoken in another language than its home's."""
    return replace(case, house=replace(case.house, language=language)) if language else case


def _line(wrong: dict[str, Any]) -> str:
    turns = [f"{turn['said']!r} → {turn['reply']!r} {turn['faults']} {turn['lies'] or ''}" for turn in wrong["turns"]]
    return f"{wrong['id']} [{wrong['area']}]\n    " + "\n    ".join(turns)


async def _tally(cases: Sequence[Case], args: argparse.Namespace) -> Tally:
    if args.tiers == TEMPLATES:
        return await tally_of(cases)
    planners = Planners(PlannerWish(folder_of(args.model), not args.no_shots, args.patience))
    try:
        return await tally_of(cases, args.tiers, planners.planner)
    finally:
        await planners.close()


async def tally_of(cases: Sequence[Case], tiers: str = TEMPLATES, planner: MakePlanner | None = None) -> Tally:
    """Let an assistant go through all cases."""
    tally = Tally()
    with closing(Theatre(lambda clock: Minds(clock, tiers, planner))) as theatre:
        for case in cases:
            async with theatre.stage(case) as stage:
                if tiers != TEMPLATES:
                    tally.recall(case, stage)
                tally.add(case, await _played(case, stage), stage)
    return tally


async def _played(case: Case, stage: Stage) -> Sequence[tuple[str, Came, Score]]:
    """Turn after turn; at the end what is planned for a moment has to happen, too."""
    came = []
    for step in case.steps:
        happened = await stage.do(step)
        said = step.say or f"({', '.join(step.event)})"
        came.append((said, happened, score(step.expected, happened)))
    said, happened, found = came[-1]
    if found.is_right and case.steps[-1].expected.plans:
        late = await stage.fire(case.steps[-1].expected.plans)
        came[-1] = (said, happened, replace(found, faults=(*found.faults, *late)))
    return came
