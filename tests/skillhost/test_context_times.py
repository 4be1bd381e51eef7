"""A skill reads times as the settings say, like the sentences that lead to it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.core.home import HomeView
from assistant.core.settings import TimesSettings
from assistant.core.turn import Command
from assistant.core.values import Instant
from assistant.sdk import Context, time_from
from assistant.testing.paper import PaperClock, PaperHome, PaperNotebook, PaperSchedule

ZONE = ZoneInfo("Europe/Berlin")
CLOCK = PaperClock(datetime(2026, 11, 25, 15, 20, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("times", "at"),
    [
        (TimesSettings(), "2026-12-04 17:00"),
        (TimesSettings(waking_hours=False, next_weekday="coming"), "2026-11-27 05:00"),
    ],
)
def test_a_skill_reads_times_as_the_settings_say(times: TimesSettings, at: str) -> None:
    home = PaperHome(HomeView((), ()))
    ctx = Context(
        "alarms", Command("x"), "en", ZONE, None, CLOCK, home, PaperSchedule(CLOCK), PaperNotebook(), times=times
    )
    meaning = time_from(ctx, "next friday at five")
    assert isinstance(meaning, Instant)
    assert f"{meaning.at:%Y-%m-%d %H:%M}" == at
