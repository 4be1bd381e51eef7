"""An answer in free words sounds while it is made, and ends when somebody turns to us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from assistant.acting.streaming import ReplyStream
from assistant.core.turn import Chat, DialogueAct, Situation, Stage
from tests.acting.air import CLOSED, WOKEN, Air, heard
from tests.acting.parts import Bench, commands

pytestmark = pytest.mark.timeout(10)


class Teller:
    """Tells sentences, each when the test lets it."""

    def __init__(self, *sentences: str) -> None:
        self._sentences = sentences
        self.go = asyncio.Semaphore(0)
        self.is_closed = False

    async def answer(self, prompt: str, situation: Situation) -> AsyncGenerator[str, None]:
        try:
            for sentence in self._sentences:
                await self.go.acquire()
                yield sentence
        finally:
            self.is_closed = True


def air_with(teller: Teller) -> Air:
    bench = Bench()
    bench.understander.plans |= {"story": Chat("story"), "stop": DialogueAct.STOP, "lamp": commands("on lamp")}
    return Air(bench, chatter=teller)


async def settle() -> None:
    for _ in range(150):
        await asyncio.sleep(0)


async def test_the_first_sentence_sounds_while_the_rest_is_made() -> None:
    teller = Teller("Once upon a time.", "There was a house.")
    voice = air_with(teller)
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    teller.go.release()
    await settle()
    assert voice.mouth.said == ["Once upon a time."]
    assert voice.bench.trace.last() is None  # the turn goes on
    teller.go.release()
    voice.ears.hear(CLOSED)
    await running
    assert voice.mouth.said == ["Once upon a time.", "There was a house."]
    turn = voice.bench.trace.last()
    assert turn is not None
    assert turn.reply is not None
    assert turn.reply.text == "Once upon a time. There was a house."
    assert Stage.FIRST_SOUND in turn.stages
    spoken = voice.bench.trace.spoken(turn.id)
    assert spoken is not None
    assert (spoken.text, spoken.was_stopped) == (turn.reply.text, False)


async def test_whoever_turns_to_us_ends_the_answer_that_is_spoken_and_made() -> None:
    teller = Teller("Once upon a time.", "There was a house.")
    voice = air_with(teller)
    voice.mouth.long.add("Once upon a time.")
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    teller.go.release()
    await asyncio.wait_for(voice.mouth.started.wait(), 5)
    voice.ears.hear(WOKEN)
    await settle()
    assert teller.is_closed
    voice.ears.hear(heard("stop"), CLOSED)
    await running
    assert voice.mouth.said == ["Once upon a time."]


async def test_stop_ends_an_answer_of_which_nothing_was_said_yet_in_silence() -> None:
    teller = Teller("Once upon a time.")
    voice = air_with(teller)
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    await settle()
    voice.ears.hear(WOKEN)
    await settle()
    assert teller.is_closed
    voice.ears.hear(heard("stop"), CLOSED)
    await running
    assert voice.mouth.said == []


async def test_a_command_is_done_after_an_answer_was_broken_off() -> None:
    teller = Teller("Once upon a time.", "There was a house.")
    voice = air_with(teller)
    voice.mouth.long.add("Once upon a time.")
    running = asyncio.create_task(voice.loop.run())
    voice.ears.hear(WOKEN, heard("story"))
    teller.go.release()
    await asyncio.wait_for(voice.mouth.started.wait(), 5)
    voice.ears.hear(WOKEN, heard("lamp"), CLOSED)
    await running
    assert voice.mouth.said == ["Once upon a time.", "Did it."]
    assert voice.bench.home.sent == [("lamp", "on")]


async def test_other_replies_come_whole_and_a_stream_is_not_needed() -> None:
    voice = air_with(Teller())
    await voice.run(WOKEN, heard("lamp"))
    assert voice.mouth.said == ["Did it."]


async def test_an_answer_without_a_sentence_is_no_silence() -> None:
    voice = air_with(Teller())
    await voice.run(WOKEN, heard("story"))
    assert voice.mouth.said == ["I don't know that."]


async def test_what_comes_behind_an_answer_is_said_behind_it() -> None:
    stream = ReplyStream()
    stream.put("A story.")
    stream.end("A story. You missed a timer.")
    assert [sentence async for sentence in stream.sentences()] == ["A story.", "You missed a timer."]


async def test_a_stopped_stream_gives_nothing_more() -> None:
    stream = ReplyStream()
    stream.put("A story.")
    stream.stop()
    stream.end("A story. And more.")
    assert not await stream.has_begun()
    assert [sentence async for sentence in stream.sentences()] == []
