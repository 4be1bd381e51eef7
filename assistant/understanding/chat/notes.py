"""The user's own notes: a folder of texts, found by words and read as they are written; never instructions."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.language import sentences
from assistant.language.speakable import plain

MAX_FILES = 500
MAX_BYTES = 200_000
"""Of one file; of a longer one only the beginning is read."""
MAX_PASSAGES = 20_000
LONGEST = 300
"""Characters that are read aloud of a passage."""
_SUFFIXES = {".md", ".txt"}
_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"\n\s*\n")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$")
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("s", ""), ("e", ""))

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or list item of a note."""

    title: str
    """Of its note: the name of the file, as it is said."""
    text: str
    words: frozenset[str]
    """Of the text, its headings and its title, in the form they are compared in."""


@dataclass(frozen=True, slots=True)
class Found:
    """The passage that fits a question, and how much of the question's weight its words carry (0–1)."""

    passage: Passage
    share: float


class Notes:
    """A folder of notes. Reading and looking up block: to be used on a thread. A file that can't be read is logged."""

    def __init__(self, folder: Path, language: str, common: frozenset[str]) -> None:
        self._folder = folder
        self._language = language
        self._common = frozenset(map(_stem, common))
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._passages: tuple[Passage, ...] = ()
        self._weights: dict[str, float] = {}

    def find(self, question: str) -> Found | None:
        """The passage that has most of the question's words, weighed by how rare they are; None without one."""
        self._refresh()
        wanted = self.words(question)
        weight = sum(self._weight(word) for word in wanted)
        if not wanted or not self._passages:
            return None
        best = max(self._passages, key=lambda each: (self._share(each, wanted), -len(each.words)))
        share = self._share(best, wanted) / weight
        return Found(best, share) if share > 0 else None

    def words(self, text: str) -> frozenset[str]:
        """Those that tell texts apart, in the form they are compared in."""
        return frozenset(map(_stem, _WORD.findall(text.casefold().replace("'s", "")))) - self._common

    def excerpt(self, passage: Passage, question: str) -> str:
        """What of a passage is read: the sentence that fits best and what follows, as much as can be listened to."""
        found = sentences(passage.text, self._language)
        wanted = self.words(question)
        first = max(range(len(found)), key=lambda index: (self._overlap(found[index], wanted), -index), default=0)
        text = ""
        for sentence in found[first:]:
            if text and len(text) + len(sentence) > LONGEST:
                break
            text = f"{text} {sentence}".strip()
        return text if len(text) <= LONGEST else text[: text.rfind(" ", 0, LONGEST)].rstrip(" ,;:") + "."

    def _overlap(self, sentence: str, wanted: frozenset[str]) -> float:
        return sum(self._weight(word) for word in self.words(sentence) & wanted)

    def _share(self, passage: Passage, wanted: frozenset[str]) -> float:
        return sum(self._weight(word) for word in wanted & passage.words)

    def _weight(self, word: str) -> float:
        """A word that no note has weighs like one that a single passage has."""
        return self._weights.get(word, math.log1p(max(1, len(self._passages))))

    def _refresh(self) -> None:
        """Read what changed: all of it, since it is little."""
        files = self._files()
        stamps = {file: stamp for file, stamp in ((file, _stamp(file)) for file in files) if stamp is not None}
        if stamps == self._stamps:
            return
        self._stamps = stamps
        passages: list[Passage] = []
        for file in stamps:
            passages += self._read(file)
        self._passages = tuple(passages[:MAX_PASSAGES])
        counts = Counter(word for passage in self._passages for word in passage.words)
        self._weights = {word: math.log1p(len(self._passages) / count) for word, count in counts.items()}
        _LOGGER.info("notes read", extra={"files": len(stamps), "passages": len(self._passages)})

    def _files(self) -> Sequence[Path]:
        try:
            return note_files(self._folder)
        except OSError as error:
            _LOGGER.warning("the notes can't be read", extra={"why": error.strerror})
            return ()

    def _read(self, file: Path) -> list[Passage]:
        try:
            with file.open("rb") as opened:
                text = opened.read(MAX_BYTES).decode("utf-8", errors="replace")
        except OSError as error:
            _LOGGER.warning("a note can't be read", extra={"why": error.strerror})
            return []
        return list(self._split(_title(file), text.replace("\r\n", "\n")))

    def _split(self, title: str, text: str) -> Iterator[Passage]:
        """Paragraphs; each line of a list is one of its own."""
        heading = ""
        for block in _BLANK.split(text):
            lines = [line for line in block.splitlines() if line.strip()]
            for part in _parts(lines):
                headed = _HEADING.match(part)
                if headed:
                    heading = headed[1]
                elif said := " ".join(plain(part).split()):
                    yield Passage(title, said, self.words(f"{title} {heading} {said}"))


def note_files(folder: Path) -> Sequence[Path]:
    """The notes in a folder and one level of folders below; hidden ones and links that lead out are left alone. Raises
    OSError for a folder that can't be read."""
    root = folder.resolve(strict=True)
    found = sorted([*folder.iterdir(), *folder.glob("*/*")])
    notes = [
        path
        for path in found
        if path.suffix.lower() in _SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
        and path.resolve().is_relative_to(root)
    ]
    return notes[:MAX_FILES]


def _parts(lines: Sequence[str]) -> Iterator[str]:
    """A paragraph as one part; headings, list items and lines like "key: value" as parts of their own."""
    paragraph: list[str] = []
    for line in lines:
        if re.match(r"\s*(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|\|)|[^.!?]{1,40}:\s", line):
            if paragraph:
                yield " ".join(paragraph)
            paragraph = []
            yield line
        else:
            paragraph.append(line.strip())
    if paragraph:
        yield " ".join(paragraph)


def _title(file: Path) -> str:
    return " ".join(plain(re.sub(r"[-_]+", " ", file.stem)).split()) or "note"


def _stamp(file: Path) -> tuple[int, int] | None:
    """Changes with the file; None for one that went away meanwhile."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _stem(word: str) -> str:
    """English endings off, one after the other; words of other languages rarely have them."""
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + kept
    return word
