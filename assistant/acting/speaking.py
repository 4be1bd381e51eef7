"""Our side of the air: one voice at a time, and not while somebody speaks to us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from assistant.acting.streaming import ReplyStream
from assistant.core.clock import Clock
from assistant.core.errors import AudioError, SpeechError
from assistant.core.ports import EarEvent, Ears, Mouth, Spoken

REACTION_S = 3.0
"""Who begins to speak at the end of a pause is waited for this much longer."""
PATIENCE_S = 25.0
"""Longer than the longest utterance takes to be heard and read."""
WORDS_S = 20.0
"""The words of what rings may take so long."""
_UNSAID = Spoken("", None, was_stopped=True)

_LOGGER = logging.getLogger(__name__)


class DeafEars:
    """Implements `Ears` where there is no microphone: nothing is ever heard."""

    async def events(self) -> AsyncIterator[EarEvent]:
        """Never gives one, and never ends."""
        await asyncio.Event().wait()
        yield  # type: ignore[misc]  # never reached; makes this a generator

    def open_mic(self, seconds: float) -> None:
        """Nothing to open."""

    def set_speaking(self, is_speaking: bool) -> None:
        """Nothing to shut."""


class Speaking:
    """Puts replies, announcements and rings one after the other, each with the ears told that we speak."""

    def __init__(self, ears: Ears, mouth: Mouth, clock: Clock, duck_gain: float = 0.2) -> None:
        self._duck_gain = duck_gain
        self._ears = ears
        self._mouth = mouth
        self._clock = clock
        self._lock = asyncio.Lock()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._settled = asyncio.Event()
        self._turns = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._silenced = 0
        self._streams: set[ReplyStream] = set()
        self._ducked = 1.0
        self._level = 1.0
        self.is_speaking = False

    # ── what is heard ────────────────────────────────────────────────────────────────────────────

    def woken(self) -> bool:
        """Somebody turns to us: what is said breaks off, what still sounds is low. True when something was said."""
        self._quiet.clear()
        self._duck(self._duck_gain)
        return self.interrupt()

    def settled(self) -> None:
        """What somebody had to say is over, or there was nothing: full volume again."""
        self._duck(1.0)
        self._quiet.set()
        self._settled.set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While a turn lasts, nothing but replies is said."""
        self._turns += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._turns -= 1
            if self._turns == 0:
                self._idle.set()

    async def listen(self, seconds: float) -> None:
        """Open the microphone; back when somebody spoke, or nobody did for that long."""
        self.follow_up(seconds)
        await first_of(self._settled.wait(), self._clock.sleep(seconds + REACTION_S))
        self._quiet.set()

    # ── what is said ─────────────────────────────────────────────────────────────────────────────

    async def reply(self, text: str, language: str) -> Spoken:
        """Answer; waits only for who speaks."""
        return await self._aloud(lambda: self._mouth.say(text, language))

    async def reply_as_made(self, stream: ReplyStream, language: str) -> Spoken | None:
        """Answer while the answer is being made; None when nothing comes that could be said. Whoever interrupts stops
        the stream, too."""
        self._streams.add(stream)
        try:
            if not await stream.has_begun():
                return None
            spoken = await self._aloud(lambda: self._mouth.say_each(stream.sentences(), language))
        finally:
            self._streams.discard(stream)
        if spoken.was_stopped:
            stream.stop()
        return replace(spoken, was_stopped=stream.is_stopped)

    async def say(self, text: str, language: str) -> Spoken:
        """Say something unasked, when no turn is going on."""
        return await self._aloud(lambda: self._mouth.say(text, language), self._idle)

    async def play(self, make: Callable[[], Awaitable[Spoken]]) -> Spoken:
        """Any other sound, likewise."""
        return await self._aloud(make, self._idle)

    async def ring(self, level: float = 1.0) -> Spoken:
        """The tone, once, when no turn is going on; `level` is a share of the full volume."""
        return await self._aloud(lambda: self._at(level, self._mouth.ring()), self._idle)

    async def ring_words(self, text: str, language: str, level: float = 1.0) -> Spoken:
        """What rings, likewise; a voice that hangs is broken off, since the tone must come again."""
        return await self._aloud(lambda: self._at(level, self._said_in_time(text, language)), self._idle)

    def follow_up(self, seconds: float) -> None:
        """Listen for an answer, and let it come before what else is to be said."""
        self._settled.clear()
        self._quiet.clear()
        self._ears.open_mic(seconds)

    def interrupt(self) -> bool:
        """Break off what is being said now, or made to be said; True when something was."""
        was_speaking = self.is_speaking or any(stream.is_being_made for stream in self._streams)
        for stream in self._streams:
            if stream.is_being_made:
                stream.stop()
        self._mouth.stop()
        return was_speaking

    def silence(self) -> bool:
        """Break off, and drop what waits to be said."""
        self._silenced += 1
        return self.interrupt()

    async def _at(self, level: float, sound: Awaitable[Spoken]) -> Spoken:
        self._level = level
        self._duck(self._ducked)
        try:
            return await sound
        finally:
            self._level = 1.0
            self._duck(self._ducked)

    def _duck(self, gain: float) -> None:
        self._ducked = gain
        self._mouth.duck(gain * self._level)

    async def _said_in_time(self, text: str, language: str) -> Spoken:
        saying = asyncio.ensure_future(self._mouth.say(text, language))
        try:
            await first_of(asyncio.wait([saying]), self._clock.sleep(WORDS_S))
            if saying.done():
                return saying.result()
            raise SpeechError("the words of what rings took too long", why=f"longer than {WORDS_S:g} s")
        finally:
            saying.cancel()
            await asyncio.wait([saying])

    async def _aloud(self, make: Callable[[], Awaitable[Spoken]], *conditions: asyncio.Event) -> Spoken:
        """Nothing is said that waited through a `silence`."""
        silenced = self._silenced
        while True:
            await self._wait_for_quiet()
            for condition in conditions:
                await condition.wait()
            async with self._lock:
                if silenced != self._silenced:
                    return _UNSAID
                if self._quiet.is_set() and all(condition.is_set() for condition in conditions):
                    return await self._now(make)

    async def _wait_for_quiet(self) -> None:
        """Ears that stopped hearing would keep us silent for ever: so nobody is waited for that long."""
        if self._quiet.is_set():
            return
        await first_of(self._quiet.wait(), self._clock.sleep(PATIENCE_S))
        if not self._quiet.is_set():
            _LOGGER.warning("somebody spoke to us and never came to an end")
            self._quiet.set()

    async def _now(self, make: Callable[[], Awaitable[Spoken]]) -> Spoken:
        self.is_speaking = True
        self._ears.set_speaking(True)
        try:
            return await make()
        except (SpeechError, AudioError) as error:
            _LOGGER.error("nothing could be said aloud", extra={"why": str(error)})
            return Spoken("", None)
        finally:
            self.is_speaking = False
            self._ears.set_speaking(False)


async def first_of(*waits: Awaitable[object]) -> None:
    """Wait for the first, and end the others; what the first raised is raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
