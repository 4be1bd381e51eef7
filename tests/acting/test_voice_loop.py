"""Speaking and listening take turns, and a person always comes first."""

from __future__ import annotations

import asyncio

import pytest

from assistant.acting.speaking import DeafEars, Speaking
from assistant.core.ports import Unheard
from assistant.core.turn import Command, Commands, DialogueAct, Outcome, OutcomeStatus, Stage
from tests.acting.air import CLOSED, WOKEN, Air, ScriptedMouth, SleepyClock, heard
from tests.acting.parts import Bench, commands

pytestmark = pytest.mark.timeout(10)


def air(**plans: object) -> Air:
    bench = Bench()
    bench.understander.plans |= {"lamp": commands("on lamp"), "stop": DialogueAct.STOP, **plans}  # type: ignore[dict-item]
    return Air(bench)


async def until(condition: asyncio.Event) -> None:
    await asyncio.wait_for(condition.wait(), 5)


async def settle() -> None:
    """Let everything run that can run."""
    for _ in range(150):
        await asyncio.sleep(0)


async def test_words_heard_are_answered_aloud_with_every_stage_noted() -> None:
    voice = air()
    await voice.run(WOKEN, heard("lamp"))
    assert voice.mouth.said == ["Did it."]
    assert voice.ears.speaking == [True, False]
    turn = voice.bench.trace.last()
    assert turn is not None
    assert set(turn.stages) == set(Stage)
    assert turn.stages[Stage.WAKE] == 90.0
    assert (turn.wake_word, turn.audio_s) == ("jarvis", 1.0)


async def test_nothing_is_said_when_nothing_was_heard() -> None:
    voice = air()
    await voice.run(WOKEN, Unheard("jarvis"))
    assert voice.mouth.said == []


async def test_what_sounds_is_low_while_somebody_turns_to_us() -> None:
    voice = air()
    await voice.run(WOKEN, Unheard("jarvis"))
    assert voice.mouth.gains == [0.2, 1.0]


async def test_a_question_opens_the_microphone_and_its_answer_needs_no_wake_word() -> None:
    voice = air(unlock=commands("unlock front"))
    voice.ears.answers = [heard("yes", None)]
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("unlock"))
    await settle()
    voice.ears.hear(CLOSED)
    await running
    assert voice.mouth.said == ["Shall I really unlock the front door?", "Did it."]
    assert voice.ears.opened == [5.0]
    assert voice.bench.home.sent == [("front", "unlock")]


async def test_the_wake_word_breaks_a_reply_off_and_what_was_really_said_is_kept() -> None:
    voice = air(story=Commands((Command("story"),)))
    text = "Once upon a time. There was a house."
    voice.bench.skills.table["s", "story", "en"] = [text]
    voice.bench.skills.outcomes["story"] = Outcome(OutcomeStatus.TOLD, "story", {}, "s")
    voice.mouth.long.add(text)
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    await until(voice.mouth.started)
    voice.ears.hear(WOKEN, heard("lamp"), CLOSED)
    await running
    story, lamp = voice.bench.trace.turns()
    spoken = voice.bench.trace.spoken(story.id)
    assert spoken is not None
    assert (spoken.text, spoken.was_stopped) == ("Once upon a time.", True)
    assert "interrupted" in voice.bench.trace.as_text(story)
    assert story.reply is not None
    assert story.reply.text == text
    assert lamp.situation.is_speaking
    assert voice.mouth.said == [text, "Did it."]


async def test_stop_after_a_barge_in_is_answered_by_silence() -> None:
    voice = air(story=Commands((Command("story"),)))
    voice.bench.skills.outcomes["story"] = Outcome(OutcomeStatus.TOLD, "not_known")
    voice.mouth.long.add("I don't know that.")
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    await until(voice.mouth.started)
    voice.ears.hear(WOKEN, heard("stop"), CLOSED)
    await running
    assert voice.mouth.said == ["I don't know that."]


async def test_stop_when_all_is_quiet_says_that_there_is_nothing() -> None:
    voice = air()
    await voice.run(WOKEN, heard("stop"))
    assert voice.mouth.said == ["There is nothing to stop."]


async def test_a_broken_voice_costs_the_sound_and_not_the_turn() -> None:
    voice = air()
    voice.mouth.broken = True
    await voice.run(WOKEN, heard("lamp"))
    turn = voice.bench.trace.last()
    assert turn is not None
    assert turn.reply is not None
    assert turn.reply.text == "Did it."
    assert Stage.FIRST_SOUND not in turn.stages
    assert voice.ears.speaking == [True, False]


async def test_an_announcement_waits_until_the_person_has_been_answered() -> None:
    voice = air()
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN)
    await settle()
    await voice.loop.announce("", "no_broker", {})
    await settle()
    assert voice.mouth.said == []
    voice.ears.hear(heard("lamp"))
    await settle()
    assert voice.mouth.said == ["Did it.", "I can't reach the devices of this home."]
    voice.ears.hear(CLOSED)
    await running


async def test_ears_that_never_come_to_an_end_do_not_silence_us_for_ever() -> None:
    voice = air()
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN)
    await settle()
    await voice.loop.announce("", "no_microphone", {})
    await settle()
    assert voice.mouth.said == []
    voice.clock.pass_time()
    await settle()
    assert voice.mouth.said == ["I have no microphone."]
    voice.ears.hear(CLOSED)
    await running


async def test_announcements_beyond_the_bound_are_dropped_and_counted() -> None:
    voice = air()
    for _ in range(20):
        await voice.loop.announce("", "no_broker", {})
    assert voice.loop.dropped_announcements == 4


async def test_an_announcement_without_words_is_not_said() -> None:
    voice = air()
    await voice.loop.announce("nobody", "nothing", {})
    await voice.run(Unheard(None))
    assert voice.mouth.said == []


async def test_without_a_microphone_it_still_speaks() -> None:
    clock = SleepyClock()
    mouth = ScriptedMouth(clock)
    spoken = await Speaking(DeafEars(), mouth, clock).say("Hello.", "en")
    assert spoken.text == "Hello."
