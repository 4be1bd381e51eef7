"""The present time of day, on another day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.core.values import Grain, Instant, Kind, Reading
from assistant.language.found import meaning_of

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 3, 12, 7, 41, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("same time tomorrow", datetime(2026, 3, 4, 12, 7)),
        ("tomorrow at the same time", datetime(2026, 3, 4, 12, 7)),
        ("at this time on saturday", datetime(2026, 3, 7, 12, 7)),
        ("the same time next week", datetime(2026, 3, 10, 12, 7)),
    ],
)
def test_the_same_time_is_that_of_the_clock(words: str, at: datetime) -> None:
    assert meaning_of(words, Reading(NOW), (Kind.TIME,)) == Instant(at.replace(tzinfo=ZONE), Grain.MINUTE)


def test_it_is_wall_time_across_a_change_of_the_clocks() -> None:
    before = Reading(datetime(2026, 3, 28, 20, tzinfo=ZONE))
    found = meaning_of("same time tomorrow", before, (Kind.TIME,))
    assert isinstance(found, Instant)
    assert found.at.isoformat() == "2026-03-29T20:00:00+02:00"


@pytest.mark.parametrize("words", ["the same time", "this time", "same tomorrow", "the same time and again"])
def test_without_a_day_it_is_no_time(words: str) -> None:
    assert meaning_of(words, Reading(NOW), (Kind.TIME,)) is None
