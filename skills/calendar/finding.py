"""Which event somebody means, and whether one time of it or all."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from assistant.sdk import (
    Context,
    Event,
    Grain,
    Instant,
    Occurrence,
    Outcome,
    SlotKind,
    SlotValue,
    TimeValue,
    by_name,
    sayable,
    span_of,
    wall,
)

AHEAD = timedelta(days=800)
"""So far ahead events are looked for."""
TOLD = 3
_FALLBACK = "en"


class Scope(StrEnum):
    """Whether one time of an event that repeats is meant, or all."""

    ONE = "one"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Described:
    """How somebody described an event."""

    name: str = ""
    when: TimeValue | None = None


async def coming(ctx: Context, described: Described) -> Sequence[Occurrence]:
    """What fits the description, soonest first."""
    now = ctx.clock.now()
    start, end = now, now + AHEAD
    if described.when is not None and (span := span_of(described.when)) is not None:
        start, end = span
    found = await ctx.calendar.between(start, end)
    if isinstance(described.when, Instant) and described.when.grain in (Grain.SECOND, Grain.MINUTE, Grain.HOUR):
        found = _at_clock(ctx, found, described.when) or _at_clock(ctx, await _days(ctx), described.when)
    return by_name(found, described.name, lambda each: each.event.label) if described.name else found


async def the_event(ctx: Context, described: Described) -> Occurrence | Outcome:
    """The next time of the event that is meant. Else an outcome with the reply key `no_such` (name, when), or a
    question with `which_name` or `which_time`, answered in the slots name and which."""
    found = await coming(ctx, described)
    firsts = {each.event.id: each for each in reversed(found)}
    first = sorted(firsts.values(), key=lambda each: each.start_at)
    if not first:
        return Outcome.not_found("no_such", name=described.name, when=sayable(described.when))
    if len(first) == 1:
        return first[0]
    names = tuple(dict.fromkeys(each.event.label for each in first))
    if len(names) == len(first):
        return ctx.ask("which_name", "name", SlotKind.TEXT, names=names[:TOLD])
    whens: dict[str, SlotValue] = {f"when{place}": each.start_at for place, each in enumerate(first[:2], 1)}
    return ctx.ask("which_time", "which", SlotKind.TIME, more=max(0, len(first) - 2), **whens)


def scope_from(ctx: Context, answer: str | None, event: Event) -> Scope | Outcome:
    """What the answer says of an event that repeats; without one, the question with the reply key `one_or_all`."""
    if event.repeat is None:
        return Scope.ALL
    if answer is None:
        return ctx.ask("one_or_all", "scope", SlotKind.TEXT, label=event.label)
    plain = " ".join(answer.casefold().split()).strip(" .!?,")
    for scope, words in _scopes(ctx.language).items():
        if plain in words:
            return scope
    return Outcome.refused("left")


@lru_cache
def _scopes(language: str) -> dict[Scope, frozenset[str]]:
    folder = Path(__file__).parent / "words"
    file = folder / f"{language.partition('-')[0]}.toml"
    table = tomllib.loads((file if file.exists() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8"))
    return {scope: frozenset(table[scope]) for scope in Scope}


async def _days(ctx: Context) -> Sequence[Occurrence]:
    now = ctx.clock.now()
    return await ctx.calendar.between(now, now + AHEAD)


def _at_clock(ctx: Context, found: Sequence[Occurrence], when: Instant) -> Sequence[Occurrence]:
    """Those that begin then; else at that time of the day, or twelve hours off, for it may be a bare hour."""
    exact = [each for each in found if each.start_at == when.at]
    if exact:
        return exact
    said = wall(when.at, ctx).time()
    clocks = (said, (wall(when.at, ctx) + timedelta(hours=12)).time())
    for clock in clocks:
        if there := [each for each in found if not each.event.is_all_day and each.start_local.time() == clock]:
            return there
    return ()
