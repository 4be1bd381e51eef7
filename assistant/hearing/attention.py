"""Decides, frame by frame, whether somebody speaks to us: wake word or open microphone, then one utterance."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.core.audio import AudioFrame, Utterance
from assistant.core.ports import SpeechDetector, Unheard, WakeDetector, WakeHit, Woken
from assistant.core.settings import EndpointSettings
from assistant.hearing.endpoint import Endpointer, EndpointEvent, NoSpeech, SpeechBegan, SpeechEnded

OVERLAP_S = 0.12
"""Detectors fire up to so long after the wake word's end: words said in the same breath begin in there."""
ECHO_S = 0.25
"""The room, the sound card and its buffers still carry our own words for so long after we spoke."""
_RECENT_S = 2.0
_WARM_UP_S = 0.35
"""The speech detector hears so much of the past before it is asked: it has a memory of its own."""


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody speaks; `pcm` is the utterance so far."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class More:
    """The utterance goes on."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance is complete."""

    utterance: Utterance
    wake_at_s: float | None


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The utterance that began is not to be read."""


Moment = Woken | Began | More | Ended | Abandoned | Unheard


@dataclass(frozen=True, slots=True)
class _Request:
    """What the loop's thread asks for; carried out with the next frame."""

    wait_s: float
    wake_word: str | None = None
    wake_at_s: float | None = None
    since_s: float | None = None


class Attention:
    """Owned by the thread that calls `step`; the other methods may be called from any thread."""

    def __init__(self, wake: WakeDetector | None, speech: SpeechDetector, settings: EndpointSettings) -> None:
        self._wake = wake
        self._speech = speech
        self._settings = settings
        self._endpointer = Endpointer(settings)
        self._is_listening = False
        self._wake_word: str | None = None
        self._wake_at_s: float | None = None
        self._recent: deque[AudioFrame] = deque()
        self._recent_s = 0.0
        self._requests: deque[_Request] = deque(maxlen=1)
        self._is_speaking = False
        self._was_speaking = False
        self._deaf_s = 0.0

    def open_mic(self, seconds: float) -> None:
        """Listen without a wake word, for that long, as soon as nothing is being said by us."""
        self._requests.append(_Request(seconds))

    def listen_on(self, wake_word: str | None, wake_at_s: float | None, since_s: float) -> None:
        """Only the wake word was said: go on listening for its request, from that moment of the past."""
        self._requests.append(_Request(self._settings.wait_s, wake_word, wake_at_s, since_s))

    def set_speaking(self, is_speaking: bool) -> None:
        """While we speak only the wake word is listened for."""
        self._is_speaking = is_speaking

    @property
    def is_idle(self) -> bool:
        """True while only the wake word is listened for."""
        return not self._is_listening and not self._requests

    def steps(self, frames: Iterable[AudioFrame]) -> list[Moment]:
        """Take some frames."""
        return [moment for frame in frames for moment in self.step(frame)]

    def step(self, frame: AudioFrame) -> list[Moment]:
        """Take one frame of FRAME_SAMPLES."""
        moments = list(self._mind_own_voice(frame))
        self._remember(frame)
        hit = self._wake.feed(frame) if self._wake is not None else None
        if hit is not None:
            return [*moments, *self._woken(hit, frame)]
        if self._is_listening:
            moments.extend(self._listen(frame))
        if not self._is_listening or self._wake_word is None:
            moments.extend(self._grant())
        return moments

    def _mind_own_voice(self, frame: AudioFrame) -> Iterator[Moment]:
        """Our own words never become an utterance."""
        is_speaking = self._is_speaking
        began, self._was_speaking = is_speaking and not self._was_speaking, is_speaking
        self._deaf_s = ECHO_S if is_speaking else max(0.0, self._deaf_s - frame.seconds)
        if not began or not self._is_listening:
            return
        if self._endpointer.is_speaking:
            yield Abandoned()
        if self._endpointer.is_speaking or self._wake_word is None:
            self._is_listening = False
            yield Unheard(self._wake_word)

    def _remember(self, frame: AudioFrame) -> None:
        self._recent.append(frame)
        self._recent_s += frame.seconds
        while self._recent_s > _RECENT_S:
            self._recent_s -= self._recent.popleft().seconds

    def _woken(self, hit: WakeHit, frame: AudioFrame) -> Iterator[Moment]:
        if self._is_listening and self._endpointer.is_speaking:
            yield Abandoned()
        self._requests.clear()
        self._begin(_Request(self._settings.wait_s, hit.word, frame.at_s), _last(self._recent, OVERLAP_S))
        yield Woken(hit, frame.at_s)

    def _grant(self) -> Iterator[Moment]:
        """Open the microphone where that was asked for; what was said since `since_s` is caught up with."""
        if not self._requests or self._is_speaking:
            return
        request = self._requests.popleft()
        if self._is_listening and self._endpointer.is_speaking:
            return
        missed = [frame for frame in self._recent if request.since_s is not None and frame.at_s > request.since_s]
        self._begin(request, ())
        for frame in missed:
            yield from self._listen(frame)

    def _begin(self, request: _Request, preroll: tuple[AudioFrame, ...]) -> None:
        self._is_listening = True
        self._wake_word = request.wake_word
        self._wake_at_s = request.wake_at_s
        self._endpointer.begin(preroll, request.wait_s)
        self._speech.reset()
        if request.since_s is None:
            for frame in _last(self._recent, _WARM_UP_S):
                self._speech.probability(frame)

    def _listen(self, frame: AudioFrame) -> Iterator[Moment]:
        if not self._is_listening:
            return
        was_speaking = self._endpointer.is_speaking
        probability = self._speech.probability(frame)
        event = self._endpointer.feed(frame, 0.0 if self._deaf_s > 0 else probability)
        if was_speaking:
            yield More(frame.pcm)
        yield from self._tell(event)

    def _tell(self, event: EndpointEvent | None) -> Iterator[Moment]:
        match event:
            case SpeechBegan():
                yield Began(event.pcm)
            case SpeechEnded():
                self._is_listening = False
                yield Ended(_utterance(event, self._wake_word), self._wake_at_s)
            case NoSpeech():
                self._is_listening = False
                yield Unheard(self._wake_word)
            case None:
                pass


def _last(frames: Sequence[AudioFrame], seconds: float) -> tuple[AudioFrame, ...]:
    """The newest frames that make so many seconds."""
    found: list[AudioFrame] = []
    total_s = 0.0
    for frame in reversed(frames):
        if total_s >= seconds:
            break
        found.append(frame)
        total_s += frame.seconds
    return tuple(reversed(found))


def _utterance(event: SpeechEnded, wake_word: str | None) -> Utterance:
    return Utterance(
        event.pcm, wake_word, event.started_at_s, event.speech_ended_at_s, event.endpoint_at_s, event.is_cut
    )
