"""Words about time, lengths and numbers: what they are read as, how fast, and what reading costs to load."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from assistant.core.errors import InputError
from assistant.core.values import Found, Meaning, Measure
from assistant.language.found import found_in
from benchmarks import time_duckling, time_lingua, time_recognizers
from benchmarks.report import percentile, rounded
from benchmarks.time_cases import Case, cases_of
from benchmarks.time_cost import product_cost
from benchmarks.time_exclusions import exclusions
from benchmarks.time_peers import Peer, installed_peers, peer_cost
from benchmarks.time_wanted import Verdict, judge

NAME = "time"
_FORMS = (
    (time_duckling.knows, time_duckling.make),
    (time_recognizers.knows, time_recognizers.make),
    (time_lingua.knows, time_lingua.make),
)
_MS = 1000.0


class Reader:
    """Reads the time, length or number in a text."""

    name = "assistant"

    def read(self, case: Case) -> Sequence[Meaning]:
        """The meanings, the longest span first; empty when nothing was found."""
        found = found_in(case.text, case.reading, case.kinds)
        wanted = [each for each in found if _is_asked(each, case)]
        return [each.meaning for each in sorted(wanted, key=_span, reverse=True)]


def _is_asked(found: Found, case: Case) -> bool:
    if found.is_latent and not case.reading.is_latent_wanted:
        return False
    return not case.units or (isinstance(found.meaning, Measure) and found.meaning.unit in case.units)


def _span(found: Found) -> tuple[int, int]:
    return found.end - found.start, -found.start


@dataclass(slots=True)
class Tally:
    """What came of the cases."""

    counts: defaultdict[tuple[str, str], Counter[Verdict]] = field(default_factory=lambda: defaultdict(Counter))
    """By set and part; the part "" is the set's own figures."""
    negatives: Counter[str] = field(default_factory=Counter)
    false_positives: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, case: Case, answers: Sequence[Meaning]) -> None:
        """Count one case."""
        if case.wanted is None:
            self.negatives[case.set] += 1
            if answers:
                self.false_positives[case.set] += 1
                self.faults.append(f"{case.set} {case.text!r}: {answers[0]} where nothing is")
            return
        verdict = judge(case.wanted, answers)
        self.counts[case.set, case.part][verdict] += 1
        if case.is_headline:
            self.counts[case.set, ""][verdict] += 1
        if verdict is not Verdict.RIGHT:
            said = answers[0] if answers else "nothing"
            self.faults.append(f"{case.set}.{case.part} {case.text!r}: {said} instead of {case.wanted}")

    def figures(self) -> dict[str, object]:
        """The figures of all sets."""
        sets: dict[str, dict[str, object]] = {}
        for name in sorted({name for name, _ in self.counts} | set(self.negatives)):
            own = sets.setdefault(name, {})
            for part in sorted(part for each, part in self.counts if each == name):
                figures = _shown(self.counts[name, part])
                own.update(figures if not part else {part: figures})
            if self.negatives[name]:
                own["false_positives"] = self.false_positives[name]
                own["negatives"] = self.negatives[name]
        return {
            **sets,
            "false_positives": self.false_positives.total(),
            "negatives": self.negatives.total(),
        }


def _shown(counts: Counter[Verdict]) -> dict[str, object]:
    return {**{verdict.value: counts[verdict] for verdict in Verdict}, "n": counts.total()}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--show", type=int, default=0, help="print so many of the cases that were not read rightly")
    parser.add_argument("--only", default="", help="only the sets whose name holds this")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Read all texts of the folder; counts, not shares, since every figure has its n beside it."""
    cases = _cases(args)
    tally = _run(Reader(), cases)
    if args.show:
        print("\n".join(tally.faults[: args.show]))
    figures = tally.figures() | _speed(tally.ms) | product_cost(cases[0])
    figures["excluded"] = dict(tally.excluded)
    for each in exclusions():
        print(f"not counted, {each.name} ({tally.excluded[each.name]}): {each.reason}")
    if args.peer:
        figures["peers"] = {peer.name: _of_peer(peer, cases) for peer in installed_peers()}
    return figures


def _cases(args: argparse.Namespace) -> list[Case]:
    if args.data is None:
        raise InputError("time needs --data with a folder of texts and what they mean")
    cases = [case for case in cases_of(args.data, _FORMS, args.lang) if args.only in case.set]
    if not cases:
        raise InputError(f"no file in {args.data} has a form that is known")
    return cases[: args.limit or None]


def _run(reader: Reader | Peer, cases: Sequence[Case]) -> Tally:
    tally = Tally()
    reader.read(cases[0])  # what is loaded by the first call is in first_call_ms
    for case in cases:
        if case.excluded:
            tally.excluded[case.excluded] += 1
            continue
        began = perf_counter()
        answers = reader.read(case)
        tally.ms.append((perf_counter() - began) * _MS)
        tally.add(case, answers)
    return tally


def _of_peer(peer: Peer, cases: Sequence[Case]) -> dict[str, object]:
    tally = _run(peer, [case for case in cases if peer.takes(case)])
    return tally.figures() | _speed(tally.ms) | peer_cost(peer)


def _speed(ms: Sequence[float]) -> dict[str, object]:
    return {"p50_ms": rounded(percentile(ms, 50)), "p95_ms": rounded(percentile(ms, 95))}
