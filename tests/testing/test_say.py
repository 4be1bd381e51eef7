"""The skill author's kit: a sentence in, what was done and said out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import SkillLoadError
from assistant.core.home import Entity, EntityId, HomeView
from assistant.core.turn import OutcomeStatus
from assistant.testing.paper import PaperHome
from assistant.testing.say import Scene, say, talk_to
from tests.skillhost.parts import write_source

EGG = '''
"""Boils eggs."""
from assistant.core.intents import SlotKind
from assistant.sdk import *

class Egg(Skill):
    """Boils eggs."""

    words = {"en": {
        "boiling": "Boiling for {{ length }}.",
        "how_long": "For how long?",
        "clock": "It is {{ at }}.",
        "opened": "{{ name }} is unlocked.",
    }}

    @intent("boil an egg [for {length}]")
    async def boil(self, ctx: Context, length: Duration | None = None) -> Outcome:
        """Boil an egg."""
        if length is None:
            return ctx.ask("how_long", "length", SlotKind.DURATION)
        await ctx.schedule.add(NewItem(ItemKind.TIMER, "egg", duration=length))
        return Outcome.done("boiling", length=length)

    @intent("egg o'clock")
    async def clock(self, ctx: Context) -> Outcome:
        """Tell the time."""
        return Outcome.told("clock", at=ctx.local_now().time())

    @intent("open the hen house")
    async def open(self, ctx: Context) -> Outcome:
        """Unlock the hen house."""
        await ctx.home.act([Action(EntityId("hens"), "unlock")])
        return Outcome.done("opened", name="the hen house")
'''


@pytest.fixture
def egg(tmp_path: Path) -> Path:
    return write_source(tmp_path / "egg.py", EGG)


async def test_a_skill_test_is_three_lines(egg: Path) -> None:
    answer = await say("boil an egg for five minutes", to=egg)
    assert answer.text == "Boiling for 5 minutes."
    assert answer.outcomes[0].status is OutcomeStatus.DONE


async def test_a_missing_slot_is_asked_and_the_answer_completes_it(egg: Path) -> None:
    async with talk_to(egg) as talk:
        question = await talk.say("boil an egg")
        assert (question.text, question.asks) == ("For how long?", True)
        assert (await talk.say("ten minutes")).text == "Boiling for 10 minutes."
        assert [item.duration for item in talk.schedule.pending()] == [timedelta(minutes=10)]


async def test_the_clock_and_zone_are_the_scenes(egg: Path) -> None:
    scene = Scene(now=datetime(2026, 7, 1, 12, 30, tzinfo=UTC), zone="Europe/Berlin")
    async with talk_to(egg, scene) as talk:
        assert "2:30" in (await talk.say("egg o'clock")).text
        talk.clock.pass_time(timedelta(hours=1))
        assert "3:30" in (await talk.say("egg o'clock")).text


async def test_danger_needs_a_yes_in_a_test_as_in_life(egg: Path) -> None:
    home = PaperHome(HomeView((Entity(EntityId("hens"), "hen house", "lock"),), ()))
    async with talk_to(egg, Scene(home=home)) as talk:
        assert (await talk.say("open the hen house")).asks
        assert home.acted == []
        assert (await talk.say("yes")).text == "the hen house is unlocked."
        assert home.state(EntityId("hens")).value == "unlocked"


async def test_words_the_skill_does_not_know_do_nothing(egg: Path) -> None:
    assert (await say("fry some bacon", to=egg)).outcomes == ()


async def test_a_skill_that_cannot_be_loaded_says_where(tmp_path: Path) -> None:
    broken = write_source(tmp_path / "broken.py", "def (:")
    with pytest.raises(SkillLoadError, match=r"broken\.py, line 1"):
        await say("x", to=broken)
