"""A recogniser that says what its script says, for tests of everything behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from assistant.core.audio import RATE_HZ, SAMPLE_BYTES
from assistant.core.ports import Recogniser, RecogniserStream
from assistant.core.turn import Transcript

_SHORTEST_S = 0.1


class ScriptedRecogniser(Recogniser):
    """Each utterance takes the next text of the script; "" once it is used up."""

    name = "scripted"

    def __init__(
        self, texts: Iterable[str] = (), language: str = "en", known_words: Iterable[str] | None = None
    ) -> None:
        self.language = language
        self.is_loaded = False
        self.phrases: tuple[str, ...] = ()
        self.heard_s: list[float] = []
        """Seconds of audio of each finished utterance."""
        self._texts = deque(texts)
        self._known = None if known_words is None else frozenset(known_words)

    def load(self) -> None:
        """Nothing to load."""
        self.is_loaded = True

    def set_phrases(self, phrases: Sequence[str]) -> Sequence[str]:
        """Keep the sentences; words that are not among `known_words` (where given) are returned."""
        self.phrases = tuple(phrases)
        words = dict.fromkeys(word for phrase in phrases for word in phrase.split())
        return () if self._known is None else tuple(word for word in words if word not in self._known)

    def open(self) -> ScriptedStream:
        """Begin one utterance."""
        return ScriptedStream(self)

    def next_text(self, seconds: float) -> str:
        """The script's next words, for an utterance of that length."""
        self.heard_s.append(seconds)
        return self._texts.popleft() if self._texts and seconds >= _SHORTEST_S else ""


class ScriptedStream(RecogniserStream):
    """One utterance."""

    def __init__(self, recogniser: ScriptedRecogniser) -> None:
        self._recogniser = recogniser
        self._bytes = 0

    def accept(self, pcm: bytes) -> None:
        """Count the audio."""
        self._bytes += len(pcm)

    def partial(self) -> str:
        """The script tells nothing before the end."""
        return ""

    def finish(self) -> Transcript:
        """The next text."""
        text = self._recogniser.next_text(self._bytes / SAMPLE_BYTES / RATE_HZ)
        return Transcript(text, self._recogniser.language, self._recogniser.name, 1.0 if text else 0.0)
