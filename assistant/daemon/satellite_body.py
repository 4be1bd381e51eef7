"""What satellites hear and speak with: this machine's recogniser, its voice, and its own speaker for its own site."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.acting.speaking import Speaking
from assistant.audio.resample import resample, to_mono
from assistant.core.audio import PcmChunk
from assistant.core.errors import AudioError, ModelError, SpeechError
from assistant.core.ports import Speaker, Spoken, Voice
from assistant.daemon.brain import Brain
from assistant.daemon.expecting import expect
from assistant.daemon.satellite_ears import EarsParts, OwnRecogniser, SatelliteEar, SatelliteEars
from assistant.hearing import Listener, RecogniserChoice, SileroDetector
from assistant.home.hermes_wav import Sound
from assistant.language import sentences
from assistant.speech.closing import closable

MAX_TEXT = 1_000
MAX_SPOKEN_S = 60.0
"""Longer answers are cut off."""
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SatelliteParts:
    """What there is; `ears` is None where nothing can recognise, and `deaf_why` says why."""

    ears: SatelliteEars | None
    deaf_why: str
    voice: Voice
    speaking: Speaking
    speaker: Speaker
    language: str


class SatelliteBody:
    """Implements Hermes' Body."""

    def __init__(self, parts: SatelliteParts) -> None:
        self._parts = parts
        self.on_close: Callable[[], None] = lambda: None
        """Called at first when it is closed."""
        self.own_recogniser: OwnRecogniser | None = None
        """Where there is no microphone, satellites have the recogniser for themselves."""

    @property
    def can_hear(self) -> bool:
        """True when sound of satellites can be recognised."""
        return self._parts.ears is not None

    def open_ear(self, *, stops_on_silence: bool, wake_word: str) -> SatelliteEar:
        """A new ear. Raises AudioError."""
        if self._parts.ears is None:
            raise AudioError("satellites can't be heard", why=self._parts.deaf_why)
        return self._parts.ears.open(stops_on_silence=stops_on_silence, wake_word=wake_word)

    async def sound_of(self, text: str, volume: float) -> PcmChunk:
        """The text spoken, as a whole, at the rate of its first sound. Raises SpeechError."""
        if len(text) > MAX_TEXT:
            raise SpeechError("the text is too long to be spoken", why=f"it has more than {MAX_TEXT} letters")
        made: list[PcmChunk] = []
        seconds = 0.0
        async with aclosing(self._chunks(text)) as chunks:
            async for chunk in chunks:
                made.append(chunk)
                seconds += chunk.seconds
                if seconds > MAX_SPOKEN_S:
                    _LOGGER.warning("an answer for a satellite is too long and was cut off")
                    break
        return await asyncio.to_thread(_joined, made, volume)

    async def say_here(self, text: str) -> None:
        """Speak, after what is being said now."""
        await self._parts.speaking.say(text[:MAX_TEXT], self._parts.language)

    async def play_here(self, sound: Sound) -> None:
        """Play, after what is being said now. Raises AudioError."""
        chunk = PcmChunk(to_mono(sound.pcm, sound.channels), sound.rate_hz)

        async def chunks() -> AsyncIterator[PcmChunk]:
            yield chunk

        async def play() -> Spoken:
            played = await self._parts.speaker.play(chunks())
            return Spoken("", played.first_sound_at_s, played.was_stopped)

        spoken = await self._parts.speaking.play(play)
        if spoken.first_sound_at_s is None and not spoken.was_stopped:
            raise AudioError("the sound was not played", why="the speaker is off or away")

    async def _chunks(self, text: str) -> AsyncGenerator[PcmChunk, None]:
        for sentence in sentences(text, self._parts.language):
            async with aclosing(closable(self._parts.voice.synthesize(sentence))) as chunks:
                async for chunk in chunks:
                    yield chunk

    def close(self) -> None:
        """Give the threads back."""
        self.on_close()
        if self._parts.ears is not None:
            self._parts.ears.close()
        if self.own_recogniser is not None:
            self.own_recogniser.close()


def _joined(chunks: list[PcmChunk], volume: float) -> PcmChunk:
    if not chunks:
        return PcmChunk(b"", 16_000)
    rate_hz = chunks[0].rate_hz
    pcm = b"".join(resample(each.pcm, each.rate_hz, rate_hz) for each in chunks)
    if volume < 1:
        pcm = (np.frombuffer(pcm, "<i2") * volume).astype("<i2").tobytes()
    return PcmChunk(pcm, rate_hz)


@dataclass(frozen=True, slots=True)
class Made:
    """What was built for this machine's own ears and mouth."""

    listener: Listener | None
    choice: RecogniserChoice | None
    deaf_why: str
    voice: Voice
    speaking: Speaking
    speaker: Speaker


async def serve_satellites(brain: Brain, made: Made) -> SatelliteBody | None:
    """Give Hermes, if it is on, what it hears and speaks with; None if it is off."""
    hermes = brain.outside.hermes
    if hermes is None:
        return None
    settings = brain.config.settings
    own = await _own_recogniser(brain, made)
    recogniser = made.listener or own
    ears = None
    if recogniser is not None:
        ears = SatelliteEars(EarsParts(recogniser.reading, SileroDetector, settings.endpoint, brain.clock))
    body = SatelliteBody(
        SatelliteParts(ears, made.deaf_why, made.voice, made.speaking, made.speaker, settings.general.language)
    )
    body.own_recogniser = own
    body.on_close = partial(hermes.attach, None)
    hermes.attach(body)
    return body


async def _own_recogniser(brain: Brain, made: Made) -> OwnRecogniser | None:
    """A hub without a microphone still has satellites to hear."""
    if made.listener is not None or made.choice is None:
        return None
    own = OwnRecogniser(made.choice.recogniser)
    try:
        await own.load()
    except ModelError as error:
        _LOGGER.error("satellites can't be heard: the recogniser's model can't be used", extra={"error": str(error)})
        own.close()
        return None

    async def take_over() -> None:
        await expect(brain, own)

    brain.on_names = take_over
    brain.note_change()
    return own
