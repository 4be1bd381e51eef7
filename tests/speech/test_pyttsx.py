"""eSpeak NG through pyttsx3: voices, speed, and what happens when it hangs or is not there."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import wave
from pathlib import Path
from types import ModuleType

import pytest

from assistant.core.errors import SpeechError
from assistant.core.ports import Voice
from assistant.speech import PyttsxVoice


async def _seconds(voice: Voice, text: str) -> float:
    return sum([chunk.seconds async for chunk in voice.synthesize(text)])


async def _pcm(voice: Voice, text: str) -> bytes:
    sound = b"".join([chunk.pcm async for chunk in voice.synthesize(text)])
    await voice.close()
    return sound


async def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert await _pcm(PyttsxVoice("en"), "Hello there.")
    assert capfd.readouterr().out == ""


async def test_languages_have_voices_of_their_own() -> None:
    lengths = {language: len(await _pcm(PyttsxVoice(language), "radio 7")) for language in ("en", "en-GB", "ko")}
    assert len(set(lengths.values())) == 3


async def test_korean_words_are_spoken() -> None:
    voice = PyttsxVoice("ko")
    assert await _seconds(voice, "거실 불을 켰어요.") > 0.5
    await voice.close()


async def test_more_words_per_minute_are_shorter() -> None:
    text = "The timer for ten minutes is set."
    slow = await _pcm(PyttsxVoice("en", words_per_minute=100), text)
    fast = await _pcm(PyttsxVoice("en", words_per_minute=300), text)
    assert len(slow) > 1.5 * len(fast)


async def test_two_voices_take_turns_and_keep_their_language_and_speed() -> None:
    voices = [PyttsxVoice("en", words_per_minute=120), PyttsxVoice("ko", words_per_minute=300)]
    alone = [await _seconds(voice, "number 7") for voice in voices]
    assert alone[0] > 1.3 * alone[1]
    for _ in range(3):
        assert await asyncio.gather(*(_seconds(voice, "number 7") for voice in voices)) == pytest.approx(
            alone, abs=0.05
        )
    for voice in voices:
        await voice.close()


async def test_an_unknown_voice_is_an_error_with_a_fix() -> None:
    voice = PyttsxVoice("en", "klingon-opera")
    with pytest.raises(SpeechError, match=r"klingon-opera.*espeak-ng --voices"):
        await voice.prepare()
    await voice.close()


class _NoEspeak:
    """An import path finder that makes eSpeak's library look missing."""

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        if name == "pyttsx3.drivers._espeak":
            raise RuntimeError("This means you probably do not have eSpeak or eSpeak-ng installed!")


async def test_missing_espeak_is_an_error_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("pyttsx3.engine")
    monkeypatch.delitem(sys.modules, "pyttsx3.drivers._espeak", raising=False)
    monkeypatch.delitem(sys.modules, "pyttsx3.drivers.espeak", raising=False)
    monkeypatch.setattr(sys, "meta_path", [_NoEspeak(), *sys.meta_path])
    voice = PyttsxVoice("en")
    with pytest.raises(SpeechError, match="apt install espeak-ng"):
        await voice.prepare()
    await voice.close()


class _HangingEngine:
    """Hangs on a text that says so, until it is given up; makes a short silence of any other."""

    def __init__(self) -> None:
        self.given_up = threading.Event()

    def write(self, text: str, path: Path) -> None:
        if "hang" in text:
            self.given_up.wait(20)
            return
        with wave.open(str(path), "wb") as sound:
            sound.setparams((1, 2, 22_050, 0, "NONE", ""))
            sound.writeframes(bytes(22_050))

    def give_up(self) -> None:
        self.given_up.set()


async def test_a_hanging_engine_is_given_up_and_replaced() -> None:
    made: list[_HangingEngine] = []

    def make() -> _HangingEngine:
        made.append(_HangingEngine())
        return made[-1]

    voice = PyttsxVoice("en", make_engine=make, limit_s=0.2)
    with pytest.raises(SpeechError, match="did not answer"):
        await _seconds(voice, "Please hang.")
    assert made[0].given_up.is_set()
    assert await _seconds(voice, "Hello.") == 0.5
    assert len(made) == 2
    await voice.close()


async def test_a_loop_that_espeak_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = importlib.import_module("pyttsx3.drivers.espeak")
    voice = PyttsxVoice("en", limit_s=0.5)
    await voice.prepare()
    threads = {thread.name for thread in threading.enumerate() if thread.name.startswith("pyttsx3-")}
    with monkeypatch.context() as patched:
        patched.setattr(driver._espeak, "Synth", lambda *_, **__: 0)  # accepts the text and never calls back
        patched.setattr(driver.EspeakDriver, "startLoop", _endless_loop)
        with pytest.raises(SpeechError, match="did not answer"):
            await _seconds(voice, "Hello.")
    assert await _seconds(voice, "Hello again.") > 0.2
    await voice.close()
    for thread in threading.enumerate():
        if thread.name in threads:
            thread.join(12)
            assert not thread.is_alive()


def _endless_loop(driver: object) -> None:
    """pyttsx3's loop while eSpeak's callback stays away."""
    waiting = threading.Event()
    driver._looping = True  # type: ignore[attr-defined]
    while driver._looping:  # type: ignore[attr-defined]
        waiting.wait(0.01)
