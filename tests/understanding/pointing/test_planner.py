from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from assistant.core.home import Area, AreaId, HomeView
from assistant.core.intents import IntentSpec
from assistant.llm.pointer.choice import Scores
from assistant.llm.pointer.layout import Shown
from assistant.llm.pointer.lessons import LessonRow
from assistant.llm.pointer.model import PointerForm
from assistant.llm.pointer.shape import CALLS, HEADS
from assistant.skillhost.load import bundled_places, load_class
from assistant.testing.home import thing
from assistant.understanding.planner.candidates import Candidates, places_of, things_of
from assistant.understanding.planner.prompt import NONE
from assistant.understanding.planner.tools import Toolbox
from assistant.understanding.pointing.planner import EncoderPlanner
from assistant.understanding.pointing.signatures import classes_of, pointed_of, shown_of, signature_of


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    place = next(place for place in bundled_places() if place.name == "home")
    specs: list[IntentSpec] = [offer.spec for offer in load_class(place).offers.intents]
    return Toolbox(specs, "en")


@pytest.fixture
def candidates(toolbox: Toolbox) -> Candidates:
    areas = (Area(AreaId("attic"), "Attic"), Area(AreaId("cabin"), "Cabin"))
    things = (thing("light", "Piano Lamp", "attic"), thing("fan", "Whirly", "cabin"))
    home = HomeView(things, areas)
    tools = tuple(toolbox.by_name[name] for name in ("turn_on", "set_number", "lights_off", "dim"))
    said = "dim the piano lamp to forty percent and turn on the fans in the cabin"
    return Candidates(said, things_of(things, home), places_of(areas), tools, "Attic")


ANSWERS = (
    '[{"do":"turn_on","name":"Whirly"}]',
    '[{"do":"set_number","name":"Piano Lamp","value":"forty"},{"do":"turn_on","kind":"fans","area":"Cabin"}]',
    '[{"do":"lights_off"}]',
    '[{"do":"lights_off","area":"Attic"}]',
    '[{"do":"dim","area":"Attic","by":"forty"}]',
)


class _Sure:
    """An encoder that is sure of one answer."""

    def __init__(self, answer: str, candidates: Candidates, classes: tuple[str, ...]) -> None:
        self.form = PointerForm(classes, "x")
        tools = {tool.name: tool for tool in candidates.tools}
        calls = [(each, signature_of(tools[each.name.split("|")[0]])) for each in pointed_of(answer, candidates)]
        self._row = LessonRow.of(shown_of(candidates), calls)

    def read(self, shown: Shown) -> Scores:
        sizes = {"named": len(shown.things), "placed": len(shown.areas), "start": 14, "end": 14}
        heads: dict[str, Any] = {h: np.full((CALLS, sizes[h.rstrip("0123456789")] + 1), -9.0) for h in HEADS}
        classes = np.full((CALLS, len(self.form.classes)), -9.0)
        for head in HEADS:
            heads[head][:, 0] = -0.1
        for call in range(CALLS):
            known = call < len(self._row.classes)
            classes[call, self.form.classes.index(self._row.classes[call]) if known else 0] = -0.01
        for call, head, at in self._row.points:
            heads[head][call, :] = -9.0
            heads[head][call, at] = -0.01
        return Scores(classes, heads)


def _planner(answer: str, candidates: Candidates, toolbox: Toolbox) -> EncoderPlanner:
    return EncoderPlanner(_Sure(answer, candidates, classes_of(toolbox.tools)))


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_taken_apart_is_put_together_again(answer: str, candidates: Candidates, toolbox: Toolbox) -> None:
    planner = _planner(answer, candidates, toolbox)
    proposal = planner.proposed(candidates)
    planner.close()
    assert proposal.answer == answer
    assert proposal.margin > 5


async def test_no_call_is_an_empty_list(candidates: Candidates, toolbox: Toolbox) -> None:
    planner = _planner(NONE, candidates, toolbox)
    proposal = await planner.propose(candidates)
    planner.close()
    assert proposal is not None
    assert (proposal.answer, proposal.margin) == (NONE, 0.0)


async def test_what_is_proposed_weighs_most(candidates: Candidates, toolbox: Toolbox) -> None:
    planner = _planner(ANSWERS[0], candidates, toolbox)
    weights = await planner.weigh(candidates, [*ANSWERS, NONE])
    planner.close()
    assert max(weights) == weights[0]


def test_a_tool_that_was_not_learnt_is_not_offered(candidates: Candidates, toolbox: Toolbox) -> None:
    sure = _Sure(ANSWERS[2], candidates, classes_of(toolbox.tools))
    sure.form = PointerForm(tuple(name for name in sure.form.classes if not name.startswith("lights_off")), "x")
    sure._row = LessonRow(sure._row.shown, (), ())
    planner = EncoderPlanner(sure)
    assert "lights_off" not in planner.proposed(candidates).answer
    planner.close()


def test_every_choice_of_a_form_is_a_class(toolbox: Toolbox) -> None:
    classes = classes_of(toolbox.tools)
    assert classes[0] == ""
    assert {"turn_on", "turn_on|kind=fans", "color_lights|color=red"} <= set(classes)
    assert len(classes) == len(set(classes))


def test_rows_are_read_as_they_were_written(candidates: Candidates, toolbox: Toolbox) -> None:
    row = _Sure(ANSWERS[1], candidates, classes_of(toolbox.tools))._row
    assert LessonRow.read(json.loads(json.dumps(row.plain()))) == row
