"""Talks to the home skill in a scripted home, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import skills.home
from assistant.acting.converse import Conversation, ConversationParts
from assistant.acting.execute import Executor
from assistant.acting.policy import Fence
from assistant.acting.replier import Replier
from assistant.acting.template import check
from assistant.acting.trace import Trace
from assistant.acting.words import CoreWords
from assistant.core.home import Area, AreaId
from assistant.core.settings import SkillSettings
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.home import FakeHome, small_home
from assistant.testing.paper import PaperClock, PaperNotebook, PaperSchedule
from assistant.testing.say import NOON, Answer, Scene, Talk
from assistant.understanding.understanding import Understanding

FOLDER = Path(skills.home.__file__).parent
ZONE = ZoneInfo("UTC")
CLOCK = PaperClock(NOON)
UNDERSTANDING = Understanding(CLOCK, ZONE)
"""Compiling the sentences takes longest, so it is done once for all tests."""
KITCHEN, BEDROOM = AreaId("kitchen"), AreaId("bedroom")
LIGHTS = ["kitchen_light", "hall_light", "living_room_light", "bedroom_light", "desk_lamp"]


@asynccontextmanager
async def talk_at(home: FakeHome, language: str = "en", area_id: AreaId | None = None) -> AsyncIterator[Talk]:
    schedule, notebook = PaperSchedule(CLOCK), PaperNotebook()
    host = SkillHost(SkillSettings(), False, None, ContextParts(CLOCK, ZONE, schedule, lambda _: notebook, check))
    await host.reload(FOLDER)
    assert not host.failures()
    UNDERSTANDING.use(host.intents(), home.view())
    replier = Replier(host.words, CoreWords(), lambda: NOON)
    conversation = ConversationParts(UNDERSTANDING, Executor(host, Fence(home)), replier, CLOCK, Trace())
    try:
        scene = Scene(home, NOON, language=language, area_id=area_id)
        yield Talk(scene, CLOCK, schedule, Conversation(conversation), lambda _: notebook)
    finally:
        await host.stop()


async def say(
    *sentences: str, home: FakeHome | None = None, language: str = "en", area_id: AreaId | None = None
) -> Answer:
    """The answer to the last of them."""
    async with talk_at(home or small_home(), language, area_id) as talk:
        answers = [await talk.say(sentence) for sentence in sentences]
    assert [answer.turn.error for answer in answers] == [""] * len(answers)
    return answers[-1]


def acted(home: FakeHome) -> list[str]:
    """What was sent, as "thing verb values"."""
    return [
        " ".join([action.entity_id.split(".")[1], action.verb, *(f"{value}" for value in action.values.values())])
        for action in home.acted
    ]


def korean(home: FakeHome) -> FakeHome:
    """The same home under Korean names."""
    places = {
        "kitchen": "주방",
        "hall": "현관",
        "living_room": "거실",
        "bedroom": "침실",
        "garage": "차고",
        "garden": "정원",
    }
    names = {
        "desk_lamp": "책상 스탠드",
        "front_door": "현관문",
        "thermostat": "온도조절기",
        "movie_night": "영화 모드",
        "robot_vacuum": "로봇 청소기",
        "house_alarm": "집 경보기",
        "washing_program": "세탁 코스",
        "doorbell_volume": "초인종 음량",
    }
    words = {"light": "조명", "blind": "블라인드", "door": "문", "window": "창문", "fan": "선풍기"}
    view, renamed = home.view(), FakeHome()
    for entity in view.entities:
        key = entity.id.split(".")[1]
        name = names.get(key, f"{places[entity.area_id or 'hall']} {words.get(key.rpartition('_')[2], '기기')}")
        state = home.state(entity.id)
        renamed.add(replace(entity, name=name), state.value, **state.attributes)
    renamed._view = replace(renamed.view(), areas=tuple(Area(AreaId(key), name) for key, name in places.items()))
    return renamed
