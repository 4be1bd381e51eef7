"""What came of recordings that were heard: right plans and milliseconds per stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.acting.trace import stage_ms
from assistant.core.turn import Command, Commands, Plan, SlotValue, Stage, Turn
from benchmarks.recordings import Recording
from benchmarks.report import percentile, rounded
from benchmarks.words import comparable

MEASURED = (Stage.ENDPOINT, Stage.TRANSCRIPT, Stage.PLAN, Stage.ACTED, Stage.FIRST_SOUND)
_SAME_INSTANT = timedelta(seconds=60)
"""The words are understood twice, a moment apart: "in five minutes" is not the same instant then."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording, the plan its own words lead to, and the turn that came of its sound (None: nothing heard)."""

    recording: Recording
    wanted: Plan
    turn: Turn | None

    @property
    def is_command(self) -> bool:
        """True where the words that were really said are something the product does."""
        return isinstance(self.wanted, Commands)

    @property
    def words(self) -> str:
        """The words heard."""
        return self.turn.transcript.text if self.turn is not None else ""

    @property
    def is_right(self) -> bool:
        """The words heard lead to the same plan."""
        got = self.turn.understood.plan if self.turn and self.turn.understood else None
        return got is not None and is_same_plan(self.wanted, got, self.recording.language or "en")


@dataclass(slots=True)
class Tally:
    """All that was heard, and what it cost."""

    heard: list[Heard] = field(default_factory=list)
    rss_mb: int = 0
    cpu_idle_percent: float | None = None

    def engines(self) -> Sequence[str]:
        """Engines that gave words."""
        return sorted({one.turn.transcript.engine for one in self.heard if one.turn is not None})

    def figures(self) -> dict[str, object]:
        """Everything but the engines."""
        groups = sorted({one.recording.group for one in self.heard})
        by_group = {name: _shares([one for one in self.heard if one.recording.group == name]) for name in groups}
        costs = {"rss_mb": self.rss_mb, "cpu_idle_percent": rounded(self.cpu_idle_percent, 2)}
        misheard = {one.recording.transcript: one.words for one in self.heard if one.is_command and not one.is_right}
        acted = {one.recording.transcript: one.words for one in self.heard if not one.is_command and _acts(one.turn)}
        words = {"misheard": misheard, "acted_on": acted}
        return {**_times(self.heard), **_shares(self.heard), **costs, "by_group": by_group, **words}

    def turns_of(self, engine: str) -> dict[str, object]:
        """The turns of one engine."""
        mine = [one for one in self.heard if one.turn is not None and one.turn.transcript.engine == engine]
        return {**_times(mine), **_shares(mine)}


def _shares(heard: Sequence[Heard]) -> dict[str, object]:
    commands = [one for one in heard if one.is_command]
    wrong = sum(not one.is_right and _acts(one.turn) for one in commands)
    return {
        "right": rounded(sum(one.is_right for one in commands) / len(commands), 4) if commands else None,
        "wrong_action": rounded(wrong / len(commands), 4) if commands else None,
        "commands_n": len(commands),
        "acted_on_no_command": sum(_acts(one.turn) for one in heard if not one.is_command),
        "unheard": sum(one.turn is None for one in heard),
        "n": len(heard),
    }


def _acts(turn: Turn | None) -> bool:
    return turn is not None and turn.understood is not None and isinstance(turn.understood.plan, Commands)


def _times(heard: Sequence[Heard]) -> dict[str, object]:
    """Per stage, and from the end of speech to the first sound of the answer."""
    turns = [one.turn for one in heard if one.turn is not None]
    took: dict[str, list[float]] = {stage.value: [] for stage in MEASURED}
    whole: list[float] = []
    for turn in turns:
        for stage, ms in stage_ms(turn).items():
            if stage in took:
                took[stage].append(ms)
        if Stage.FIRST_SOUND in turn.stages and Stage.SPEECH_END in turn.stages:
            whole.append((turn.stages[Stage.FIRST_SOUND] - turn.stages[Stage.SPEECH_END]) * 1000)
    return {
        name: {"p50_ms": rounded(percentile(ms, 50), 1), "p95_ms": rounded(percentile(ms, 95), 1)}
        for name, ms in [*took.items(), ("speech_end_to_first_sound", whole)]
    }


def is_same_plan(one: Plan, other: Plan, language: str) -> bool:
    """Do both do the same? The words they came from may differ."""
    if not isinstance(one, Commands) or not isinstance(other, Commands):
        return False
    pairs = zip(one.commands, other.commands, strict=False)
    return len(one.commands) == len(other.commands) and all(_is_same_command(*pair, language) for pair in pairs)


def _is_same_command(one: Command, other: Command, language: str) -> bool:
    if one.intent != other.intent or one.slots.keys() != other.slots.keys():
        return False
    return all(_is_same_value(value, other.slots[name], language) for name, value in one.slots.items())


def _is_same_value(one: SlotValue, other: SlotValue, language: str) -> bool:
    match one, other:
        case datetime(), datetime():
            return abs(one - other) < _SAME_INSTANT
        case str(), str():
            return comparable(one, language) == comparable(other, language)
        case _:
            return one == other
