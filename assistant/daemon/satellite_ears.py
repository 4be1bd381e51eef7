"""Hears satellites: a detector per utterance, and the one recogniser that this machine has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.audio.resample import Resampler, to_mono
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, AudioFrame, Utterance
from assistant.core.clock import Clock
from assistant.core.errors import AudioError
from assistant.core.ports import Recogniser, SpeechDetector, Unheard
from assistant.core.settings import EndpointSettings
from assistant.core.turn import Stage
from assistant.hearing.attention import Attention, Began, Ended, Moment, More
from assistant.hearing.pcm import Chunker, seconds_of
from assistant.hearing.reading import Reading
from assistant.hearing.wake_phrase import without_wake_phrase
from assistant.hearing.worker import Worker
from assistant.home.hermes_ports import Recognised
from assistant.home.hermes_wav import Sound

MAX_EARS = 4
"""Utterances that are heard at one time."""
MAX_WAITING = 64
"""Chunks that may wait to be heard: some 4 s."""
UNNAMED = ("", "default")
"""Wake words that say nothing of how they are spoken."""
_LOGGER = logging.getLogger(__name__)


class OwnRecogniser:
    """A recogniser for satellites alone, where no microphone has one already."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._worker = Worker("recognise")

    async def load(self) -> None:
        """Bring the weights into memory. Raises ModelMissing or ModelDamaged."""
        await self._worker.submit(self._recogniser.load)

    async def expect(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences that people may say, after `load`; returns the words that had to be left out."""
        return await self._worker.submit(self._recogniser.set_phrases, phrases)

    def reading(self) -> Reading:
        """One utterance, after `load`."""
        return Reading(self._worker, self._recogniser)

    def close(self) -> None:
        """Give the thread back."""
        self._worker.close()


@dataclass(frozen=True, slots=True)
class EarsParts:
    """What hears: readings of the recogniser, detectors of speech, and when an utterance is over."""

    reading: Callable[[], Reading]
    detector: Callable[[], SpeechDetector]
    endpoint: EndpointSettings
    clock: Clock


class SatelliteEars:
    """Opens ears; all their detection is done on one thread."""

    def __init__(self, parts: EarsParts) -> None:
        self._parts = parts
        self._worker = Worker("satellites")
        self._open: set[SatelliteEar] = set()

    def open(self, *, stops_on_silence: bool, wake_word: str) -> SatelliteEar:
        """A new one. Raises AudioError when too many are open."""
        if len(self._open) >= MAX_EARS:
            raise AudioError("too many satellites are heard at once", why=f"{MAX_EARS} are", may_retry=True)
        endpoint = self._parts.endpoint
        cutter = Cutter(Attention(None, self._parts.detector(), endpoint) if stops_on_silence else None, endpoint)
        ear = SatelliteEar(self._parts, self._worker, cutter, wake_word)
        ear.on_closed = self._open.discard
        self._open.add(ear)
        return ear

    def close(self) -> None:
        """Give the thread back."""
        for ear in tuple(self._open):
            ear.close()
        self._worker.close()


@dataclass(slots=True)
class Cutter:
    """Sound of any rate, cut into frames, and the one utterance in them; belongs to the detection's thread."""

    attention: Attention | None
    """None: everything is the utterance."""
    endpoint: EndpointSettings
    _rate_hz: int = 0
    _resampler: Resampler = field(default_factory=lambda: Resampler(RATE_HZ))
    _chunker: Chunker = field(default_factory=lambda: Chunker(FRAME_SAMPLES))
    _heard_s: float = 0.0

    def __post_init__(self) -> None:
        if self.attention is not None:
            self.attention.open_mic(self.endpoint.wait_s)

    def take(self, sound: Sound, at_s: float) -> list[Moment]:
        """The next stretch, which ended at that moment."""
        if sound.rate_hz != self._rate_hz:
            self._rate_hz, self._resampler = sound.rate_hz, Resampler(sound.rate_hz)
        pcm = self._resampler.feed(to_mono(sound.pcm, sound.channels))
        return list(self._moments(pcm, at_s))

    def _moments(self, pcm: bytes, at_s: float) -> Iterator[Moment]:
        if self.attention is not None:
            for chunk in self._chunker.feed(pcm):
                yield from self.attention.step(AudioFrame(chunk, at_s))
            return
        began = self._heard_s == 0
        self._heard_s += seconds_of(pcm)
        yield Began(pcm) if began else More(pcm)
        if self._heard_s >= self.endpoint.max_s:
            yield Ended(Utterance(b"", None, at_s - self._heard_s, at_s, at_s, is_cut=True), None)


class SatelliteEar:
    """One utterance. Implements Hermes' SiteEar."""

    def __init__(self, parts: EarsParts, worker: Worker, cutter: Cutter, wake_word: str) -> None:
        self.on_closed: Callable[[SatelliteEar], None] = lambda _: None
        self._parts = parts
        self._worker = worker
        self._cutter = cutter
        self._wake_words = () if wake_word in UNNAMED else (wake_word,)
        self._sounds: asyncio.Queue[tuple[Sound, float] | None] = asyncio.Queue(MAX_WAITING)
        self._reading: Reading | None = None
        self._audio_s = 0.0
        self._is_over = self._is_closed = False
        self.dropped = 0

    def feed(self, sound: Sound) -> None:
        """The next stretch of sound; dropped when too many wait."""
        if self._is_over:
            return
        try:
            self._sounds.put_nowait((sound, self._parts.clock.monotonic()))
        except asyncio.QueueFull:
            self.dropped += 1
            if self.dropped == 1:
                _LOGGER.warning("sound of a satellite comes faster than it can be heard")

    def finish(self) -> None:
        """That was all."""
        if not self._is_over:
            self._is_over = True
            if self._sounds.full():
                self._sounds.get_nowait()
            self._sounds.put_nowait(None)

    def close(self) -> None:
        """Nobody wants the words."""
        self._is_closed = True
        self.finish()
        self.on_closed(self)

    async def words(self) -> Recognised | None:
        """The words, once the utterance is over. Raises what the recogniser raises."""
        ended: Utterance | None = None
        while ended is None and (next_sound := await self._sounds.get()) is not None:
            for moment in await self._worker.submit(self._cutter.take, *next_sound):
                if isinstance(moment, Unheard):
                    return None
                ended = self._take(moment) or ended
        self._is_over = True
        if self._reading is None:
            return None
        if self._is_closed:
            await self._reading.settle()
            return None
        return await self._read(self._reading, ended)

    def _take(self, moment: Moment) -> Utterance | None:
        match moment:
            case Began():
                self._reading = self._parts.reading()
                self._hear(self._reading, moment.pcm)
            case More() if self._reading is not None:
                self._hear(self._reading, moment.pcm)
            case Ended():
                return moment.utterance
        return None

    def _hear(self, reading: Reading, pcm: bytes) -> None:
        reading.accept(pcm)
        self._audio_s += len(pcm) / SAMPLE_BYTES / RATE_HZ

    async def _read(self, reading: Reading, ended: Utterance | None) -> Recognised | None:
        now_s = self._parts.clock.monotonic()
        transcript = await reading.finish()
        text = without_wake_phrase(transcript.text, self._wake_words)
        if self._is_closed or not text:
            return None
        stages = {
            Stage.SPEECH_END: ended.speech_ended_at_s if ended is not None else now_s,
            Stage.ENDPOINT: ended.endpoint_at_s if ended is not None else now_s,
            Stage.TRANSCRIPT: self._parts.clock.monotonic(),
        }
        return Recognised(text, transcript.confidence, self._audio_s, stages)
