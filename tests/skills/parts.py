"""Talks to the bundled skills as people do, over a real schedule on a fake clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.acting.converse import Conversation, ConversationParts, Said
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.clock import Clock
from assistant.core.home import Area, AreaId, Entity, EntityId, HomeView
from assistant.core.schedule import DueItem, ItemKind
from assistant.core.settings import ScheduleSettings, SkillSettings
from assistant.core.turn import OutcomeStatus, Source, Transcript, Turn
from assistant.schedule import Schedule, announcement
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.clock import FakeClock
from assistant.testing.paper import PaperHome
from assistant.understanding.understanding import Understanding

MONDAY_NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""Noon in Berlin."""
ZONE = ZoneInfo("Europe/Berlin")
KITCHEN = AreaId("kitchen")
HOME = HomeView(
    (
        Entity(EntityId("todo.chores"), "Chores", "todo"),
        Entity(EntityId("lock.front_door"), "Front door", "lock", aliases=("현관문",)),
        Entity(EntityId("light.lamp"), "Lamp", "light", KITCHEN),
        Entity(EntityId("cover.blind"), "Living room blind", "cover", aliases=("거실 블라인드",)),
    ),
    (Area(KITCHEN, "Kitchen"), Area(AreaId("bath"), "Bathroom")),
)


class BorrowedClock(Clock):
    """Shows what the clock of the present test shows."""

    def __init__(self) -> None:
        self.lender: Clock = FakeClock()

    def now(self) -> datetime:
        return self.lender.now()

    def monotonic(self) -> float:
        return self.lender.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self.lender.sleep(seconds)


_CLOCK = BorrowedClock()
_UNDERSTANDING = Understanding(_CLOCK, ZONE)
"""Compiling the sentences takes longest, so it is done once for all tests."""


@dataclass
class Talk:
    """All bundled skills, spoken to by typed sentences."""

    clock: FakeClock
    schedule: Schedule
    conversation: Conversation
    replier: Replier
    language: str
    area_id: AreaId | None = KITCHEN
    due: list[str] = field(default_factory=list)
    turn: Turn | None = None

    async def say(self, text: str) -> str:
        """The reply to a sentence."""
        said = Said(Transcript(text, self.language, "typed"), Source.TYPED, area_id=self.area_id)
        self.turn = await self.conversation.take(said)
        assert self.turn.error == ""
        assert self.turn.reply is not None
        return self.turn.reply.text

    @property
    def status(self) -> OutcomeStatus | None:
        """What became of the last sentence; None when it was not understood."""
        assert self.turn is not None
        return self.turn.outcomes[-1].status if self.turn.outcomes else None

    @property
    def asks(self) -> bool:
        """True when the last reply is a question."""
        assert self.turn is not None
        return self.turn.reply is not None and self.turn.reply.expects_answer

    def timers(self) -> list[str]:
        """Timers that are to come, as "name seconds-to-go"."""
        now = self.clock.now()
        lefts = [
            (each.label, each.remaining if each.due_at is None else each.due_at - now)
            for each in self.schedule.pending(ItemKind.TIMER)
        ]
        return [f"{label} {left.total_seconds():g}".strip() for label, left in lefts if left is not None]

    def reminders(self) -> list[str]:
        """Reminders that are to come, as "day hour:minute text" by the wall clock of Berlin."""
        items = self.schedule.pending(ItemKind.REMINDER)
        return [f"{each.due_at.astimezone(ZONE):%a %H:%M} {each.label}" for each in items if each.due_at]


@asynccontextmanager
async def talk(folder: Path, language: str = "en", now: datetime = MONDAY_NOON) -> AsyncIterator[Talk]:
    """Everything between a sentence and its reply, but for sound. What falls due is put into words."""
    clock = FakeClock(now)
    words_of_due: list[str] = []

    async def on_due(due: DueItem) -> None:
        said = announcement(due)
        words_of_due.append(replier.words(said.skill, said.key, due.item.language, said.values))

    async with Schedule(folder / "schedule.sqlite", clock, ScheduleSettings(), on_due) as schedule:
        host = SkillHost(
            SkillSettings(),
            True,
            None,
            ContextParts(clock, ZONE, schedule, schedule.notebook, check, schedule.calendar),
        )
        replier = Replier(host.words, CoreWords(), lambda: clock.now().astimezone(ZONE))
        await host.start()
        _CLOCK.lender = clock
        _UNDERSTANDING.use(host.intents(), HOME)
        home = PaperHome(HOME)
        executor = Executor(host, Fence(home))
        parts = ConversationParts(_UNDERSTANDING, executor, replier, clock, Trace())
        try:
            yield Talk(clock, schedule, Conversation(parts), replier, language, due=words_of_due)
        finally:
            await host.stop()
