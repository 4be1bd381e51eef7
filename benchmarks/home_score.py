"""What is wrong with what came of a turn; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.home_compare import Fault, Homes, change_faults
from benchmarks.home_expected import Expected, Kept, Planned
from benchmarks.home_replies import holds_any, said, says_any
from benchmarks.schedule_score import expand

_SOON = timedelta(seconds=1)
_TIMES = 20
"""So many times of a rule are compared."""
_ARTICLE = re.compile(r"^(a|an|the|some) ")


@dataclass(frozen=True, slots=True)
class Later:
    """Something that stands in the schedule: its length, or its coming times."""

    label: str
    seconds: float | None = None
    times: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stands at one moment."""

    home: Homes
    timers: tuple[Later, ...] = ()
    reminders: tuple[Later, ...] = ()
    alarms: tuple[Later, ...] = ()
    plans: tuple[Later, ...] = ()
    """What is to be done later; without times where it waits for something to happen."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one turn."""

    before: Standing
    after: Standing
    touched: frozenset[str]
    pending: str
    reply: str
    zone: ZoneInfo
    error: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Faults of a turn, and the lies that were told."""

    faults: tuple[Fault, ...]
    lies: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Nothing is wrong with it."""
        return not self.faults and not self.lies


def score(expected: Expected, came: Came) -> Score:
    """Hold what came against what must hold."""
    faults = [*_changes(expected, came), *_reply(expected, came)]
    if came.error:
        faults.append(Fault(f"the turn failed: {came.error}"))
    if not expected.is_event:
        faults += [*_pending(expected, came), *_later(expected, came), *_lists(expected, came)]
    return Score(tuple(faults), tuple(said(came.reply, expected.reply_none)))


def _changes(expected: Expected, came: Came) -> list[Fault]:
    """Against what they come nearest to."""
    tried = [change_faults(changes, came.before.home, came.after.home, came.touched) for changes in expected.changes]
    return min(tried, key=lambda faults: (any(fault.is_wrong for fault in faults), len(faults)))


def _reply(expected: Expected, came: Came) -> Iterator[Fault]:
    if expected.reply_any and not says_any(came.reply, expected.reply_any):
        yield Fault("the reply has none of its words")
    for group in expected.reply_all:
        if not says_any(came.reply, group):
            yield Fault(f"the reply has none of {', '.join(group)}")
    if expected.reply_holds and not holds_any(came.reply, expected.reply_holds):
        yield Fault("the answer is not in the reply")


def _pending(expected: Expected, came: Came) -> Iterator[Fault]:
    if expected.pending and came.pending not in expected.pending:
        yield Fault(f"waits for {came.pending}, not {' or '.join(sorted(expected.pending))}")


# ── what is planned and kept ─────────────────────────────────────────────────────────────────────


def _later(expected: Expected, came: Came) -> Iterator[Fault]:
    before, after = came.before, came.after
    for name, wanted, old, now in (
        ("timer", expected.timers, before.timers, after.timers),
        ("reminder", expected.reminders, before.reminders, after.reminders),
        ("alarm", expected.alarms, before.alarms, after.alarms),
    ):
        yield from _kept(name, wanted, old, now)
    yield from _plans(expected.plans, before.plans, after.plans, came.zone)


def _kept(name: str, wanted: Sequence[Kept] | None, old: Sequence[Later], now: Sequence[Later]) -> Iterator[Fault]:
    if wanted is None:
        if Counter(_bare(each) for each in old) != Counter(_bare(each) for each in now):
            yield Fault(f"{name}s changed: {_names(old)} → {_names(now)}", is_wrong=True)
        return
    rest = list(now)
    for each in wanted:
        found = next((later for later in rest if _is_kept(each, later)), None)
        if found is None:
            yield Fault(f"no {name} of {each.seconds or each.at} {each.label or ''}".strip())
        else:
            rest.remove(found)
    for later in rest:
        yield Fault(f"a {name} too much: {_names([later])}", is_wrong=later not in old)


def _bare(later: Later) -> Later:
    return Later(later.label, later.seconds, later.times[:1])


def _names(items: Sequence[Later]) -> str:
    return ", ".join(f"{each.label!r} {each.seconds or [f'{at:%d %H:%M}' for at in each.times[:2]]}" for each in items)


def _is_kept(wanted: Kept, later: Later) -> bool:
    if wanted.label is not None and _label(wanted.label) != _label(later.label):
        return False
    if wanted.seconds is not None and (later.seconds is None or abs(wanted.seconds - later.seconds) > 1):
        return False
    return wanted.at is None or (bool(later.times) and abs(wanted.at - later.times[0]) <= _SOON)


def _label(text: str) -> str:
    return _ARTICLE.sub("", " ".join(text.casefold().split()))


def _plans(
    wanted: Sequence[Planned] | None, old: Sequence[Later], now: Sequence[Later], zone: ZoneInfo
) -> Iterator[Fault]:
    if wanted is None:
        if Counter(_bare(each) for each in old) != Counter(_bare(each) for each in now):
            yield Fault(f"plans changed: {_names(old)} → {_names(now)}", is_wrong=True)
        return
    rest = list(now)
    for each in wanted:
        found = next((later for later in rest if _is_planned(each, later, zone)), None)
        if found is None:
            yield Fault(f"not planned: {each.at or 'when something happens'} {each.rule}".strip())
        else:
            rest.remove(found)
    for later in rest:
        yield Fault(f"a plan too much: {_names([later])}", is_wrong=later not in old)


def _is_planned(wanted: Planned, later: Later, zone: ZoneInfo) -> bool:
    if wanted.at is None:
        return not later.times
    if not later.times or abs(wanted.at - later.times[0]) > _SOON:
        return False
    if not wanted.rule:
        return len(later.times) == 1
    times = expand(wanted.rule, wanted.at, zone, _TIMES)
    return len(later.times) > 1 and all(
        abs(one - other) <= _SOON for one, other in zip(times, later.times, strict=False)
    )


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _lists(expected: Expected, came: Came) -> Iterator[Fault]:
    old, now = came.before.lists, came.after.lists
    for id_ in sorted({*old, *now, *expected.added, *expected.removed, *(expected.counts or ())}):
        before, after = _items(old.get(id_, ())), _items(now.get(id_, ()))
        if expected.counts is not None:
            yield from _count(id_, expected.counts.get(id_), before, after)
        else:
            yield from _items_faults(id_, before, after, expected)


def _items(items: Sequence[str]) -> Counter[str]:
    return Counter(_label(item) for item in items)


def _count(id_: str, wanted: int | None, before: Counter[str], after: Counter[str]) -> Iterator[Fault]:
    if wanted is None and before != after:
        yield Fault(f"{id_} was not to change: {dict(after)}", is_wrong=True)
    elif wanted is not None and after.total() != wanted:
        yield Fault(f"{id_} has {after.total()} items, not {wanted}", is_wrong=before != after)


def _items_faults(id_: str, before: Counter[str], after: Counter[str], expected: Expected) -> Iterator[Fault]:
    for name, wanted, came in (
        ("came onto", _items(expected.added.get(id_, ())), after - before),
        ("went off", _items(expected.removed.get(id_, ())), before - after),
    ):
        if wanted != came:
            is_wrong = bool(came - wanted)
            yield Fault(f"{id_}: {list(came)} {name} it, not {list(wanted)}", is_wrong=is_wrong)
