"""What is dangerous is asked for, what is forbidden never happens, what is harmless just happens."""

from __future__ import annotations

import pytest

from assistant.acting.policy import Confirmed, GuardedHome, OnlyOneAtATime
from assistant.core.errors import ConfirmationNeeded, NotAllowed
from assistant.core.home import Action, EntityId, Value
from assistant.core.settings import HomeSettings
from tests.acting.parts import ScriptedHome


def act(name: str, verb: str, **values: Value) -> Action:
    return Action(EntityId(name), verb, values)


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
        act("siren", "turn_on"),
    ],
)
async def test_dangerous_actions_need_a_yes(action: Action) -> None:
    home = ScriptedHome()
    with pytest.raises(ConfirmationNeeded) as needed:
        await GuardedHome(home, HomeSettings()).act([act("lamp", "turn_on"), action])
    assert needed.value.verb == action.verb
    assert home.sent == []
    for other in (Confirmed("lamp", action.verb), Confirmed(needed.value.names[0], "sing")):
        with pytest.raises(ConfirmationNeeded):
            await GuardedHome(home, HomeSettings(), other).act([action])
    await GuardedHome(home, HomeSettings(), Confirmed(needed.value.names[0], action.verb)).act([action])
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
    await GuardedHome(home, HomeSettings()).act([action])
    assert home.sent == [(action.entity_id, action.verb)]


async def test_several_dangerous_things_at_once_are_refused_even_after_a_yes() -> None:
    home = ScriptedHome()
    with pytest.raises(OnlyOneAtATime) as refusal:
        await GuardedHome(home, HomeSettings(), Confirmed("front door", "unlock")).act(
            [act("front", "unlock"), act("back", "unlock")]
        )
    assert refusal.value.names == ("front door", "back door")
    assert home.sent == []


async def test_one_yes_stands_for_one_thing_only() -> None:
    home = ScriptedHome()
    guarded = GuardedHome(home, HomeSettings(), Confirmed("front door", "unlock"))
    await guarded.act([act("front", "unlock")])
    with pytest.raises(OnlyOneAtATime):
        await guarded.act([act("back", "unlock")])
    assert home.sent == [("front", "unlock")]


async def test_denied_domains_are_never_commanded_not_even_to_lock() -> None:
    home = ScriptedHome()
    settings = HomeSettings(deny_domains=("lock", "garage"))
    for action in (act("front", "lock"), act("garage", "close")):
        with pytest.raises(NotAllowed):
            await GuardedHome(home, settings, Confirmed("front door", "lock")).act([act("lamp", "turn_on"), action])
    assert home.sent == []
