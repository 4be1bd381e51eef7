"""Parts of the stage for whose threads its clock waits, and sounds that are kept as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from assistant.acting.converse import Conversation, Said
from assistant.acting.replier import Replier
from assistant.core.ports import Notebook
from assistant.core.settings import ScheduleSettings
from assistant.core.turn import SlotValue, Turn
from assistant.daemon.sounds import Sounds
from assistant.testing.clock import FakeClock
from benchmarks.home_cases import Case


class OpenSounds(Sounds):
    """What is said unasked is kept as text."""

    def __init__(self, clock: FakeClock, case: Case, replier: Replier) -> None:
        super().__init__(clock, case.zone, ScheduleSettings())
        self._replier = replier
        self._language = case.house.language
        self.spoken: list[str] = []

    async def tell(self, skill: str, key: str, values: Mapping[str, object]) -> None:
        """As the voice would say it."""
        self.spoken.append(self._replier.words(skill, key, self._language, cast("Mapping[str, SlotValue]", values)))


@dataclass(frozen=True, slots=True)
class HeldNotebook(Notebook):
    """A notebook for whose threads the clock waits."""

    inner: Notebook
    clock: FakeClock

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        with self.clock.hold():
            return await self.inner.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep the text."""
        with self.clock.hold():
            await self.inner.put(key, text)

    async def delete(self, key: str) -> None:
        """Forget the key."""
        with self.clock.hold():
            await self.inner.delete(key)

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        with self.clock.hold():
            return await self.inner.keys()


@dataclass(frozen=True, slots=True)
class HeldTalk:
    """A conversation for whose threads the clock waits."""

    inner: Conversation
    clock: FakeClock

    async def take(self, said: Said) -> Turn:
        """Understand, do and answer."""
        with self.clock.hold():
            return await self.inner.take(said)
