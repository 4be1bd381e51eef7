"""The road from frames to words: wake word → endpoint → recogniser → events, over one frame source."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.core.audio import AudioFrame
from assistant.core.clock import Clock
from assistant.core.ports import (
    EarEvent,
    FrameSource,
    Heard,
    Recogniser,
    SpeechDetector,
    Unheard,
    WakeDetector,
    Woken,
)
from assistant.core.settings import EndpointSettings
from assistant.hearing.attention import Abandoned, Attention, Began, Ended, Moment, More
from assistant.hearing.reading import Reading
from assistant.hearing.wake_phrase import without_wake_phrase
from assistant.hearing.worker import Worker

_LOGGER = logging.getLogger(__name__)

_EVENTS = 32
"""Events that may wait for whoever listens to us; the oldest are dropped then, and counted."""
_UNREAD = 3
"""Utterances that may wait to be read; more are dropped, and counted."""
_IDLE_FRAMES = 2
"""While nobody speaks to us, so many frames go to the detectors at once: waking their thread costs as much as they."""


@dataclass(frozen=True, slots=True)
class EarParts:
    """What hears: `wake` None means push to talk alone."""

    wake: WakeDetector | None
    speech: SpeechDetector
    recogniser: Recogniser


class Listener:
    """Implements core.ports.Ears. Detection has one thread, the recogniser another; the loop never waits on either."""

    def __init__(self, source: FrameSource, parts: EarParts, settings: EndpointSettings, clock: Clock) -> None:
        self._source = source
        self._parts = parts
        self._clock = clock
        self._attention = Attention(parts.wake, parts.speech, settings)
        self._words = parts.wake.words if parts.wake is not None else ()
        self._detecting = Worker("detect")
        self._reading = Worker("recognise")
        self._current: Reading | None = None
        self._unread = 0
        self._queue: asyncio.Queue[EarEvent | None] = asyncio.Queue(_EVENTS)
        self.dropped_events = 0
        self.dropped_utterances = 0

    async def load(self) -> None:
        """Bring the recogniser's weights into memory, once. Raises ModelMissing or ModelDamaged."""
        await self._reading.submit(self._parts.recogniser.load)

    async def expect(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences that people may say here, after `load`; returns the words that had to be left out."""
        return await self._reading.submit(self._parts.recogniser.set_phrases, phrases)

    def reading(self) -> Reading:
        """An utterance that comes from elsewhere, for the same recogniser, after `load`."""
        return Reading(self._reading, self._parts.recogniser)

    def open_mic(self, seconds: float) -> None:
        """Listen for speech without a wake word for that long."""
        self._attention.open_mic(seconds)

    def set_speaking(self, is_speaking: bool) -> None:
        """While the assistant speaks, only the wake word is listened for."""
        self._attention.set_speaking(is_speaking)

    def close(self) -> None:
        """Give the threads back."""
        self._detecting.close()
        self._reading.close()

    async def events(self) -> AsyncIterator[EarEvent]:
        """What is heard, in order, until the source is closed. Loads the recogniser where `load` was not called."""
        self._queue = asyncio.Queue(_EVENTS)
        pump = asyncio.create_task(self._pump(), name="ears")
        try:
            while (event := await self._queue.get()) is not None:
                yield event
            await pump
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump

    async def _pump(self) -> None:
        """Frames to events; always ends with None."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.load(), name="load recogniser")
                await self._follow(group)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            self._offer(None)

    async def _follow(self, group: asyncio.TaskGroup) -> None:
        frames = self._source.frames()
        waiting: list[AudioFrame] = []
        try:
            async for frame in frames:
                waiting.append(frame)
                if len(waiting) < _IDLE_FRAMES and self._attention.is_idle:
                    continue
                await self._detect(tuple(waiting), group)
                waiting.clear()
            await self._detect(tuple(waiting), group)
        finally:
            if isinstance(frames, AsyncGenerator):
                await frames.aclose()

    async def _detect(self, frames: tuple[AudioFrame, ...], group: asyncio.TaskGroup) -> None:
        for moment in await self._detecting.submit(self._attention.steps, frames):
            self._take(moment, group)

    def _take(self, moment: Moment, group: asyncio.TaskGroup) -> None:
        match moment:
            case Woken() | Unheard():
                self._offer(moment)
            case Began():
                self._begin(moment)
            case More():
                if self._current is not None:
                    self._current.accept(moment.pcm)
            case Ended():
                self._end(moment, group)
            case Abandoned():
                if self._current is not None:
                    group.create_task(self._read(self._current, None), name="drop utterance")
                    self._current = None

    def _begin(self, began: Began) -> None:
        if self._unread >= _UNREAD:
            return
        self._unread += 1
        self._current = Reading(self._reading, self._parts.recogniser)
        self._current.accept(began.pcm)

    def _end(self, ended: Ended, group: asyncio.TaskGroup) -> None:
        current, self._current = self._current, None
        if current is None:
            self.dropped_utterances += 1
            _LOGGER.warning("utterance dropped: the recogniser is behind", extra={"dropped": self.dropped_utterances})
            self._offer(Unheard(ended.utterance.wake_word))
            return
        group.create_task(self._read(current, ended), name="read utterance")

    async def _read(self, reading: Reading, ended: Ended | None) -> None:
        """Words of one utterance, to an event; of an abandoned one nothing but its errors."""
        try:
            if ended is None:
                await reading.settle()
                return
            transcript = await reading.finish()
        finally:
            self._unread -= 1
        utterance = ended.utterance
        request = without_wake_phrase(transcript.text, self._words)
        if request:
            heard = replace(transcript, text=request)
            self._offer(Heard(heard, utterance, ended.wake_at_s, self._clock.monotonic()))
        elif transcript.text:
            self._attention.listen_on(utterance.wake_word, ended.wake_at_s, utterance.endpoint_at_s)
        else:
            self._offer(Unheard(utterance.wake_word))

    def _offer(self, event: EarEvent | None) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            self.dropped_events += 1
            _LOGGER.warning("ear event dropped: nobody takes them", extra={"dropped": self.dropped_events})
        self._queue.put_nowait(event)
