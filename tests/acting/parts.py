"""Scripted stand-ins for what acting reaches through core's ports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from assistant.acting.converse import Conversation, ConversationParts, Said
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.home import Action, ActionResult, ActionStatus, Entity, EntityId, EntityState, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.ports import HomePort, SkillRunner, Understander
from assistant.core.turn import (
    Command,
    Commands,
    DialogueAct,
    Nothing,
    Outcome,
    OutcomeStatus,
    Plan,
    QuestionKind,
    Situation,
    Source,
    Transcript,
    Turn,
    Understood,
)

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 1, 12, tzinfo=ZONE)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return NOON.astimezone(UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


FRONT = Entity(EntityId("front"), "front door", "lock")
BACK = Entity(EntityId("back"), "back door", "lock")
GARAGE = Entity(EntityId("garage"), "garage door", "cover", device_class="garage")
BLIND = Entity(EntityId("blind"), "blind", "cover", device_class="blind")
SIREN = Entity(EntityId("siren"), "siren", "siren")
ALARM = Entity(EntityId("alarm"), "alarm", "alarm_control_panel")
LAMP = Entity(EntityId("lamp"), "lamp", "light")


class ScriptedHome(HomePort):
    """Keeps what it was asked to do and confirms all of it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def view(self) -> HomeView:
        return HomeView((FRONT, BACK, GARAGE, BLIND, SIREN, ALARM, LAMP), ())

    def state(self, entity_id: EntityId) -> EntityState:
        return EntityState()

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        self.sent += [(action.entity_id, action.verb) for action in actions]
        return [ActionResult(action, ActionStatus.CONFIRMED, EntityState()) for action in actions]


class ScriptedSkills(SkillRunner):
    """Does to the home what slots say (`do` = "verb entity entity"), or what a script says for an intent."""

    def __init__(self, words: Mapping[tuple[str, str, str], Sequence[str]] | None = None) -> None:
        self.table = dict(words or {})
        self.outcomes: dict[str, Outcome | Exception] = {}
        self.hang: set[str] = set()
        self.ran: list[Command] = []

    def intents(self) -> Sequence[IntentSpec]:
        return ()

    async def run(self, command: Command, situation: Situation, home: HomePort) -> Outcome:
        self.ran.append(command)
        if command.intent in self.hang:
            await asyncio.Event().wait()
        scripted = self.outcomes.get(command.intent)
        if isinstance(scripted, Exception):
            raise scripted
        if scripted is not None:
            return scripted
        verb, *names = str(command.slots["do"]).split()
        await home.act([Action(EntityId(name), verb) for name in names])
        return Outcome(OutcomeStatus.DONE, "did", {"verb": verb, "names": tuple(names)}, "home")

    def words(self, skill: str, key: str, language: str) -> Sequence[str]:
        return self.table.get((skill, key, language), ())


class ScriptedUnderstander(Understander):
    """Knows some sentences; "yes" and "no" answer an open question."""

    def __init__(self) -> None:
        self.plans: dict[str, Plan | Exception] = {}
        self.situations: list[Situation] = []

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        self.situations.append(situation)
        question = situation.open_question
        if question is not None and question.kind is QuestionKind.CONFIRM and transcript.text == "yes":
            pending = question.pending
            return Understood(Commands((Command(pending.intent, pending.slots, pending.text, is_confirmed=True),)))
        if question is not None and transcript.text == "no":
            return Understood(DialogueAct.NEVER_MIND)
        plan = self.plans.get(transcript.text, Nothing("not_understood"))
        if isinstance(plan, Exception):
            raise plan
        return Understood(plan)

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        return None

    def phrases(self, language: str, limit: int) -> Sequence[str]:
        return ()


def replier_of(skills: SkillRunner) -> Replier:
    """A replier at noon."""
    return Replier(skills.words, CoreWords(), lambda: NOON)


def commands(*does: str) -> Commands:
    """A plan that does these things to the home."""
    return Commands(tuple(Command("home.do", {"do": do}) for do in does))


@dataclass
class Bench:
    """A conversation and everything it is made of."""

    skills: ScriptedSkills = field(default_factory=lambda: ScriptedSkills({("home", "did", "en"): ["Did it."]}))
    home: ScriptedHome = field(default_factory=ScriptedHome)
    understander: ScriptedUnderstander = field(default_factory=ScriptedUnderstander)
    clock: HandClock = field(default_factory=HandClock)
    trace: Trace = field(default_factory=Trace)
    turn_s: float = 8.0

    def conversation(self, **more: object) -> Conversation:
        executor = Executor(self.skills, Fence(self.home))
        replier = replier_of(self.skills)
        return Conversation(
            ConversationParts(
                self.understander,
                executor,
                replier,
                self.clock,
                self.trace,
                turn_s=self.turn_s,
                **more,  # type: ignore[arg-type]  # whatever a test sets
            )
        )


def said(text: str, language: str = "en", channel: str = "") -> Said:
    """Typed words."""
    return Said(Transcript(text, language, "typed"), Source.TYPED, channel)


async def ask(conversation: Conversation, text: str, channel: str = "") -> Turn:
    """One typed turn."""
    return await conversation.take(said(text, channel=channel))


def text_of(turn: Turn) -> str:
    """The words of its reply."""
    assert turn.reply is not None
    return turn.reply.text
