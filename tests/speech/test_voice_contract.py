"""What every voice must keep, run over all of them."""

from __future__ import annotations

import array
import asyncio
import os
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.core.errors import ModelMissing, SpeechError
from assistant.core.ports import Voice
from assistant.models import ModelStore
from assistant.speech import CachedVoice, PiperVoice, PyttsxVoice
from assistant.speech.closing import closable
from assistant.testing.voice import ScriptedVoice

MODELS = Path(os.environ.get("ASSISTANT_MODELS_DIR", Path.home() / ".local/share/assistant/models"))


def _piper() -> Voice:
    try:
        return PiperVoice(ModelStore(MODELS).path("piper-joe-us"), "en")
    except ModelMissing:
        pytest.skip("the model piper-joe-us is not installed")


_MAKERS = {
    "scripted": ScriptedVoice,
    "pyttsx3": lambda: PyttsxVoice("en"),
    "cached": lambda: CachedVoice(PyttsxVoice("en")),
    "piper": _piper,
}


@pytest.fixture(
    params=["scripted", "pyttsx3", "cached", pytest.param("piper", marks=[pytest.mark.models, pytest.mark.slow])]
)
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[Voice]:
    made = _MAKERS[request.param]()
    yield made
    await made.close()


async def _seconds(voice: Voice, text: str) -> float:
    return sum([chunk.seconds async for chunk in voice.synthesize(text)])


async def test_words_make_more_than_a_fifth_of_a_second(voice: Voice) -> None:
    assert await _seconds(voice, "Hello") > 0.2


async def test_the_sound_is_not_silence(voice: Voice) -> None:
    chunks = [chunk async for chunk in voice.synthesize("Good morning.")]
    assert max(max(map(abs, array.array("h", chunk.pcm))) for chunk in chunks) > 1000
    assert all(8000 <= chunk.rate_hz <= 48_000 for chunk in chunks)


@pytest.mark.parametrize("text", ["", " ", "😀", "👨‍👩‍👧 🎉", "...", "\n\t", "****", "\x00"])
async def test_a_text_without_words_makes_no_sound_and_no_error(voice: Voice, text: str) -> None:
    assert await _seconds(voice, text) == 0


@pytest.mark.parametrize(
    "text", ["a\x00b", "Ünïcödé ñ 한국어 中文 words", "<speak>hi</speak> &amp; [[x]]", "-v -f /x hello"]
)
async def test_odd_words_make_sound(voice: Voice, text: str) -> None:
    assert await _seconds(voice, text) > 0.1


async def test_two_calls_at_once_both_sound(voice: Voice) -> None:
    both = await asyncio.gather(_seconds(voice, "The first of two."), _seconds(voice, "The second of two."))
    assert min(both) > 0.2


async def test_a_text_left_midway_leaves_the_voice_usable(voice: Voice) -> None:
    async with aclosing(closable(voice.synthesize("One sentence. Another one. And a third."))) as chunks:
        async for _ in chunks:
            break
    task = asyncio.create_task(_seconds(voice, "This one is cancelled. " * 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _seconds(voice, "Still here.") > 0.2


async def test_a_closed_voice_refuses(voice: Voice) -> None:
    await voice.close()
    with pytest.raises(SpeechError):
        await _seconds(voice, "Hello.")


def _temporary() -> set[str]:
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("assistant-voice-")}


@pytest.mark.slow
async def test_ten_thousand_characters_come_in_pieces_from_the_start(voice: Voice) -> None:
    text = ("This sentence is one of many that make a long text. " * 200)[:10_000]
    sizes: list[float] = []
    async with aclosing(closable(voice.synthesize(text))) as chunks:
        async for chunk in chunks:
            sizes.append(chunk.seconds)
            if sum(sizes) > 20:
                break
    assert sum(sizes) > 0.2
    assert max(sizes) < 30
    assert await _seconds(voice, "Still here.") > 0.2


@pytest.mark.slow
async def test_a_hundred_sentences_leak_no_file_and_no_thread(voice: Voice) -> None:
    await _seconds(voice, "Warm up.")
    threads = threading.active_count()
    files = _temporary()
    for index in range(100):
        await _seconds(voice, f"Number {index}.")
    assert threading.active_count() == threads
    assert _temporary() <= files
