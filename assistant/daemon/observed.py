"""Ears, mouth and microphone with somebody who looks on: what they do is told, and they can be shut."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from assistant.core.audio import AudioFrame
from assistant.core.ports import EarEvent, Ears, FrameSource, Mouth, Spoken


class Shutter:
    """A microphone's switch: while it is shut, silence comes in place of what is heard."""

    def __init__(self) -> None:
        self.is_shut = False

    def over(self, source: FrameSource) -> FrameSource:
        """The same source, behind this switch."""
        return _Shuttered(source, self)


@dataclass(frozen=True, slots=True)
class _Shuttered(FrameSource):
    source: FrameSource
    shutter: Shutter

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """Frames as they come."""
        async for frame in self.source.frames():
            yield replace(frame, pcm=bytes(len(frame.pcm))) if self.shutter.is_shut else frame


@dataclass(frozen=True, slots=True)
class ObservedEars(Ears):
    """Ears whose events are seen by another, too."""

    ears: Ears
    on_event: Callable[[EarEvent], None]
    on_open: Callable[[], None]

    async def events(self) -> AsyncIterator[EarEvent]:
        """What is heard."""
        async for event in self.ears.events():
            self.on_event(event)
            yield event

    def open_mic(self, seconds: float) -> None:
        """Listen without a wake word."""
        self.on_open()
        self.ears.open_mic(seconds)

    def set_speaking(self, is_speaking: bool) -> None:
        """While the assistant speaks, only the wake word is listened for."""
        self.ears.set_speaking(is_speaking)


@dataclass(frozen=True, slots=True)
class ObservedMouth(Mouth):
    """A mouth whose words are seen by another, too."""

    mouth: Mouth
    on_speech: Callable[[str | None], None]
    """Gets the words as they begin, and None when they are over."""

    async def say(self, text: str, language: str) -> Spoken:
        """Speak. Raises SpeechError."""
        self.on_speech(text)
        try:
            return await self.mouth.say(text, language)
        finally:
            self.on_speech(None)

    async def say_each(self, sentences: AsyncIterator[str], language: str) -> Spoken:
        """Speak as the sentences come; each is told as it comes. Raises SpeechError."""

        async def told() -> AsyncIterator[str]:
            said = ""
            async for sentence in sentences:
                said = f"{said} {sentence}".strip()
                self.on_speech(said)
                yield sentence

        try:
            return await self.mouth.say_each(told(), language)
        finally:
            self.on_speech(None)

    async def ring(self) -> Spoken:
        """The bundled tone, once."""
        return await self.mouth.ring()

    def stop(self) -> None:
        """Silence now."""
        self.mouth.stop()

    def duck(self, gain: float) -> None:
        """Lower what is playing."""
        self.mouth.duck(gain)
