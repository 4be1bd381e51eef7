"""Choosing a voice, the cache, the tones, and faults of Piper's models."""

from __future__ import annotations

import array
from pathlib import Path

import pytest

from assistant.core.errors import ModelDamaged, ModelMissing, SpeechError
from assistant.core.settings import VoiceSettings
from assistant.models import ModelStore
from assistant.speech import CachedVoice, PiperVoice, SilentVoice, voice_for
from assistant.speech.text import pieces
from assistant.speech.tone import error_tone, ring_tone
from assistant.testing.voice import ScriptedVoice


async def _listen(voice: CachedVoice | PiperVoice | SilentVoice, text: str) -> float:
    return sum([chunk.seconds async for chunk in voice.synthesize(text)])


async def test_engine_none_is_silent(tmp_path: Path) -> None:
    voice = voice_for(VoiceSettings(engine="none"), "en", ModelStore(tmp_path))
    assert isinstance(voice, SilentVoice)
    assert await _listen(voice, "Hello.") == 0
    await voice.close()


async def test_engine_pyttsx3_needs_no_model(tmp_path: Path) -> None:
    voice = voice_for(VoiceSettings(), "en", ModelStore(tmp_path))
    assert voice.name == "pyttsx3/gmw/en-us/170"
    await voice.close()


def test_piper_without_its_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="assistant models pull piper-joe-us"):
        voice_for(VoiceSettings(engine="piper"), "en", ModelStore(tmp_path))


def test_piper_has_no_korean_voice(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="pyttsx3"):
        voice_for(VoiceSettings(engine="piper"), "ko", ModelStore(tmp_path))


@pytest.mark.parametrize("files", [{}, {"a.onnx": "x"}, {"a.onnx": "x", "a.onnx.json": "{}"}])
async def test_a_damaged_piper_model_says_how_to_get_it_anew(tmp_path: Path, files: dict[str, str]) -> None:
    folder = tmp_path / "piper-x"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    voice = PiperVoice(folder, "en")
    with pytest.raises(ModelDamaged, match="assistant models pull piper-x"):
        await voice.prepare()
    await voice.close()


async def test_a_short_sentence_is_made_once() -> None:
    inner = ScriptedVoice(seconds=0.5, chunks_per_text=2)
    voice = CachedVoice(inner)
    assert await _listen(voice, "Done.") == await _listen(voice, "Done.") == 0.5
    assert inner.texts == ["Done."]


async def test_a_long_sentence_is_not_kept() -> None:
    inner = ScriptedVoice(seconds=5)
    voice = CachedVoice(inner)
    await _listen(voice, "A long one.")
    await _listen(voice, "A long one.")
    assert len(inner.texts) == 2
    assert voice.kept_s == 0


async def test_the_least_recently_used_sentence_is_forgotten() -> None:
    inner = ScriptedVoice(seconds=1)
    voice = CachedVoice(inner, seconds=2)
    for text in ("One.", "Two.", "One.", "Three.", "One.", "Two."):
        await _listen(voice, text)
    assert inner.texts == ["One.", "Two.", "Three.", "Two."]
    assert voice.kept_s == 2


async def test_a_sentence_left_midway_is_not_kept() -> None:
    inner = ScriptedVoice(seconds=1, chunks_per_text=2)
    voice = CachedVoice(inner)
    chunks = voice.synthesize("Done.")
    await anext(chunks)
    await chunks.aclose()
    assert await _listen(voice, "Done.") == 1


@pytest.mark.parametrize("tone", [ring_tone(), error_tone()])
def test_tones_are_short_clean_and_begin_and_end_in_silence(tone: object) -> None:
    samples = array.array("h", tone.pcm)
    assert 0.2 < tone.seconds < 3
    assert 3000 < max(map(abs, samples)) < 20_000
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 500


def test_the_first_piece_of_a_slow_voice_ends_at_an_early_clause() -> None:
    text = "The kitchen light is on now, and the lamp in the hall is off again. Anything else?"
    assert pieces(text, "en", 120, is_first_short=True) == [
        "The kitchen light is on now,",
        "and the lamp in the hall is off again.",
        "Anything else?",
    ]


def test_pieces_keep_their_limit_and_hold_words() -> None:
    found = pieces("word " * 500 + "... !!! 😀", "en", 100)
    assert all(0 < len(piece) <= 100 for piece in found)
