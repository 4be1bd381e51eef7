"""How times are meant is a setting, not a rule."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.core.home import HomeView
from assistant.core.intents import SlotKind
from assistant.core.settings import TimesSettings
from assistant.core.values import Instant
from assistant.understanding.names import Names
from assistant.understanding.reading import SlotReader

NOW = datetime(2026, 11, 25, 15, 20, tzinfo=ZoneInfo("Europe/London"))
"""A Wednesday afternoon."""


@pytest.mark.parametrize(
    ("text", "times", "at"),
    [
        ("next friday", TimesSettings(), "2026-12-04 00:00"),
        ("next friday", TimesSettings(next_weekday="coming"), "2026-11-27 00:00"),
        ("tomorrow at five", TimesSettings(), "2026-11-26 17:00"),
        ("tomorrow at five", TimesSettings(waking_hours=False), "2026-11-26 05:00"),
        ("at five", TimesSettings(), "2026-11-25 17:00"),
        ("at five", TimesSettings(bare_hours="morning"), "2026-11-26 05:00"),
        ("3/4", TimesSettings(region="US"), "2027-03-04 00:00"),
        ("3/4", TimesSettings(), "2027-04-03 00:00"),
    ],
)
def test_words_are_read_as_the_settings_say(text: str, times: TimesSettings, at: str) -> None:
    reader = SlotReader("en", Names(HomeView((), ()), "en"), NOW, None, times)
    meaning = reader.read_kind(SlotKind.TIME, text)
    assert isinstance(meaning, Instant)
    assert f"{meaning.at:%Y-%m-%d %H:%M}" == at


@pytest.mark.parametrize(("times", "at"), [(TimesSettings(), "17:00"), (TimesSettings(waking_hours=False), "05:00")])
def test_a_moment_is_read_as_the_settings_say(times: TimesSettings, at: str) -> None:
    reader = SlotReader("en", Names(HomeView((), ()), "en"), NOW, None, times)
    moment = reader.read_kind(SlotKind.WHEN, "tomorrow at five")
    assert isinstance(moment, datetime)
    assert f"{moment:%H:%M}" == at
