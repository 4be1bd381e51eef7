"""Which timers somebody means: by name, by length, by area, or the only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.sdk import AreaId, Context, ItemKind, Outcome, ScheduledItem, SlotKind, Slots, SlotValue

ENDING = 2
"""Letters that a word may have more than the one that is meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a timer was described."""

    name: str = ""
    length: timedelta | None = None
    area_id: AreaId | None = None

    @property
    def is_described(self) -> bool:
        """True when anything was said about it."""
        return bool(self.name or self.length or self.area_id)


def wanted_from(slots: Slots) -> Wanted:
    """From the slots of a Home Assistant intent, and those that an answer filled in."""
    length, area = slots.get("length"), slots.get("area_id")
    return Wanted(
        str(slots.get("name") or "").strip(),
        length if isinstance(length, timedelta) else duration_from(slots, "start_"),
        AreaId(area) if isinstance(area, str) else None,
    )


def duration_from(slots: Slots, prefix: str = "") -> timedelta | None:
    """Hours, minutes and seconds together; None when they make nothing."""
    hours, minutes, seconds = (_number(slots.get(prefix + unit)) for unit in ("hours", "minutes", "seconds"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None


def matching(timers: Sequence[ScheduledItem], wanted: Wanted) -> Sequence[ScheduledItem]:
    """Those that fit, soonest first. A name that is said exactly wins over one that is part of another."""
    found = [timer for timer in timers if _fits(timer, wanted)]
    exact = [timer for timer in found if wanted.name and timer.label.casefold() == wanted.name.casefold()]
    return exact or found


def the_one(
    ctx: Context, wanted: Wanted, ask: str, among: Sequence[ScheduledItem] | None = None
) -> ScheduledItem | Outcome:
    """The timer that is meant; else words that say there is none, or ask which with the reply key `ask`."""
    timers = ctx.schedule.pending(ItemKind.TIMER) if among is None else among
    found = matching(timers, wanted)
    if len(found) == 1:
        return found[0]
    if not timers:
        return Outcome.not_found("none")
    if not found:
        return Outcome.not_found("no_such", name=wanted.name, length=wanted.length)
    if len({timer.label.casefold() for timer in found}) == 1 and found[0].label:
        return found[0]
    if any(timer.label for timer in found):
        names = tuple(dict.fromkeys(timer.label for timer in found if timer.label))
        others = sum(not timer.label for timer in found)
        return ctx.ask(f"{ask}_name", "name", SlotKind.TEXT, names=names, others=others)
    lengths: dict[str, SlotValue] = {f"length{place}": timer.duration for place, timer in enumerate(found[:2], 1)}
    if found[0].duration == found[1].duration:
        return found[0]
    return ctx.ask(f"{ask}_length", "length", SlotKind.DURATION, count=len(found), **lengths)


def _fits(timer: ScheduledItem, wanted: Wanted) -> bool:
    if wanted.name and not _is_called(timer.label, wanted.name):
        return False
    if wanted.length and timer.duration != wanted.length:
        return False
    return wanted.area_id is None or timer.area_id == wanted.area_id


def _is_called(label: str, name: str) -> bool:
    """Every word of the label is said, or every word said is in the label."""
    mine, said = label.casefold().split(), name.casefold().split()
    return bool(mine) and (_all_in(mine, said) or _all_in(said, mine))


def _all_in(words: Sequence[str], others: Sequence[str]) -> bool:
    return all(any(_is_like(word, other) for other in others) for word in words)


def _is_like(word: str, other: str) -> bool:
    """The same, but for an ending: egg, eggs; potato, potatoes."""
    short, long = sorted((word, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= (ENDING if len(short) > ENDING else 0)


def _number(value: SlotValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
