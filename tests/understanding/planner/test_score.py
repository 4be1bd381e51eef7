"""A score is a probability that was learned from what turned out right and wrong."""

from __future__ import annotations

import random

from assistant.understanding.planner.planner import Proposal
from assistant.understanding.planner.score import Judged, calibration, fitted


def judged(count: int) -> list[Judged]:
    """Right as often as a margin above 4 nats and a sure weakest choice say."""
    chance = random.Random(3)
    made = [(chance.uniform(0, 10), -chance.expovariate(1.0)) for _ in range(count)]
    return [Judged(margin, weakest, margin + 2 * weakest + chance.gauss(0, 1) > 3) for margin, weakest in made]


def test_the_curve_that_was_fitted_tells_right_from_wrong() -> None:
    curve = fitted(judged(150), most_wrong=0.05, source="test")
    sure, unsure = Proposal("", 9.0, -0.1), Proposal("", 1.0, -2.0)
    assert curve.probability(sure) > 0.9
    assert curve.probability(unsure) < 0.2


def test_the_threshold_keeps_the_share_of_wrong_ones_below_the_bound() -> None:
    seen = judged(150)
    curve = fitted(seen, most_wrong=0.05, source="test")
    acted = [each for each in seen if curve.probability(Proposal("", each.margin, each.weakest)) >= curve.act]
    assert len(acted) > 20
    assert sum(not each.is_right for each in acted) <= 0.05 * len(acted) + 1


def test_where_all_are_wrong_nothing_is_carried_out() -> None:
    curve = fitted([Judged(5.0, 0.0, False)] * 10, most_wrong=0.04, source="test")
    assert curve.act == 1.0


def test_the_constants_that_ship_say_where_they_come_from() -> None:
    shipped = calibration()
    assert shipped.source
    assert 0 < shipped.act < 1
    assert shipped.probability(Proposal("", 12.0, 0.0)) > shipped.act > shipped.probability(Proposal("", -6.0, -6.0))
