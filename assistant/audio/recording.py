"""One opening of a microphone: blocks from PortAudio's thread become frames with their moments on the event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.audio.portaudio import StreamForm
from assistant.audio.resample import Resampler, to_mono
from assistant.audio.timeline import Timeline
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, AudioFrame

_FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES


@dataclass(frozen=True, slots=True)
class Block:
    """Interleaved int16 PCM as one callback got it; `at_s` is the monotonic second of its arrival."""

    pcm: bytes
    at_s: float
    has_lost: bool
    """True when the device lost samples before this block."""

    @property
    def is_zero(self) -> bool:
        """True when there is nothing but digital silence."""
        return self.pcm.count(0) == len(self.pcm)

    def seconds(self, form: StreamForm) -> float:
        """Length in seconds."""
        return len(self.pcm) / SAMPLE_BYTES / form.channels / form.rate_hz


class Inbox:
    """Blocks on their way from PortAudio's thread to the loop; when full, the oldest is dropped and counted."""

    def __init__(self, limit: int, monotonic: Callable[[], float], notify: Callable[[], None]) -> None:
        self.dropped = 0
        self.has_ended = False
        self._limit = limit
        self._blocks: deque[Block] = deque(maxlen=limit)
        self._monotonic = monotonic
        self._notify = notify

    @property
    def is_empty(self) -> bool:
        """True when no block waits."""
        return not self._blocks

    def put(self, pcm: bytes, has_lost: bool) -> None:
        """PortAudio's thread brings a block."""
        if len(self._blocks) == self._limit:
            self.dropped += 1
        self._blocks.append(Block(pcm, self._monotonic(), has_lost))
        self._notify()

    def end(self) -> None:
        """PortAudio's thread says that the stream ended."""
        self.has_ended = True
        self._notify()

    def take(self) -> Block | None:
        """The oldest block, if one waits. For the loop."""
        try:
            return self._blocks.popleft()
        except IndexError:
            return None


class Framer:
    """Blocks in, frames out: mono, 16 kHz, FRAME_SAMPLES long; between two frames no sample is lost or repeated."""

    def __init__(self, form: StreamForm) -> None:
        self._form = form
        self._resampler = Resampler(form.rate_hz)
        self._timeline = Timeline(form.rate_hz)
        self._pending = bytearray()
        self._given = 0

    def feed(self, block: Block) -> Iterator[AudioFrame]:
        """Take the next block."""
        mono = to_mono(block.pcm, self._form.channels)
        self._timeline.note(len(mono) // SAMPLE_BYTES, block.at_s)
        self._pending += self._resampler.feed(mono)
        while len(self._pending) >= _FRAME_BYTES:
            self._given += FRAME_SAMPLES
            yield AudioFrame(bytes(self._pending[:_FRAME_BYTES]), self._timeline.at(self._given / RATE_HZ))
            del self._pending[:_FRAME_BYTES]

    def note_gap(self) -> None:
        """Samples were lost before the next block: its arrival begins the timeline anew."""
        self._timeline.restart()
