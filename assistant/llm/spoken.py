"""From tokens to the text of an answer: whole characters, stop texts, no markup, whole sentences, no repeats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.llm.plain import PlainText, Removed
from assistant.llm.repeats import RepeatedSentences
from assistant.llm.sentences import Sentences
from assistant.llm.tokens import TextStream, Tokenizer


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of an answer: what is new, or a sentence that ended."""

    text: str
    is_sentence: bool = False


class AnswerText:
    """Collects the text of one answer and hands out its pieces."""

    def __init__(
        self, tokenizer: Tokenizer, stop: Sequence[str], is_plain: bool, emit: Callable[[Piece], None]
    ) -> None:
        self.text = ""
        self.is_stopped = False
        """A stop text came."""
        self.is_loop = False
        """A sentence came again; it is no part of the text."""
        self._stop = tuple(filter(None, stop))
        self._stream = TextStream(tokenizer)
        self._plain = PlainText() if is_plain else None
        self._sentences = Sentences()
        self._repeats = RepeatedSentences() if is_plain else None
        self._held = ""
        self._emit = emit

    @property
    def removed(self) -> frozenset[Removed]:
        """What was taken out so far."""
        return frozenset(self._plain.removed) if self._plain else frozenset()

    def push(self, tokens: Sequence[int]) -> None:
        """Take tokens."""
        self._take(self._until_stop(self._stream.push(tokens)))

    def finish(self) -> str:
        """Hand out what was held back; the whole text, stripped."""
        if not (self.is_stopped or self.is_loop):
            rest = self._until_stop(self._stream.flush())
            self._take(rest + self._held)  # what a stop text leaves is empty
        if self._plain and not self.is_loop:
            self._give(self._plain.flush())
        if not self.is_loop:
            self._say(self._sentences.flush())
        return self.text.strip()

    def cut(self, text: str) -> str:
        """End the answer with this text instead (a beginning of its own): nothing more is said."""
        self.text, self.is_loop = text, True
        return text.strip()

    def _until_stop(self, text: str) -> str:
        """What may be given out: nothing from a stop text on, nothing that may become one."""
        self._held += text
        found = [place for stop in self._stop if (place := self._held.find(stop)) >= 0]
        if found:
            given, self._held, self.is_stopped = self._held[: min(found)], "", True
            return given
        kept = max((_overlap(self._held, stop) for stop in self._stop), default=0)
        given, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return given

    def _take(self, text: str) -> None:
        self._give(self._plain.push(text) if self._plain else text)

    def _give(self, text: str) -> None:
        if not text or self.is_loop:
            return
        self.text += text
        self._emit(Piece(text))
        self._say(self._sentences.push(text))

    def _say(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            if self._repeats and self._repeats.is_repeat(sentence):
                self.cut(self.text[: self.text.rfind(sentence)])
                return
            self._emit(Piece(sentence, is_sentence=True))


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of the text begin the stop text."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if stop.startswith(text[-size:])), 0)
