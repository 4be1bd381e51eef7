from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from assistant.llm.pointer.choice import Offer, Scores, choose, weigh
from assistant.llm.pointer.goals import Pointed, Signature, class_name, goal_points, stretch_of
from assistant.llm.pointer.layout import AREA, CLS, FLOOR, QUERIES, SEP, THING, Shown, layout
from assistant.llm.pointer.shape import HEADS

_TURN_ON = Signature(
    "turn_on", named=("name",), placed=("area",), chosen=("kind",),
    forms=((("name", True),), (("kind", True), ("area", True))),
)  # fmt: skip
_SET = Signature("set", named=("name",), spans=("value",), forms=((("name", True), ("value", True)),))
_DIM = Signature("dim", placed=("area",), spans=("by",), forms=((("area", False), ("by", False)),))
_CLASSES = ("", "turn_on", "turn_on|kind=fans", "set", "dim")
_OFFERS = (
    Offer(1, "turn_on", _TURN_ON, frozenset({0, 1})),
    Offer(2, "turn_on|kind=fans", _TURN_ON, frozenset()),
    Offer(3, "set", _SET, frozenset({0, 1})),
    Offer(4, "dim", _DIM, frozenset()),
)


def _scores(*calls: Mapping[str, int], things: int = 2, places: int = 2, words: int = 4) -> Scores:
    """Each call sure of a class and of what its heads point at; what isn't given is sure to be none."""
    sizes = {"named": things, "placed": places, "start": words, "end": words}
    heads = {head: np.full((2, sizes[head.rstrip("0123456789")] + 1), -8.0, np.float32) for head in HEADS}
    classes = np.full((2, len(_CLASSES)), -8.0, np.float32)
    for at in range(2):
        call = calls[at] if at < len(calls) else {}
        classes[at, call.get("class", 0)] = -0.01
        for head in HEADS:
            heads[head][at, call.get(head, 0)] = -0.01
    return Scores(classes, heads)


def test_a_named_thing_is_chosen() -> None:
    chosen = choose(_scores({"class": 1, "named0": 2}), _OFFERS)
    assert chosen.calls == (Pointed("turn_on", {"name": (1,)}),)
    assert chosen.margin > 6
    assert chosen.weakest == pytest.approx(-0.01, abs=0.01)


def test_no_call_is_chosen_where_it_is_likeliest() -> None:
    chosen = choose(_scores(), _OFFERS)
    assert chosen.calls == ()
    assert chosen.margin == 0.0


def test_two_calls_are_chosen_in_order() -> None:
    scores = _scores({"class": 1, "named0": 1}, {"class": 2, "placed0": 2})
    assert [call.name for call in choose(scores, _OFFERS).calls] == ["turn_on", "turn_on|kind=fans"]
    assert choose(scores, _OFFERS).calls[1].points == {"area": (1,)}


def test_a_thing_that_the_tool_does_not_take_is_never_chosen() -> None:
    offers = (Offer(1, "turn_on", _TURN_ON, frozenset({0})),)
    chosen = choose(_scores({"class": 1, "named0": 2}), offers)
    assert all(call.points["name"] != (1,) for call in chosen.calls)
    assert choose(_scores({"class": 1, "named0": 2}), (Offer(1, "turn_on", _TURN_ON, frozenset()),)).calls == ()


def test_a_class_that_is_not_offered_is_never_chosen() -> None:
    chosen = choose(_scores({"class": 3, "named0": 1, "start0": 1, "end0": 1}), _OFFERS[:2])
    assert all(call.name.startswith("turn_on") for call in chosen.calls)


def test_a_stretch_ends_where_it_begins_or_later() -> None:
    scores = _scores({"class": 3, "named0": 1, "start0": 3, "end0": 2})
    scores.heads["end0"][0, 4] = -1.0
    assert choose(scores, _OFFERS).calls[0].points["value"] == (2, 3)


def test_what_may_be_left_out_is_left_out() -> None:
    assert choose(_scores({"class": 4}), _OFFERS).calls[0].points == {}
    some = choose(_scores({"class": 4, "placed0": 1, "start0": 2, "end0": 3}), _OFFERS)
    assert some.calls[0].points == {"area": (0,), "by": (1, 2)}


def test_the_chosen_calls_weigh_most() -> None:
    scores = _scores({"class": 1, "named0": 2})
    best = weigh(scores, _OFFERS, choose(scores, _OFFERS).calls)
    others = [(), (Pointed("turn_on", {"name": (0,)}),), (Pointed("set", {"name": (1,), "value": (0, 0)}),)]
    assert all(weigh(scores, _OFFERS, other) < best - 3 for other in others)
    assert best == pytest.approx(0.0, abs=0.2)


def test_heads_that_a_tool_has_no_use_for_have_no_goal() -> None:
    assert goal_points(Pointed("set", {"name": (1,), "value": (2, 3)}), _SET) == {"named0": 2, "start0": 3, "end0": 4}
    assert goal_points(Pointed("dim"), _DIM) == {"placed0": 0, "start0": 0, "end0": 0}


def test_choices_are_part_of_the_class() -> None:
    assert class_name("turn_on", {"kind": "fans"}) == "turn_on|kind=fans"
    assert class_name("turn_on", {}) == "turn_on"


def test_a_stretch_is_found_by_whole_words() -> None:
    assert stretch_of("ten percent", ["to", "ten", "percent"]) == (1, 2)
    assert stretch_of("ten per", ["to", "ten", "percent"]) is None


def test_the_layout_says_where_everything_stands() -> None:
    shown = Shown("dim it now", ("lamp",), ("attic",), ("upstairs",))
    laid = layout(shown, lambda text: [200 + len(text), 7] if text == "now" else [200 + len(text)])
    assert laid.ids[0] == CLS
    assert [laid.ids[at] for at in laid.words[1:]] == [203, 202, 203]
    assert tuple(laid.ids[at] for at in laid.queries) == QUERIES
    assert [laid.ids[at] for at in (*laid.things, *laid.places)] == [THING, AREA, FLOOR]
    assert laid.ids[-1] == SEP
    assert laid.ids.count(SEP) == 2
