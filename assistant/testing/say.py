"""The skill author's test kit: say a sentence to a skill, see what it does and answers.

async def test_it_knows_the_time() -> None:
    answer = await say("what time is it in tokyo", to=WorldClock)
    assert answer.text == "It is 9 p.m. in Tokyo."
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
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
from assistant.core.errors import SkillLoadError
from assistant.core.home import AreaId, HomeView
from assistant.core.settings import SkillSettings
from assistant.core.turn import Outcome, Source, Transcript, Turn
from assistant.sdk.skill import Skill
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.skillhost.load import claim_submodules
from assistant.testing.paper import PaperClock, PaperHome, PaperNotebook, PaperSchedule
from assistant.understanding.understanding import Understanding

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""


def _empty_home() -> PaperHome:
    return PaperHome(HomeView((), ()))


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when a skill is spoken to."""

    home: PaperHome = field(default_factory=_empty_home)
    now: datetime = NOON
    zone: str = "UTC"
    language: str = "en"
    area_id: AreaId | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one sentence."""

    turn: Turn

    @property
    def text(self) -> str:
        """The words of the reply."""
        return self.turn.reply.text if self.turn.reply is not None else ""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the skill did, in order; empty when the sentence was not understood."""
        return self.turn.outcomes

    @property
    def asks(self) -> bool:
        """True when the reply is a question."""
        return self.turn.reply is not None and self.turn.reply.expects_answer


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with one skill; `clock` and `schedule` are its own."""

    scene: Scene
    clock: PaperClock
    schedule: PaperSchedule
    conversation: Conversation
    notebook: Callable[[str], PaperNotebook]
    """Skill's name → its notes."""

    async def say(self, text: str) -> Answer:
        """Say the next sentence."""
        scene = self.scene
        said = Said(Transcript(text, scene.language, "typed"), Source.TYPED, area_id=scene.area_id)
        return Answer(await self.conversation.take(said))


@asynccontextmanager
async def talk_to(skill: type[Skill] | Path, scene: Scene | None = None) -> AsyncIterator[Talk]:
    """Load a skill (its class, file or folder) as the assistant would. Raises SkillLoadError when that fails."""
    scene = scene or Scene()
    zone, clock = ZoneInfo(scene.zone), PaperClock(scene.now)
    schedule = PaperSchedule(clock)
    notebooks: defaultdict[str, PaperNotebook] = defaultdict(PaperNotebook)
    parts = ContextParts(clock, zone, schedule, notebooks.__getitem__, check, schedule.calendar)
    host = SkillHost(SkillSettings(), False, None, parts)
    claim_submodules()
    await host.reload(_path_of(skill))
    if failures := host.failures():
        raise SkillLoadError(f"the skill {failures[0].name} can't be loaded", why=failures[0].detail)
    understanding = Understanding(clock, zone)
    understanding.use(host.intents(), scene.home.view())
    replier = Replier(host.words, CoreWords(), lambda: clock.now().astimezone(zone))
    executor = Executor(host, Fence(scene.home))
    try:
        yield Talk(
            scene,
            clock,
            schedule,
            Conversation(ConversationParts(understanding, executor, replier, clock, Trace())),
            notebooks.__getitem__,
        )
    finally:
        understanding.close()
        await host.stop()


async def say(text: str, to: type[Skill] | Path, scene: Scene | None = None) -> Answer:
    """Say one sentence to a skill."""
    async with talk_to(to, scene) as talk:
        return await talk.say(text)


def _path_of(skill: type[Skill] | Path) -> Path:
    """The file or folder of a skill."""
    path = skill if isinstance(skill, Path) else Path(inspect.getfile(skill))
    return path.parent if path.name == "__init__.py" else path
