"""The device's own code counts as the yes where the device checks it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.acting.pin import PinLock, hashed
from assistant.acting.policy import Fence, OnlyOneAtATime, PinNeeded
from assistant.core.errors import ConfirmationNeeded
from assistant.core.home import Action, EntityId, HomeView
from assistant.core.settings import SafetySettings
from assistant.testing.clock import FakeClock
from tests.acting.parts import ALARM, BACK, FRONT, ScriptedHome

CODED = frozenset({"code_unlock", "checks_code"})


class CodedHome(ScriptedHome):
    """Its front door has these features; the back door and the alarm take a code as well."""

    def __init__(self, features: frozenset[str] = CODED) -> None:
        super().__init__()
        self.features = features

    def view(self) -> HomeView:
        alarm = replace(ALARM, features=frozenset({"code_disarm", "checks_code"}))
        return HomeView((replace(FRONT, features=self.features), replace(BACK, features=CODED), alarm), ())


def unlock(name: str, code: str = "2468") -> Action:
    return Action(EntityId(name), "unlock", {"code": code})


async def test_a_code_that_is_checked_is_as_good_as_a_yes() -> None:
    home = CodedHome()
    await Fence(home).guarded().act([unlock("front")])
    await Fence(home).guarded().act([Action(EntityId("alarm"), "disarm", {"code": "1"})])
    assert home.sent == [("front", "unlock"), ("alarm", "disarm")]


@pytest.mark.parametrize(
    ("features", "code"),
    [
        (CODED, ""),
        (frozenset({"code_unlock"}), "2468"),
        (frozenset({"checks_code"}), "2468"),
        (frozenset({"code_open", "checks_code"}), "2468"),
    ],
)
async def test_a_code_that_nothing_checks_is_no_yes(features: frozenset[str], code: str) -> None:
    home = CodedHome(features)
    with pytest.raises(ConfirmationNeeded):
        await Fence(home).guarded().act([unlock("front", code)])
    assert home.sent == []


async def test_two_doors_are_not_opened_by_codes_in_one_go() -> None:
    home = CodedHome()
    with pytest.raises(OnlyOneAtATime):
        await Fence(home).guarded().act([unlock("front"), unlock("back")])
    assert home.sent == []


async def test_the_device_s_code_is_not_the_pin() -> None:
    home, clock = CodedHome(), FakeClock()
    fence = Fence(home, SafetySettings(pin=("lock",)), clock, pin=PinLock(lambda: hashed("4071"), clock))
    with pytest.raises(PinNeeded):
        await fence.guarded().act([unlock("front")])
    assert home.sent == []
