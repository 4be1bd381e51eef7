"""The sentence queue: order, look-ahead, stopping, failures, ringing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant.core.audio import PcmChunk
from assistant.core.errors import SpeechError
from assistant.speech import SentenceQueue
from assistant.speech.tone import error_tone, ring_tone
from assistant.testing.voice import ScriptedVoice
from tests.speech.collecting import CollectingSpeaker

REPLY = "The first sentence. The second one! And the third?"


async def _settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_all_sentences_are_said_in_order_as_one_sound() -> None:
    voice, speaker = ScriptedVoice(seconds=0.5), CollectingSpeaker()
    spoken = await SentenceQueue(voice, speaker).say(REPLY, "en")
    assert voice.texts == ["The first sentence.", "The second one!", "And the third?"]
    assert len(speaker.chunks) == 3
    assert (spoken.text, spoken.first_sound_at_s, spoken.was_stopped) == (REPLY, 1.0, False)


async def test_the_first_sentence_sounds_while_the_next_is_made() -> None:
    voice, speaker = ScriptedVoice(hang_on="second"), CollectingSpeaker()
    saying = asyncio.create_task(SentenceQueue(voice, speaker).say(REPLY, "en"))
    await asyncio.wait_for(speaker.took.wait(), 1)
    assert len(speaker.chunks) == 1
    voice.release()
    await saying
    assert len(speaker.chunks) == 3


async def test_no_more_than_two_sentences_are_made_ahead() -> None:
    voice, speaker = ScriptedVoice(), CollectingSpeaker(hold=True)
    text = " ".join(f"Sentence number {index}." for index in range(10))
    saying = asyncio.create_task(SentenceQueue(voice, speaker).say(text, "en"))
    await _settle()
    assert len(voice.texts) == 3  # one plays, one waits, one is handed over
    speaker.let_go(10)
    await saying


async def test_stop_tells_what_was_really_said() -> None:
    speaker = CollectingSpeaker(hold=True)
    mouth = SentenceQueue(ScriptedVoice(), speaker)
    saying = asyncio.create_task(mouth.say("One two three four. Five six seven eight. Nine.", "en"))
    await _settle()
    speaker.let_go()
    await _settle()
    mouth.stop()
    spoken = await saying
    assert spoken.was_stopped
    assert spoken.text == "One two three four. Five six"


async def test_stop_before_the_first_sound_says_nothing() -> None:
    voice, speaker = ScriptedVoice(hang_on="first"), CollectingSpeaker()
    mouth = SentenceQueue(voice, speaker)
    saying = asyncio.create_task(mouth.say(REPLY, "en"))
    await _settle()
    mouth.stop()
    spoken = await asyncio.wait_for(saying, 1)
    assert (spoken.text, spoken.first_sound_at_s, spoken.was_stopped) == ("", None, True)
    assert speaker.chunks == []


async def test_it_speaks_again_after_a_stop() -> None:
    speaker = CollectingSpeaker(hold=True)
    mouth = SentenceQueue(ScriptedVoice(), speaker)
    saying = asyncio.create_task(mouth.say(REPLY, "en"))
    await _settle()
    mouth.stop()
    await saying
    speaker.let_go(10)
    assert (await mouth.say("Again.", "en")).text == "Again."


async def test_stop_while_nothing_sounds_is_harmless() -> None:
    mouth = SentenceQueue(ScriptedVoice(), CollectingSpeaker())
    mouth.stop()
    assert (await mouth.say("Hello.", "en")).text == "Hello."


async def test_a_failing_voice_is_told_by_a_tone_after_what_was_made() -> None:
    speaker = CollectingSpeaker()
    with pytest.raises(SpeechError, match="the voice failed"):
        await SentenceQueue(ScriptedVoice(fail_on="second", seconds=0.5), speaker).say(REPLY, "en")
    assert [chunk.seconds for chunk in speaker.chunks] == [0.5, error_tone().seconds]


class _FaultyVoice(ScriptedVoice):
    """Raises what no voice should."""

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        async for chunk in super().synthesize(text):
            yield chunk
            raise ZeroDivisionError


async def test_a_fault_in_the_voice_is_raised_and_leaves_the_queue_usable() -> None:
    mouth = SentenceQueue(_FaultyVoice(), CollectingSpeaker())
    with pytest.raises(ZeroDivisionError):
        await mouth.say("Hello.", "en")
    assert (await mouth.ring()).was_stopped is False


async def test_replies_wait_for_each_other() -> None:
    voice, speaker = ScriptedVoice(), CollectingSpeaker()
    mouth = SentenceQueue(voice, speaker)
    await asyncio.gather(mouth.say("One. Two.", "en"), mouth.say("Three.", "en"), mouth.ring())
    assert voice.texts == ["One.", "Two.", "Three."]


async def test_a_cancelled_reply_leaves_no_task_and_frees_the_turn() -> None:
    mouth = SentenceQueue(ScriptedVoice(hang_on="first"), CollectingSpeaker())
    before = asyncio.all_tasks()
    saying = asyncio.create_task(mouth.say(REPLY, "en"))
    await _settle()
    saying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saying
    assert asyncio.all_tasks() == before
    assert (await mouth.say("Next.", "en")).text == "Next."


async def test_ring_plays_the_tone_without_a_voice() -> None:
    voice, speaker = ScriptedVoice(), CollectingSpeaker()
    spoken = await SentenceQueue(voice, speaker).ring()
    assert speaker.chunks == [ring_tone()]
    assert voice.texts == []
    assert spoken.first_sound_at_s == 1.0


async def test_ring_can_be_stopped() -> None:
    speaker = CollectingSpeaker(hold=True)
    mouth = SentenceQueue(ScriptedVoice(), speaker)
    ringing = asyncio.create_task(mouth.ring())
    await _settle()
    mouth.stop()
    assert (await ringing).was_stopped


async def test_ducking_reaches_the_speaker() -> None:
    speaker = CollectingSpeaker()
    SentenceQueue(ScriptedVoice(), speaker).duck(0.2)
    assert speaker.gains == [0.2]


@pytest.mark.parametrize("text", ["", "😀", "…"])
async def test_a_text_without_words_makes_no_sound(text: str) -> None:
    spoken = await SentenceQueue(ScriptedVoice(), CollectingSpeaker()).say(text, "en")
    assert spoken.first_sound_at_s is None
    assert not spoken.was_stopped


async def test_sentences_that_are_still_being_made_sound_as_they_come() -> None:
    voice, speaker = ScriptedVoice(seconds=0.5), CollectingSpeaker()
    wanted: asyncio.Queue[str | None] = asyncio.Queue()

    async def made() -> AsyncIterator[str]:
        while (sentence := await wanted.get()) is not None:
            yield sentence

    saying = asyncio.create_task(SentenceQueue(voice, speaker).say_each(made(), "en"))
    wanted.put_nowait("The first.")
    await asyncio.wait_for(speaker.took.wait(), 1)
    assert voice.texts == ["The first."]
    wanted.put_nowait("The second.")
    wanted.put_nowait(None)
    spoken = await saying
    assert (spoken.text, len(speaker.chunks), spoken.was_stopped) == ("The first. The second.", 2, False)


async def test_a_stop_does_not_wait_for_sentences_that_are_still_being_made() -> None:
    is_closed = False

    async def made() -> AsyncIterator[str]:
        nonlocal is_closed
        try:
            yield "The first sentence."
            await asyncio.Event().wait()
        finally:
            is_closed = True

    mouth = SentenceQueue(ScriptedVoice(), CollectingSpeaker())
    saying = asyncio.create_task(mouth.say_each(made(), "en"))
    await _settle()
    mouth.stop()
    spoken = await asyncio.wait_for(saying, 1)
    assert (spoken.text, spoken.was_stopped, is_closed) == ("The first sentence.", True, True)
