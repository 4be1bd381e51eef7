"""Decides when an utterance begins and ends: a pure object fed frames and speech probabilities, counting samples."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from assistant.core.audio import AudioFrame
from assistant.core.settings import EndpointSettings

MIN_SPEECH_S = 0.16
"""Less speech than this is a cough or a click."""
MIN_SPEECH_AFTER_WAKE_S = 0.3
"""Speech that was going on when listening began may be the end of the wake word, so more of it is asked for."""
_ONGOING_S = 0.07
"""Speech that begins so soon after listening began was going on before."""
_CANDIDATE_GAP_S = 0.25
"""A gap so long inside speech that has not been long enough yet throws it away."""
_QUIET_SHARE = 0.6
"""Below this share of the speech threshold a frame is quiet; between the two it is half quiet (fans, breath)."""
_HALF_QUIET = 0.5
_RESUME_S = 0.06
"""After a pause, speech must last so long to count: single loud frames of a fan don't hold an utterance open."""


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Speech is under way; `pcm` is all of it so far, pre-roll included."""

    pcm: bytes
    started_at_s: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The utterance is over; `pcm` is all of it, pre-roll and tail included."""

    pcm: bytes
    started_at_s: float
    speech_ended_at_s: float
    endpoint_at_s: float
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class NoSpeech:
    """Nobody spoke in time."""

    at_s: float


EndpointEvent = SpeechBegan | SpeechEnded | NoSpeech


class _State(Enum):
    WAITING = auto()
    CANDIDATE = auto()
    SPEAKING = auto()
    OVER = auto()


class Endpointer:
    """One utterance at a time: `begin`, then `feed` until SpeechEnded or NoSpeech."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._quiet_below = settings.speech_probability * _QUIET_SHARE
        self._state = _State.OVER
        self._kept: deque[AudioFrame] = deque()
        self.begin()

    @property
    def is_over(self) -> bool:
        """True until `begin` is called again."""
        return self._state is _State.OVER

    @property
    def is_speaking(self) -> bool:
        """True between SpeechBegan and SpeechEnded."""
        return self._state is _State.SPEAKING

    def begin(self, preroll: tuple[AudioFrame, ...] = (), wait_s: float | None = None) -> None:
        """Listen for one utterance; `preroll` is audio from just before that may belong to it."""
        self._state = _State.WAITING
        self._wait_s = self._settings.wait_s if wait_s is None else wait_s
        self._kept = deque(preroll)
        self._kept_s = sum(frame.seconds for frame in preroll)
        self._waited_s = 0.0
        self._needed_s = MIN_SPEECH_S
        self._speech_s = 0.0
        self._quiet_s = 0.0
        self._run_s = 0.0
        self._speech_ended_at_s = 0.0

    def feed(self, frame: AudioFrame, probability: float) -> EndpointEvent | None:
        """Take one frame and how likely it holds speech; after the utterance is over frames are ignored."""
        if self._state is _State.OVER:
            return None
        self._kept.append(frame)
        self._kept_s += frame.seconds
        self._count(frame, probability)
        match self._state:
            case _State.WAITING:
                return self._wait(frame)
            case _State.CANDIDATE:
                return self._consider()
            case _:
                return self._listen(frame)

    def _count(self, frame: AudioFrame, probability: float) -> None:
        """Keep the sums: speech so far, the run of speech now, and the quiet since."""
        seconds = frame.seconds
        if probability >= self._settings.speech_probability:
            self._run_s += seconds
            self._speech_s += seconds
            if self._quiet_s == 0 or self._run_s >= _RESUME_S:
                self._quiet_s = 0.0
                self._speech_ended_at_s = frame.at_s
            return
        self._run_s = 0.0
        self._quiet_s += seconds if probability < self._quiet_below else seconds * _HALF_QUIET

    def _wait(self, frame: AudioFrame) -> EndpointEvent | None:
        if self._run_s > 0:
            self._state = _State.CANDIDATE
            self._needed_s = MIN_SPEECH_AFTER_WAKE_S if self._waited_s < _ONGOING_S else MIN_SPEECH_S
            self._speech_s = self._run_s
            self._speech_ended_at_s = frame.at_s
            self._quiet_s = 0.0
            return self._consider()
        self._waited_s += frame.seconds
        self._forget_old()
        if self._waited_s >= self._wait_s:
            self._state = _State.OVER
            return NoSpeech(frame.at_s)
        return None

    def _consider(self) -> EndpointEvent | None:
        if self._speech_s >= self._needed_s:
            self._state = _State.SPEAKING
            return SpeechBegan(self._pcm(), self._started_at_s())
        if self._quiet_s >= _CANDIDATE_GAP_S:
            self._state = _State.WAITING
            self._waited_s += self._speech_s + self._quiet_s
            self._forget_old()
        return None

    def _listen(self, frame: AudioFrame) -> EndpointEvent | None:
        is_cut = self._kept_s >= self._settings.max_s
        if not is_cut and self._quiet_s + frame.seconds / 2 < self._settings.tail_s:
            return None
        self._state = _State.OVER
        return SpeechEnded(self._pcm(), self._started_at_s(), self._speech_ended_at_s, frame.at_s, is_cut)

    def _forget_old(self) -> None:
        """Keep only the pre-roll."""
        while self._kept and self._kept_s - self._kept[0].seconds >= self._settings.preroll_s:
            self._kept_s -= self._kept.popleft().seconds

    def _pcm(self) -> bytes:
        return b"".join(frame.pcm for frame in self._kept)

    def _started_at_s(self) -> float:
        return self._kept[0].at_s - self._kept[0].seconds
