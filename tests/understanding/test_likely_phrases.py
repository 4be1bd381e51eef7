"""What the recogniser is told to expect is what understanding understands."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.clock import SystemClock
from assistant.core.home import Area, AreaId, Entity, EntityId, HomeView
from assistant.core.settings import SkillSettings
from assistant.core.turn import Nothing, Situation, Source, Transcript
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.paper import PaperClock, PaperNotebook, PaperSchedule
from assistant.understanding import Understanding
from assistant.understanding.likely_phrases import frames_of, likely_phrases

pytestmark = pytest.mark.slow
ZONE = ZoneInfo("Europe/Berlin")
NAMES = {
    "en": ("Kitchen", {
        "light": "Desk Lamp", "switch": "Kettle", "cover": "Big Blind", "lock": "Front Door", "climate": "Heater",
        "fan": "Ceiling Fan", "scene": "Film Evening",
    }),
    "ko": ("부엌", {"light": "책상 램프", "switch": "주전자", "cover": "큰 블라인드", "lock": "현관문"}),
}  # fmt: skip
DEVICE_CLASS = {"cover": "blind"}


def home_of(language: str) -> HomeView:
    area, names = NAMES[language]
    entities = [
        Entity(EntityId(f"{domain}.x"), name, domain, AreaId("a"), device_class=DEVICE_CLASS.get(domain),
               features=frozenset({"brightness", "color", "position", "percentage"}))
        for domain, name in names.items()
    ]  # fmt: skip
    return HomeView(entities, [Area(AreaId("a"), area)])


@pytest.fixture
async def skills(tmp_path: Path) -> SkillHost:
    clock = PaperClock(datetime(2026, 11, 25, 12, tzinfo=ZONE))
    parts = ContextParts(clock, ZONE, PaperSchedule(clock), lambda _: PaperNotebook())
    host = SkillHost(SkillSettings(), bundled=True, user_dir=None, parts=parts)
    await host.start()
    return host


@pytest.fixture
def understanding() -> Iterator[Understanding]:
    made = Understanding(SystemClock(), ZONE)
    yield made
    made.close()


@pytest.mark.parametrize(("language", "share"), [("en", 0.97), ("ko", 0.7)])
async def test_nearly_all_of_them_are_understood(
    language: str, share: float, skills: SkillHost, understanding: Understanding
) -> None:
    home = home_of(language)
    understanding.use(skills.intents(), home)
    situation = Situation(language, Source.MICROPHONE, AreaId("a"))
    phrases = list(dict.fromkeys(likely_phrases(language, home)))
    missed = []
    for phrase in phrases[::3]:
        understood = await understanding.understand(Transcript(phrase, language, "test"), situation)
        if isinstance(understood.plan, Nothing) and phrase not in ("yes", "no", "네", "아니"):
            missed.append(phrase)
    assert len(missed) <= (1 - share) * len(phrases[::3]), missed
    await skills.stop()


def test_names_are_said_with_the_article_first_and_without() -> None:
    phrases = list(likely_phrases("en", home_of("en")))
    assert phrases.index("turn on the Desk Lamp") < phrases.index("turn on Desk Lamp")
    assert "are any lights on in the Kitchen" in phrases


def test_wherever_they_are_cut_off_every_device_can_be_switched() -> None:
    lamps = [Entity(EntityId(f"light.{number}"), f"Lamp {number}", "light") for number in range(30)]
    first = list(islice(likely_phrases("en", HomeView(lamps, [])), 1000))
    assert {f"turn {way} the {lamp.name}" for lamp in lamps for way in ("on", "off")} <= set(first)
    assert {"what time is it", "set a timer for five minutes", "set an alarm for seven"} <= set(first)


def test_a_language_without_frames_has_none() -> None:
    assert frames_of("de") is None
    assert list(likely_phrases("de", home_of("en"))) == []
