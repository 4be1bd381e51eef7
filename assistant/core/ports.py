"""The protocols between rooms; `daemon/build.py` puts concrete parts behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.core.audio import AudioFrame, PcmChunk, Utterance
from assistant.core.errors import InputError
from assistant.core.home import Action, ActionResult, EntityId, EntityState, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.schedule_ports import CalendarPort as CalendarPort
from assistant.core.schedule_ports import SchedulePort as SchedulePort
from assistant.core.turn import Command, Outcome, Situation, Transcript, Understood

# ── audio ────────────────────────────────────────────────────────────────────────────────────────


class FrameSource(Protocol):
    """Where 16 kHz mono frames of FRAME_SAMPLES come from: a microphone, a file."""

    def frames(self) -> AsyncIterator[AudioFrame]:
        """Frames as they come; ends only when the source is closed. A lost device is waited for, not raised."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one playback: seconds of sound that left, and the monotonic second of the first sample."""

    seconds: float
    first_sound_at_s: float | None
    was_stopped: bool = False


class Speaker(Protocol):
    """Plays PCM; one sound at a time, stopped within one block."""

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        """Play to the end of `chunks`, or until `stop`."""
        ...

    def stop(self) -> None:
        """Silence now; a running `play` returns with was_stopped."""
        ...

    def duck(self, gain: float) -> None:
        """Scale what is playing and what comes, 0–1; 1 is full volume."""
        ...


# ── hearing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WakeHit:
    """A wake word was heard; score 0–1."""

    word: str
    score: float


class WakeDetector(Protocol):
    """Listens for wake words in a stream of frames."""

    words: tuple[str, ...]

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """Take one frame of any length; a hit is reported once."""
        ...

    def reset(self) -> None:
        """Forget the audio so far."""
        ...


class SpeechDetector(Protocol):
    """Voice activity: how likely a frame holds speech."""

    def probability(self, frame: AudioFrame) -> float:
        """0–1 for one frame of FRAME_SAMPLES."""
        ...

    def reset(self) -> None:
        """Forget the audio so far."""
        ...


class RecogniserStream(Protocol):
    """One utterance being recognised."""

    def accept(self, pcm: bytes) -> None:
        """Take more 16 kHz mono int16 audio."""
        ...

    def partial(self) -> str:
        """The words so far; may be empty."""
        ...

    def finish(self) -> Transcript:
        """The final words; empty text when nothing was recognised. The stream is used up."""
        ...


class Recogniser(Protocol):
    """Turns audio into words. All calls but the constructor run on the recogniser's own worker thread."""

    name: str
    language: str

    def load(self) -> None:
        """Bring the weights into memory. Raises ModelMissing or ModelDamaged."""
        ...

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """Sentences to expect (grammar); returns the words that had to be left out. May be a no-op."""
        ...

    def open(self) -> RecogniserStream:
        """Begin one utterance."""
        ...


@dataclass(frozen=True, slots=True)
class Woken:
    """A wake word was heard; speech is being listened for."""

    hit: WakeHit
    at_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance and its words. `transcript_at_s` is monotonic."""

    transcript: Transcript
    utterance: Utterance
    wake_at_s: float | None
    transcript_at_s: float


@dataclass(frozen=True, slots=True)
class Unheard:
    """Woken (or a follow-up was awaited), but no speech came: nothing is to be said."""

    wake_word: str | None


EarEvent = Woken | Heard | Unheard


class Ears(Protocol):
    """Wake word → endpoint → words, over one frame source."""

    def events(self) -> AsyncIterator[EarEvent]:
        """What is heard, in order, until the source is closed."""
        ...

    def open_mic(self, seconds: float) -> None:
        """Listen for speech without a wake word for that long (answers, follow-ups, push to talk)."""
        ...

    def set_speaking(self, is_speaking: bool) -> None:
        """While the assistant speaks, only the wake word is listened for."""
        ...


# ── speech ───────────────────────────────────────────────────────────────────────────────────────


class Voice(Protocol):
    """Text to sound."""

    name: str

    def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """Sound of one sentence, first chunk as early as possible. Raises SpeechError."""
        ...

    async def close(self) -> None:
        """Give back threads and memory."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was really said aloud (a stopped reply is shorter than its text)."""

    text: str
    first_sound_at_s: float | None
    was_stopped: bool = False


class Mouth(Protocol):
    """Says whole replies, sentence by sentence."""

    async def say(self, text: str, language: str) -> Spoken:
        """Speak; the first sentence sounds while the rest is made. Raises SpeechError."""
        ...

    async def say_each(self, sentences: AsyncIterator[str], language: str) -> Spoken:
        """The same for sentences that are still being made, until the last of them. Raises SpeechError."""
        ...

    async def ring(self) -> Spoken:
        """Play the bundled tone once; needs no voice."""
        ...

    def stop(self) -> None:
        """Silence now."""
        ...

    def duck(self, gain: float) -> None:
        """Lower what is playing."""
        ...


# ── understanding and skills ─────────────────────────────────────────────────────────────────────


class Understander(Protocol):
    """Words to plan."""

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        """Never raises for what was said: what isn't understood is a plan too (Nothing)."""
        ...

    def use(self, intents: Sequence[IntentSpec], home: HomeView) -> None:
        """Take over the skills' intents and the home's names; called again whenever one changes."""
        ...

    def phrases(self, language: str, limit: int) -> Sequence[str]:
        """At most `limit` sentences people may say, for the recogniser's grammar."""
        ...


class SkillRunner(Protocol):
    """Loads skills and runs their intents."""

    def intents(self) -> Sequence[IntentSpec]:
        """All intents of all loaded skills."""
        ...

    async def run(self, command: Command, situation: Situation, home: HomePort) -> Outcome:
        """Run one command; a skill's failure is an Outcome, never an exception."""
        ...

    def words(self, skill: str, key: str, language: str) -> Sequence[str]:
        """Reply templates of a skill (variants); empty when it has none for that key and language."""
        ...


class HomePort(Protocol):
    """The home as a skill sees it."""

    def view(self) -> HomeView:
        """Names of everything, now."""
        ...

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown (value None) for an entity that doesn't exist."""
        ...

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Send all at once, wait for the devices to confirm; one result per action, same order."""
        ...

    async def rename(self, entity_id: EntityId, name: str) -> None:
        """Call it so from now on, durably; empty: as its device says again. Raises InputError and StoreError."""
        raise InputError(f"{entity_id} can't be called {name!r} here")

    async def place(self, entity_id: EntityId, area: str) -> None:
        """Its device stands in the area of that name from now on, durably; empty: as its device says again. An area
        that was not there comes with it. Raises InputError and StoreError."""
        raise InputError(f"{entity_id} can't be put into {area!r} here")


class Notebook(Protocol):
    """A skill's own small store: JSON text under keys, durable when `put` returns. Raises StoreError."""

    async def get(self, key: str) -> str | None:
        """The text, or None."""
        ...

    async def put(self, key: str, text: str) -> None:
        """Keep the text."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the key; no error if it isn't there."""
        ...

    async def keys(self) -> Sequence[str]:
        """All keys, sorted."""
        ...


class Announcer(Protocol):
    """Lets a part say something on its own (a timer ended, a skill died)."""

    async def announce(self, skill: str, key: str, values: Mapping[str, object]) -> None:
        """Say the words of that key aloud, after what is being said now."""
        ...
