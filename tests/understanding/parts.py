"""A small home, some skills and a clock that stands still, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from assistant.core.clock import SystemClock
from assistant.core.home import Area, AreaId, Entity, EntityId, Floor, FloorId, HomeView
from assistant.core.intents import IntentSpec, SlotKind, SlotSpec
from assistant.core.schedule import ScheduledItem
from assistant.core.turn import Command, Commands, Plan, Question, Situation, SlotValue, Source, Transcript, Understood
from assistant.understanding import Understanding

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")

OFFICE, KITCHEN, BEDROOM = AreaId("office"), AreaId("kitchen"), AreaId("bedroom")
UPSTAIRS = FloorId("upstairs")

HOME = HomeView(
    [
        Entity(EntityId("light.desk"), "Desk Lamp", "light", OFFICE, ("writing lamp",)),
        Entity(EntityId("light.office_ceiling"), "Ceiling Light", "light", OFFICE),
        Entity(EntityId("light.kitchen_ceiling"), "Ceiling Light", "light", KITCHEN),
        Entity(EntityId("cover.garage"), "Garage Door", "cover", None, (), "garage"),
        Entity(EntityId("media_player.radio"), "Radio", "media_player", KITCHEN),
        Entity(EntityId("lock.front"), "Front Door", "lock"),
        Entity(EntityId("light.mood"), "거실 무드등", "light"),
    ],
    [Area(OFFICE, "Office", ("study",)), Area(KITCHEN, "Kitchen"), Area(BEDROOM, "Bedroom", (), UPSTAIRS)],
    [Floor(UPSTAIRS, "Upstairs")],
)

HOME_INTENTS = (
    "HassTurnOn",
    "HassTurnOff",
    "HassLightSet",
    "HassGetState",
    "HassStartTimer",
    "HassShoppingListAddItem",
    "HassMediaSearchAndPlay",
)

SKILLS = (
    IntentSpec(
        "reminders.remind",
        "reminders",
        "Keep a reminder.",
        {
            "en": ("remind me [to] {what} {at}", "remind me {at} to {what}", "remind me to {what}", "remind me"),
            "ko": ("{at}에 {what}[을|를] 알려 줘",),
        },
        (SlotSpec("what", SlotKind.TEXT), SlotSpec("at", SlotKind.WHEN, False)),
    ),
    IntentSpec(
        "timers.start",
        "timers",
        "Start a timer.",
        {
            "en": ("(set|start) [a] timer for {length}", "(set|start) [a] {length} timer"),
            "ko": ("{length} 타이머 맞춰",),
        },
        (SlotSpec("length", SlotKind.DURATION),),
    ),
    IntentSpec(
        "dice.roll", "dice", "Roll dice.", {"en": ("roll {count} dice",)}, (SlotSpec("count", SlotKind.NUMBER),)
    ),
    IntentSpec("clock.in", "clock", "Time.", {"en": ("time in {city}",)}, (SlotSpec("city", SlotKind.PLACE),)),
    IntentSpec(
        "finder.find",
        "finder",
        "Find things.",
        {"en": ("where is {thing}", "what is in {room}")},
        (SlotSpec("thing", SlotKind.ENTITY, False), SlotSpec("room", SlotKind.AREA, False)),
    ),
    IntentSpec(
        "moods.set",
        "moods",
        "Set a mood.",
        {"en": ("mood {mood}",)},
        (SlotSpec("mood", SlotKind.CHOICE, choices={"en": {"calm": "low", "party": "high"}}),),
    ),
    IntentSpec("notes.keep", "notes", "Keep.", {"en": ("{note} is a note",)}, (SlotSpec("note", SlotKind.TEXT),)),
)

INTENTS = (*(IntentSpec(name, "home", name) for name in HOME_INTENTS), *SKILLS)


class StillClock(SystemClock):
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


FEW_INTENTS = (IntentSpec("HassTurnOn", "home", "Turn on."), *SKILLS)
"""Compile fast."""


def understanding(intents: tuple[IntentSpec, ...] = INTENTS) -> Understanding:
    """With those skills and the home above."""
    made = Understanding(StillClock(), ZONE)
    made.use(intents, HOME)
    return made


@dataclass(frozen=True, slots=True)
class Said:
    """Who speaks, where, and what is open."""

    language: str = "en"
    area_id: AreaId | None = None
    question: Question | None = None
    ringing: tuple[ScheduledItem, ...] = ()


async def understood(part: Understanding, text: str, said: Said = Said()) -> Understood:
    situation = Situation(said.language, Source.TYPED, said.area_id, said.question, said.ringing)
    return await part.understand(Transcript(text, said.language, "typed"), situation)


async def plan(part: Understanding, text: str, said: Said = Said()) -> Plan:
    return (await understood(part, text, said)).plan


async def commands(part: Understanding, text: str, said: Said = Said()) -> tuple[Command, ...]:
    made = await plan(part, text, said)
    assert isinstance(made, Commands), made
    return made.commands


@dataclass(frozen=True, slots=True)
class Pending:
    """Makes the command that a question is about."""

    intent: str = "reminders.remind"
    slots: Mapping[str, SlotValue] = field(default_factory=dict)

    def command(self) -> Command:
        return Command(self.intent, self.slots, "as said before")
