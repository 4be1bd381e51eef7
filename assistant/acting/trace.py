"""The last turns, for people and programs to look at."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from assistant.core.ports import Spoken
from assistant.core.turn import Stage, Turn, TurnId

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Trace:
    """Keeps a number of turns, the oldest go."""

    def __init__(self, limit: int = 50, on_turn: Callable[[Turn], None] = lambda _: None) -> None:
        self.on_turn = on_turn
        """Called with every finished turn."""
        self.watchers: list[Callable[[Turn], None]] = []
        """Likewise."""
        self._arrived = asyncio.Event()
        self._said = asyncio.Event()
        self._turns: deque[Turn] = deque(maxlen=limit)
        self._spoken: dict[TurnId, Spoken] = {}

    def add(self, turn: Turn) -> None:
        """Keep a finished turn."""
        self._turns.append(turn)
        kept = {turn.id for turn in self._turns}
        self._spoken = {turn_id: spoken for turn_id, spoken in self._spoken.items() if turn_id in kept}
        self.on_turn(turn)
        for watch in self.watchers:
            watch(turn)
        self._arrived.set()
        self._arrived = asyncio.Event()

    async def until_spoken(self, turn: Turn) -> None:
        """Wait until the turn's reply was spoken, or broken off."""
        while turn.id not in self._spoken:
            await self._said.wait()

    async def next(self) -> Turn:
        """Wait for the next finished turn."""
        await self._arrived.wait()
        return self._turns[-1]

    def note_spoken(self, turn_id: TurnId, spoken: Spoken) -> None:
        """Keep what was really said aloud of a turn's reply."""
        self._spoken[turn_id] = spoken
        self._said.set()
        self._said = asyncio.Event()

    def turns(self) -> tuple[Turn, ...]:
        """Oldest first."""
        return tuple(self._turns)

    def last(self) -> Turn | None:
        """The newest."""
        return self._turns[-1] if self._turns else None

    def spoken(self, turn_id: TurnId) -> Spoken | None:
        """What was said aloud of that turn's reply, empty where silence was the answer; None: not spoken (yet)."""
        return self._spoken.get(turn_id)

    def as_json(self, turn: Turn) -> dict[str, Json]:
        """Everything that is known about a turn, as plain JSON."""
        plain = _plain(turn)
        assert isinstance(plain, dict)
        plain["stage_ms"] = {name: round(ms, 1) for name, ms in stage_ms(turn).items()}
        plain["spoken"] = _plain(self._spoken.get(turn.id))
        return plain

    def as_text(self, turn: Turn) -> str:
        """The same for people."""
        return "\n".join(_lines(turn, self._spoken.get(turn.id)))


def stage_ms(turn: Turn) -> dict[str, float]:
    """Milliseconds that each stage took, counted from the one that happened before it. An answer that is spoken while
    it is made sounds before it is complete."""
    reached = sorted(((stage, turn.stages[stage]) for stage in Stage if stage in turn.stages), key=lambda each: each[1])
    pairs = itertools.pairwise(reached)
    return {stage.value: (at_s - before_s) * 1000 for (_, before_s), (stage, at_s) in pairs}


def _lines(turn: Turn, spoken: Spoken | None) -> Iterator[str]:
    yield f"turn {turn.id}  {turn.started_at:%Y-%m-%d %H:%M:%S}  {turn.situation.source.value}"
    heard = turn.transcript
    yield f"heard    {heard.text!r}  ({heard.engine}, {heard.language}, confidence {heard.confidence:.2f})"
    for other in heard.alternatives:
        yield f"  or     {other.text!r}  (confidence {other.confidence:.2f})"
    if turn.understood is not None:
        for tier in turn.understood.tiers:
            yield f"tier     {tier.tier}: {'took' if tier.took else 'passed'}, {tier.why} ({tier.ms:.1f} ms)"
        yield f"plan     {json.dumps(_plain(turn.understood.plan), ensure_ascii=False)}"
    for outcome in turn.outcomes:
        values = json.dumps(_plain(outcome.values), ensure_ascii=False)
        yield f"outcome  {outcome.status.value}  {outcome.skill}:{outcome.key}  {values}"
    if turn.reply is not None:
        yield f"reply    {turn.reply.text!r}{'  (waits for an answer)' if turn.reply.expects_answer else ''}"
    if spoken is not None and spoken.was_stopped:
        yield f"spoken   {spoken.text!r}  (interrupted)"
    if turn.error:
        yield f"error    {turn.error}"
    for stage, ms in stage_ms(turn).items():
        yield f"  {stage:<12}{ms:8.1f} ms"


def _plain(value: object) -> Json:
    """Any value of a turn as JSON; dataclasses become objects, times ISO text, durations seconds."""
    match value:
        case None | str() | bool() | int() | float():
            return value
        case timedelta():
            return value.total_seconds()
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(inner) for inner in value]
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return str(value)
