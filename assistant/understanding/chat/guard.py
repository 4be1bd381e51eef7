"""What of a model's answer may be said aloud: plain sentences that claim nothing, give nothing away and end."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.language.speakable import plain
from assistant.language.words import primary
from assistant.understanding.chat.words import Guards

LONGEST = 200
"""Characters of one spoken sentence; a longer one is cut at a clause's end."""
RUN_WORDS = 8
"""So many words in a row of the model's instructions are a part of them."""
MAX_REPEATS = 3
"""A phrase that comes so often in one sentence is a loop."""
_THOUGHT = re.compile(r"<(think|thinking|reasoning|analysis|scratchpad|reflection)\b[^>]*>", re.IGNORECASE)
_CONTROL = re.compile(r"<\|[^<>|]{0,40}\|>|</?s>|<[a-z_]+_of_turn>|\[/?INST\]|<</?SYS>>", re.IGNORECASE)
_ROLE = re.compile(
    r"^\s*(?:user|assistant|system|human|ai|bot|answer|response|reply|tool|function)\s*:\s*", re.IGNORECASE
)
_CALL = re.compile(r"[{}\[\]]\s*\"|\"\s*:\s*[\"{\[\d]|</?\w+\s*/?>|\w+\.\w+\(|\w+\(\s*[\"'\w]*\s*[=)]|```|\b\w+_\w+\b")
_CLAUSE = re.compile(r"[,;:–—]\s")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SCRIPTS = {"en": ("LATIN",), "ko": ("HANGUL", "LATIN")}


class Verdict(StrEnum):
    """What a sentence is held for."""

    GOOD = "good"
    EMPTY = "empty"
    """There is nothing to say in it."""
    CLAIM = "claims"
    """It says that something was, is or will be done."""
    STATE = "states"
    """It says how things stand in the home."""
    LIVE = "live"
    """It says what goes on now."""
    UNSURE = "unsure"
    """It is no answer: instructions given away, a call, another script, another one's turn."""
    LOOP = "loop"
    """It says what was said already, or the same over and over."""


@dataclass(slots=True)
class Guard:
    """Looks at the sentences of one answer, in order."""

    guards: Guards
    language: str
    told: Iterable[str] = ()
    """Texts that the model was told to keep to."""
    _runs: frozenset[tuple[str, ...]] = field(init=False)
    _said: set[tuple[str, ...]] = field(init=False, default_factory=set)
    _thought: str = field(init=False, default="")
    """The tag of a thought that is open."""

    def __post_init__(self) -> None:
        self._runs = frozenset(run for text in self.told for run in _runs(_words(text), RUN_WORDS))

    def judge(self, sentence: str) -> tuple[Verdict, str]:
        """What the sentence is, and what of it can be said if it is good."""
        thoughtless = self._without_thoughts(_seen(sentence))
        if not thoughtless.strip():
            return Verdict.EMPTY, ""
        if _CALL.search(_CONTROL.sub(" ", thoughtless)):
            return Verdict.UNSURE, ""
        said = " ".join(plain(_ROLE.sub("", _CONTROL.sub(" ", thoughtless))).split())
        if not _words(said):
            return Verdict.EMPTY, ""
        return self._verdict(said), _cut(said[0].upper() + said[1:])

    def _verdict(self, said: str) -> Verdict:
        words = _words(said)
        looked_at = _folded(said)
        for verdict, pattern in (
            (Verdict.CLAIM, self.guards.claims),
            (Verdict.LIVE, self.guards.live),
            (Verdict.STATE, self.guards.states),
            (Verdict.UNSURE, self.guards.promises),
        ):
            if pattern.search(looked_at):
                return verdict
        if not self._runs.isdisjoint(_runs(words, RUN_WORDS)) or not _is_in_script(said, self.language):
            return Verdict.UNSURE
        if tuple(words) in self._said or _is_loop(words):
            return Verdict.LOOP
        self._said.add(tuple(words))
        return Verdict.GOOD

    def _without_thoughts(self, text: str) -> str:
        """The text without what stands between <think> and </think>, which may be many sentences apart."""
        kept = ""
        while text:
            if self._thought:
                _, closing, text = text.partition(f"</{self._thought}>")
                self._thought = "" if closing else self._thought
                continue
            opening = _THOUGHT.search(text)
            if opening is None:
                return kept + text
            kept += text[: opening.start()]
            self._thought, text = opening[1], text[opening.end() :]
        return kept


def _folded(said: str) -> str:
    """Lower case, one kind of apostrophe, widths as one."""
    return re.sub(r"[\"“”„*_~`]", "", unicodedata.normalize("NFKC", said).replace("’", "'").lower())


def _seen(text: str) -> str:
    """The text without characters that can't be seen."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace())


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def _is_loop(words: list[str]) -> bool:
    """One word four times in a row, or three words in a row over and over."""
    if any(len(set(run)) == 1 for run in _runs(words, 4)):
        return True
    counted = Counter(tuple(words[start : start + 3]) for start in range(len(words) - 2))
    return any(count >= MAX_REPEATS for count in counted.values())


def _is_in_script(text: str, language: str) -> bool:
    """Nine letters in ten are of the language's own script."""
    wanted = _SCRIPTS.get(primary(language), ("LATIN",))
    letters = [char for char in text if char.isalpha()]
    own = sum(unicodedata.name(char, "").startswith(wanted) for char in letters)
    return own >= 0.9 * len(letters)


def _cut(said: str) -> str:
    """A sentence of bounded length that ends as one."""
    if len(said) <= LONGEST:
        return said
    marks = [mark.start() for mark in _CLAUSE.finditer(said, LONGEST // 3, LONGEST)]
    end = marks[-1] if marks else max(said.rfind(" ", 0, LONGEST), 0) or LONGEST
    return said[:end].rstrip(" ,;:–—") + "."
