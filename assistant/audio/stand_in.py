"""Ears and a mouth without a sound card: frames from files, and a speaker that keeps what it would have played."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path

from assistant.audio.resample import resample
from assistant.audio.wav import read_wav_16k
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, AudioFrame, PcmChunk
from assistant.core.clock import Clock
from assistant.core.ports import Played

FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
FRAME_S = FRAME_SAMPLES / RATE_HZ
_SILENT_FRAME = bytes(FRAME_BYTES)


class FileSource:
    """A FrameSource that plays sounds (WAV files, or 16 kHz mono int16 PCM), each followed by `gap_s` of silence.

    With `is_realtime` frames come at the speed of a microphone; without, as fast as they are taken, and `at_s` counts
    the samples. With `stays_open` silence goes on after the last sound until `close`, and `add` may bring more.
    """

    def __init__(
        self,
        sounds: Sequence[Path | bytes],
        clock: Clock,
        *,
        is_realtime: bool = False,
        gap_s: float = 1.5,
        stays_open: bool = False,
    ) -> None:
        self._clock = clock
        self._is_realtime = is_realtime
        self._gap_s = gap_s
        self._stays_open = stays_open
        self._closing = asyncio.Event()
        self._waiting: deque[Path | bytes] = deque(sounds)

    def add(self, sound: Path | bytes) -> None:
        """Play this one too, after those that wait."""
        self._waiting.append(sound)

    async def close(self) -> None:
        """End `frames`."""
        self._closing.set()

    async def frames(self) -> AsyncGenerator[AudioFrame, None]:
        """The frames of all sounds. Raises InputError for a file that can't be read."""
        began_at_s = self._clock.monotonic()
        count = 0
        while not self._closing.is_set() and (self._waiting or self._stays_open):
            pcm = self._next_sound()
            for start in range(0, len(pcm), FRAME_BYTES):
                if self._closing.is_set():
                    return
                count += 1
                at_s = began_at_s + count * FRAME_S
                # In real time this waits for the frame's end; without, it lets the loop's other work go on.
                await (self._clock.sleep(max(0.0, at_s - self._clock.monotonic())) if self._is_realtime else _turn())
                yield AudioFrame(pcm[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"), at_s)

    def _next_sound(self) -> bytes:
        if not self._waiting:
            return _SILENT_FRAME
        sound = self._waiting.popleft()
        pcm = read_wav_16k(sound) if isinstance(sound, Path) else sound
        return pcm + bytes(int(self._gap_s * RATE_HZ) * SAMPLE_BYTES)


async def _turn() -> None:
    await asyncio.sleep(0)


class BufferSpeaker:
    """A Speaker that plays nothing and keeps everything: one entry of `sounds` (16 kHz mono int16 PCM) per play.

    With `is_realtime` a play lasts as long as its sound; without, it is over at once.
    """

    def __init__(self, clock: Clock, *, is_realtime: bool = False) -> None:
        self.sounds: list[bytes] = []
        self.gain = 1.0
        self._clock = clock
        self._is_realtime = is_realtime
        self._turn = asyncio.Lock()
        self._stopped = asyncio.Event()
        self._first_at_s: float | None = None

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """Take all chunks, or those until `stop`."""
        async with self._turn:
            self._stopped.clear()
            self.sounds.append(b"")
            taking = asyncio.create_task(self._take(chunks), name="buffer-speaker")
            stopping = asyncio.create_task(self._stopped.wait(), name="buffer-speaker-stop")
            try:
                await asyncio.wait((taking, stopping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (taking, stopping):
                    if not task.done():
                        task.cancel()
                await asyncio.gather(taking, stopping, return_exceptions=True)
            first_at_s = self._first_at_s
            seconds = len(self.sounds[-1]) / SAMPLE_BYTES / RATE_HZ
            if not taking.cancelled():
                taking.result()
            return Played(seconds, first_at_s, was_stopped=self._stopped.is_set())

    def stop(self) -> None:
        """End a running `play`; no effect on later ones."""
        self._stopped.set()

    def duck(self, gain: float) -> None:
        """Remembered in `gain`; what is kept stays as loud as it came."""
        self.gain = gain

    async def close(self) -> None:
        """Nothing to give back."""

    async def _take(self, chunks: AsyncIterator[PcmChunk]) -> None:
        self._first_at_s = None
        async for chunk in chunks:
            if self._first_at_s is None and chunk.pcm:
                self._first_at_s = self._clock.monotonic()
            self.sounds[-1] += resample(chunk.pcm, chunk.rate_hz)
            if self._is_realtime:
                await self._clock.sleep(chunk.seconds)
