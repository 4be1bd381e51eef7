"""A score is fitted to what a planner proposes for examples whose meaning is known."""

from __future__ import annotations

import tomllib

from assistant.core.turn import Command
from assistant.testing.paper import PaperClock
from assistant.testing.say import NOON
from assistant.understanding.examples.example import Example
from assistant.understanding.planner.calibrate import judged, written
from assistant.understanding.planner.score import Calibration, fitted
from tests.understanding.planner.parts import HOUSE, ToldPlanner, bundled_intents, situation


def example(text: str, *commands: Command) -> Example:
    return Example(text, HOUSE, situation(), commands)


async def test_proposals_are_right_where_they_are_what_was_meant() -> None:
    on = Command("home.switch_on", {"name": "light.crane"})
    said = [example("crane lamp on", on), example("lovely crane lamp"), example("rumble go home", on)]
    planner = ToldPlanner('[{"do":"turn_on","name":"Crane Lamp"}]', margin=3.0, weakest=-0.5)
    found, asked = await judged(planner, bundled_intents(), said, PaperClock(NOON))
    assert asked == 3
    # what the guards refuse ("rumble go home" names no lamp) never happens, right or wrong
    assert [each.is_right for each in found] == [True, False]
    assert (found[0].margin, found[0].weakest) == (3.0, -0.5)


async def test_no_call_says_nothing_about_how_sure_calls_are() -> None:
    found, asked = await judged(ToldPlanner("[]"), bundled_intents(), [example("crane lamp on")], PaperClock(NOON))
    assert (found, asked) == ([], 1)


async def test_what_was_fitted_can_be_kept_and_read_again() -> None:
    on = Command("home.switch_on", {"name": "light.crane"})
    planner = ToldPlanner('[{"do":"turn_on","name":"Crane Lamp"}]')
    found, _ = await judged(planner, bundled_intents(), [example("crane lamp on", on)], PaperClock(NOON))
    scale = fitted(found, 0.05, "a test")
    assert Calibration.model_validate(tomllib.loads(written(scale))) == scale
