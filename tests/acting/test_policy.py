"""What is dangerous is asked for, what is forbidden never happens, what is harmless just happens."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.acting.pin import PinLock, hashed
from assistant.acting.policy import Confirmed, Fence, NoPin, OnlyOneAtATime, PinNeeded, TooOften
from assistant.core.actions import ActionLog, LoggedAction, Who
from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.home import Action, EntityId, EntityState, Value
from assistant.core.settings import SafetySettings
from assistant.testing.clock import FakeClock
from tests.acting.parts import ScriptedHome


class Paper(ActionLog):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[LoggedAction] = []

    def note(self, action: LoggedAction) -> None:
        self.lines.append(action)


class HalfOpenHome(ScriptedHome):
    """Its openings stand at 50 %."""

    def state(self, entity_id: EntityId) -> EntityState:
        return EntityState("open", {"position": 50})


class RenamingHome(ScriptedHome):
    """Keeps what things are to be called."""

    def __init__(self) -> None:
        super().__init__()
        self.renamed: list[tuple[str, str]] = []

    async def rename(self, entity_id: EntityId, name: str) -> None:
        self.renamed.append((entity_id, name))


def act(name: str, verb: str, values: Mapping[str, Value] | None = None, **more: Value) -> Action:
    return Action(EntityId(name), verb, {**(values or {}), **more})


@pytest.mark.parametrize(
    "action",
    [
        act("front", "unlock"),
        act("front", "open"),
        act("front", "toggle"),
        act("front", "turn_off"),
        act("garage", "open"),
        act("garage", "toggle"),
        act("garage", "set_position", position=10),
        act("alarm", "disarm"),
        act("alarm", "trigger"),
        act("alarm", "arm_custom_bypass"),
        act("siren", "turn_on"),
    ],
)
async def test_dangerous_actions_need_a_yes(action: Action) -> None:
    home = ScriptedHome()
    with pytest.raises(ConfirmationNeeded) as needed:
        await Fence(home).guarded().act([act("lamp", "turn_on"), action])
    assert needed.value.verb == action.verb
    assert home.sent == []
    for other in (Confirmed("lamp", action.verb), Confirmed(needed.value.names[0], "sing")):
        with pytest.raises(ConfirmationNeeded):
            await Fence(home).guarded(confirmed=other).act([action])
    await Fence(home).guarded(confirmed=Confirmed(needed.value.names[0], action.verb)).act([action])
    assert home.sent == [(action.entity_id, action.verb)]


@pytest.mark.parametrize(
    "action",
    [
        act("front", "lock"),
        act("front", "turn_on"),
        act("garage", "close"),
        act("garage", "stop"),
        act("garage", "set_position", position=0),
        act("alarm", "arm_away"),
        act("siren", "turn_off"),
        act("blind", "open"),
        act("lamp", "turn_on"),
        act("unknown", "unlock"),
    ],
)
async def test_harmless_actions_just_happen(action: Action) -> None:
    home = ScriptedHome()
    await Fence(home).guarded().act([action])
    assert home.sent == [(action.entity_id, action.verb)]


async def test_moving_towards_closed_is_closing() -> None:
    home = HalfOpenHome()
    await Fence(home).guarded().act([act("garage", "set_position", position=30)])
    with pytest.raises(ConfirmationNeeded):
        await Fence(home).guarded().act([act("garage", "set_position", position=70)])


async def test_several_dangerous_things_at_once_are_refused_even_after_a_yes() -> None:
    home = ScriptedHome()
    with pytest.raises(OnlyOneAtATime) as refusal:
        await (
            Fence(home)
            .guarded(confirmed=Confirmed("front door", "unlock"))
            .act([act("front", "unlock"), act("back", "unlock")])
        )
    assert refusal.value.names == ("front door", "back door")
    assert refusal.value.verb == "unlock"
    assert home.sent == []


async def test_one_yes_stands_for_one_thing_only() -> None:
    home = ScriptedHome()
    guarded = Fence(home).guarded(confirmed=Confirmed("front door", "unlock"))
    await guarded.act([act("front", "unlock")])
    with pytest.raises(OnlyOneAtATime):
        await guarded.act([act("back", "unlock")])
    assert home.sent == [("front", "unlock")]


async def test_denied_kinds_are_never_commanded_not_even_to_lock() -> None:
    home = ScriptedHome()
    fence = Fence(home, SafetySettings(deny=("lock", "garage")))
    for action in (act("front", "lock"), act("garage", "close")):
        with pytest.raises(NotAllowed):
            await fence.guarded(confirmed=Confirmed("front door", "lock")).act([act("lamp", "turn_on"), action])
    assert home.sent == []


async def test_only_what_is_allowed_is_commanded_where_there_is_a_list() -> None:
    home = ScriptedHome()
    fence = Fence(home, SafetySettings(allow=("light", "front door")))
    await fence.guarded().act([act("lamp", "turn_on"), act("front", "lock")])
    for action in (act("blind", "open"), act("back", "lock")):
        with pytest.raises(NotAllowed) as refusal:
            await fence.guarded().act([act("lamp", "turn_off"), action])
        assert "lamp" not in refusal.value.names
    assert home.sent == [("lamp", "turn_on"), ("front", "lock")]


@pytest.mark.parametrize(
    ("settings", "is_asked"),
    [
        (SafetySettings(free=("garage door",)), False),
        (SafetySettings(free=("GARAGE D*",)), False),
        (SafetySettings(free=("cover",)), True),
        (SafetySettings(ask=(), free=("garage",)), False),
        (SafetySettings(ask=("lamp",)), False),
        (SafetySettings(ask=("cover",)), True),
        (SafetySettings(ask=("*door*",)), True),
    ],
)
async def test_a_single_thing_goes_before_its_kind(settings: SafetySettings, is_asked: bool) -> None:
    home = ScriptedHome()
    fence = Fence(home, settings)
    if is_asked:
        with pytest.raises(ConfirmationNeeded):
            await fence.guarded().act([act("garage", "open")])
    else:
        await fence.guarded().act([act("garage", "open")])


async def test_what_is_guarded_by_name_has_no_harmless_side() -> None:
    fence = Fence(ScriptedHome(), SafetySettings(ask=("lamp",)))
    for verb in ("turn_on", "turn_off", "toggle"):
        with pytest.raises(ConfirmationNeeded):
            await fence.guarded().act([act("lamp", verb)])


async def test_closing_is_asked_about_where_it_is_set_so() -> None:
    home = ScriptedHome()
    fence = Fence(home, SafetySettings(guard_closing=("garage",)))
    with pytest.raises(ConfirmationNeeded):
        await fence.guarded().act([act("garage", "close")])
    await fence.guarded().act([act("blind", "close")])
    assert home.sent == [("blind", "close")]


async def test_a_pin_is_more_than_a_yes() -> None:
    home = ScriptedHome()
    fence = Fence(home, SafetySettings(pin=("lock",)), pin=PinLock(lambda: "2468"))
    for confirmed in (None, Confirmed("front door", "unlock"), Confirmed("back door", "unlock", has_pin=True)):
        with pytest.raises(PinNeeded):
            await fence.guarded(confirmed=confirmed).act([act("front", "unlock")])
    await fence.guarded(confirmed=Confirmed("front door", "unlock", has_pin=True)).act([act("front", "unlock")])
    assert home.sent == [("front", "unlock")]


async def test_without_a_pin_what_needs_one_is_refused_and_the_fix_is_named() -> None:
    fence = Fence(ScriptedHome(), SafetySettings(pin=("lock",)))
    with pytest.raises(NoPin, match="assistant home pin"):
        await fence.guarded(confirmed=Confirmed("front door", "unlock")).act([act("front", "unlock")])
    await fence.guarded().act([act("front", "lock")])


async def test_what_is_guarded_is_done_so_often_a_minute() -> None:
    home, clock = ScriptedHome(), FakeClock()
    fence = Fence(home, SafetySettings(guarded_per_minute=2, actions_per_minute=3), clock)
    yes = Confirmed("front door", "unlock")
    for _ in range(2):
        await fence.guarded(confirmed=yes).act([act("front", "unlock")])
    with pytest.raises(TooOften) as refusal:
        await fence.guarded(confirmed=yes).act([act("front", "unlock")])
    assert refusal.value.names == ("front door",)
    await fence.guarded().act([act("front", "lock")])
    with pytest.raises(TooOften):
        await fence.guarded().act([act("lamp", "turn_on"), act("front", "lock")])
    assert ("lamp", "turn_on") not in home.sent
    await clock.advance(61)
    await fence.guarded(confirmed=yes).act([act("front", "unlock")])


async def test_more_at_once_than_a_minute_allows_is_not_begun() -> None:
    home = ScriptedHome()
    fence = Fence(home, SafetySettings(actions_per_minute=3))
    with pytest.raises(TooOften):
        await fence.guarded().act([act("lamp", "toggle")] * 4)
    assert home.sent == []
    await fence.guarded().act([act("lamp", "toggle")] * 3)


async def test_everything_is_written_down_with_who_asked_and_what_came_of_it() -> None:
    log, who = Paper(), Who("typed", "abc")
    fence = Fence(ScriptedHome(), log=log, clock=FakeClock())
    await fence.guarded(who).act([act("lamp", "turn_on", brightness_pct=40)])
    with pytest.raises(ConfirmationNeeded):
        await fence.guarded(who).act([act("lamp", "turn_on"), act("front", "unlock", code="1357")])
    with pytest.raises(OnlyOneAtATime):
        await fence.guarded(who).act([act("back", "unlock"), act("front", "unlock")])
    told = [(line.name, line.verb, line.status, line.detail) for line in log.lines]
    assert told == [
        ("lamp", "turn_on", "confirmed", ""),
        ("front door", "unlock", "asked", "confirmation_needed"),
        ("back door", "unlock", "refused", "one_at_a_time"),
        ("front door", "unlock", "refused", "one_at_a_time"),
    ]
    assert {line.who for line in log.lines} == {who}
    assert log.lines[0].values == {"brightness_pct": 40}
    assert "1357" not in repr(log.lines)


async def test_the_hash_of_a_pin_opens_only_for_it() -> None:
    stored = hashed("135790")
    lock = PinLock(lambda: stored, FakeClock())
    assert "135790" not in stored
    assert await lock.check("135791") == "wrong"
    assert await lock.check("135790") == "right"


@pytest.mark.parametrize(
    ("settings", "entity_id", "name", "is_refused"),
    [
        (SafetySettings(free=("shed lock",)), "front", "Shed Lock", True),
        (SafetySettings(ask=("garage door",)), "garage", "bulb", True),
        (SafetySettings(deny=("back door",)), "back", "", True),
        (SafetySettings(ask=("garage",), guard_closing=("*door",)), "garage", "gate to the street", True),
        (SafetySettings(free=("shed lock",)), "front", "main door", False),
        (SafetySettings(), "garage", "big gate", False),
    ],
)
async def test_a_new_name_does_not_change_how_a_thing_is_guarded(
    settings: SafetySettings, entity_id: str, name: str, is_refused: bool
) -> None:
    home = RenamingHome()
    guarded = Fence(home, settings).guarded()
    if is_refused:
        with pytest.raises(NotAllowed):
            await guarded.rename(EntityId(entity_id), name)
    else:
        await guarded.rename(EntityId(entity_id), name)
    assert home.renamed == ([] if is_refused else [(entity_id, name)])
