"""Says whole replies: the first sentence sounds while the next is made, and a stop tells how far it came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from assistant.core.audio import PcmChunk
from assistant.core.errors import AssistantError, SpeechError
from assistant.core.ports import Played, Speaker, Spoken, Voice
from assistant.language import sentences
from assistant.speech.closing import closable
from assistant.speech.tone import error_tone, ring_tone

_LOGGER = logging.getLogger(__name__)
_LOOK_AHEAD = 1
"""Chunks that wait while one is played and the next is being made."""


@dataclass(slots=True)
class _Saying:
    """One sound being played: what is made and waits, how much each sentence lasts, and whether it was stopped."""

    sentences: list[str] = field(default_factory=list)
    """Those that came so far."""
    ready: asyncio.Queue[PcmChunk | None] = field(default_factory=lambda: asyncio.Queue(_LOOK_AHEAD))
    """None is the end."""
    lengths_s: dict[int, float] = field(default_factory=dict)
    """Sentence's index → seconds of its sound handed to the speaker so far."""
    complete: set[int] = field(default_factory=set)
    """Sentences that were made to their end."""
    failure: SpeechError | None = None
    is_stopped: bool = False
    is_ended: bool = False

    def end(self) -> None:
        """Nothing more will be made."""
        self.is_ended = True
        if self.ready.empty():
            self.ready.put_nowait(None)

    def stop(self) -> None:
        """Hand out nothing more; what waits is dropped."""
        self.is_stopped = True
        while not self.ready.empty():
            self.ready.get_nowait()
        self.ready.put_nowait(None)

    async def chunks(self) -> AsyncIterator[PcmChunk]:
        """What the speaker is given."""
        while not self.is_stopped and not (self.is_ended and self.ready.empty()):
            chunk = await self.ready.get()
            if chunk is None:
                return
            yield chunk


class SentenceQueue:
    """A Mouth (core.ports) over a voice and a speaker; one reply at a time, later ones wait their turn."""

    def __init__(self, voice: Voice, speaker: Speaker) -> None:
        self._voice = voice
        self._speaker = speaker
        self._turn = asyncio.Lock()
        self._saying: _Saying | None = None

    async def say(self, text: str, language: str) -> Spoken:
        """Speak; returns when the last sound has left. A failing voice is told by a tone, then raised (SpeechError)."""
        spoken = await self.say_each(_once(text), language)
        return spoken if spoken.was_stopped or not spoken.text else replace(spoken, text=text)

    async def say_each(self, given: AsyncIterator[str], language: str) -> Spoken:
        """The same for sentences that are still being made; the voice waits for them, and a stop for none."""
        async with self._turn:
            saying = _Saying()
            played = await self._play(saying, _sentences(given, language))
            if saying.failure is not None and not saying.is_stopped:
                await self._play_tone(error_tone())
                raise saying.failure
            was_stopped = saying.is_stopped or played.was_stopped
            said = _said(saying, played.seconds) if was_stopped else " ".join(saying.sentences)
            return Spoken(said if played.first_sound_at_s is not None else "", played.first_sound_at_s, was_stopped)

    async def ring(self) -> Spoken:
        """Play the ring tone once."""
        async with self._turn:
            played = await self._play_tone(ring_tone())
            return Spoken("", played.first_sound_at_s, played.was_stopped)

    def stop(self) -> None:
        """Silence now; what waits its turn is not affected. To be called on the event loop."""
        if self._saying is not None:
            self._saying.stop()
        self._speaker.stop()

    def duck(self, gain: float) -> None:
        """Scale what is playing and what comes, 0–1."""
        self._speaker.duck(gain)

    async def _play(self, saying: _Saying, given: AsyncIterator[str]) -> Played:
        self._saying = saying
        maker = asyncio.create_task(self._make(saying, given), name="sentence-maker")
        try:
            async with aclosing(closable(saying.chunks())) as chunks:
                played = await self._speaker.play(chunks)
        finally:
            self._saying = None
            maker.cancel()
            await asyncio.wait([maker])
        if not maker.cancelled() and (error := maker.exception()) is not None:
            raise error
        return played

    async def _make(self, saying: _Saying, given: AsyncIterator[str]) -> None:
        """Make the sound of each sentence as far ahead as the queue allows."""
        try:
            async with aclosing(closable(given)) as spoken_sentences:
                async for sentence in spoken_sentences:
                    saying.sentences.append(sentence)
                    await self._make_one(saying, sentence)
        except AssistantError as error:
            _LOGGER.warning("voice failed", extra={"voice": self._voice.name, "error": error.code})
            saying.failure = error if isinstance(error, SpeechError) else _as_speech_error(error)
        finally:
            saying.end()

    async def _make_one(self, saying: _Saying, sentence: str) -> None:
        index = len(saying.sentences) - 1
        saying.lengths_s[index] = 0.0
        async with aclosing(closable(self._voice.synthesize(sentence))) as chunks:
            async for chunk in chunks:
                await saying.ready.put(chunk)
                saying.lengths_s[index] += chunk.seconds
        saying.complete.add(index)

    async def _play_tone(self, tone: PcmChunk) -> Played:
        saying = self._saying = _Saying()
        saying.ready.put_nowait(tone)
        saying.end()
        try:
            async with aclosing(closable(saying.chunks())) as chunks:
                return await self._speaker.play(chunks)
        finally:
            self._saying = None


def _as_speech_error(error: AssistantError) -> SpeechError:
    wrapped = SpeechError(error.what, why=error.why, fix=error.fix, may_retry=error.may_retry)
    wrapped.__cause__ = error
    return wrapped


async def _once(text: str) -> AsyncIterator[str]:
    yield text


async def _sentences(given: AsyncIterator[str], language: str) -> AsyncIterator[str]:
    async with aclosing(closable(given)) as texts:
        async for text in texts:
            for sentence in sentences(text, language):
                yield sentence


def _said(saying: _Saying, seconds: float) -> str:
    """The sentences that were heard to their end within so many seconds, and the part of the cut one in whole words."""
    said: list[str] = []
    for index, sentence in enumerate(saying.sentences):
        length_s = saying.lengths_s.get(index)
        if length_s is None or seconds <= 0:
            break
        if index in saying.complete and seconds >= length_s:
            said.append(sentence)
            seconds -= length_s
            continue
        words = sentence.split()
        share = seconds / length_s if length_s else 0.0
        heard = words[: min(int(len(words) * share), len(words) - 1)]
        said.extend([" ".join(heard)] if heard else [])
        break
    return " ".join(said)
