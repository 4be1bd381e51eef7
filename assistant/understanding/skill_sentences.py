"""The skills' own sentences, matched with typed slots."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.parser import ParseError

from assistant.core.intents import IntentSpec, SlotKind, SlotSpec
from assistant.core.turn import SlotValue
from assistant.core.values import Request, Wish
from assistant.language.asked import time_ends
from assistant.understanding.clauses import ClauseReader, Sieve
from assistant.understanding.grammar import Capture, Matcher, parse
from assistant.understanding.names import Named, NamedEntity
from assistant.understanding.reading import SlotReader, choices
from assistant.understanding.words import Words, anywhere

_LOGGER = logging.getLogger(__name__)
NAMED_SHORTLY = frozenset({Wish.TIMER, Wish.ALARM, Wish.WAKE})
TIMES_APART = " … "
"""What a request puts between two stretches that set its time."""
MAX_OPTION_WORDS = 4
MAX_VALUE_WORDS = 14
"""A duration, time, number or place is not longer than this."""


@dataclass(frozen=True, slots=True)
class SkillTemplate:
    """One sentence of one intent."""

    spec: IntentSpec
    sentence: Sentence
    slots: Mapping[str, SlotSpec]


@dataclass(frozen=True, slots=True)
class SkillMatch:
    """A reading of a text as a skill's sentence; spans are in the normalised text."""

    spec: IntentSpec
    values: Mapping[str, SlotValue]
    spans: Mapping[str, tuple[int, int]]
    free_slots: int
    free_letters: int
    words: Mapping[str, str] = field(default_factory=dict)
    """Slot → what it was read from."""

    @property
    def is_whole(self) -> bool:
        """True when every slot has a value."""
        return None not in self.values.values()

    @property
    def merit(self) -> tuple[int, int, int]:
        """Sorts the best first: fewest free words, most slots read."""
        return (self.free_letters, self.free_slots, -len(self.values))


class SkillSentences:
    """Compiled once per language and set of intents."""

    def __init__(self, intents: Sequence[IntentSpec], language: str, words: Words) -> None:
        self._language = language
        self._words = words
        self.templates = [each for spec in intents for each in _templates(spec, language)]
        reader = ClauseReader({}, {}, (), language)
        self._sieve = Sieve([reader.needs(template.sentence.expression) for template in self.templates])

    def matches(self, text: str, reader: SlotReader) -> list[SkillMatch]:
        """Every reading of a normalised text whose slots all have a value, best first."""
        found: list[SkillMatch] = []
        for index in self._sieve.passes(text):
            template = self.templates[index]
            matcher = Matcher(text, _Takes(template, text, reader, self._words).of, self._words.articles)
            found += [_match(template, captures, text, reader) for captures in matcher.match(template.sentence)]
        whole = (match for match in found if match.is_whole and not self._holds_another(match))
        return sorted(whole, key=lambda match: match.merit)

    def _holds_another(self, match: SkillMatch) -> bool:
        """ "A timer for ten minutes and turn off the lights": the name of a timer or alarm joins nothing, and one name
        doesn't belong to two of them."""
        joint = anywhere(self._words.conjunctions)
        for slot in match.spec.slots:
            value = match.values.get(slot.name)
            if slot.wish is Wish.OPTION and isinstance(value, str):
                if joint.search(value) or len(value.split()) > MAX_OPTION_WORDS:
                    return True
                continue
            if slot.wish not in NAMED_SHORTLY or not isinstance(value, Request) or not value.label:
                continue
            if len(value.triggers) > 1 or joint.search(_beside_time(match.words[slot.name], value)):
                return True
        return False


class _Takes:
    """Which stretches of a text a slot may take; only whole values of typed slots count."""

    def __init__(self, template: SkillTemplate, text: str, reader: SlotReader, words: Words) -> None:
        self._template = template
        self._text = text
        self._reader = reader
        self._words = words

    def of(self, slot: str, at: int) -> Iterable[tuple[int, int]]:
        """Stretches that begin there (or after an article, where a name stands)."""
        spec = self._template.slots.get(slot)
        if spec is None or at >= len(self._text) or (at and self._text[at - 1] != " "):
            return
        if spec.kind in (SlotKind.TEXT, SlotKind.REQUEST):
            yield from ((at, end) for end in self._word_ends(at) if self._text[at:end] not in self._words.articles)
            return
        for start in self._starts(at):
            yield from ((start, end) for end in self._value_ends(spec, start))

    def _starts(self, at: int) -> Iterable[int]:
        yield at
        for article in self._words.articles:
            if self._text.startswith(f"{article} ", at):
                yield at + len(article) + 1

    def _value_ends(self, spec: SlotSpec, start: int) -> Iterable[int]:
        match spec.kind:
            case SlotKind.ENTITY | SlotKind.AREA:
                return self._name_ends(spec.kind, start)
            case SlotKind.CHOICE:
                known = choices(spec, self._reader.language)
                return [start + len(words) for words in known if self._text.startswith(words, start)]
            case _:
                ends = self._word_ends(start, MAX_VALUE_WORDS)
                if spec.kind is SlotKind.TIME:
                    possible = time_ends(self._text, start, self._reader.language)
                    ends = ends if possible is None else [end for end in ends if end in possible]
                return [end for end in ends if self._reader.read(spec, self._text[start:end]) is not None]

    def _word_ends(self, start: int, limit: int = 1_000) -> Iterable[int]:
        end, words = start, 0
        while end < len(self._text) and words < limit:
            space = self._text.find(" ", end + 1)
            end = space if space >= 0 else len(self._text)
            words += 1
            for particle in self._words.glue:
                if self._text.endswith(particle, start + 1, end):
                    yield end - len(particle)
            yield end

    def _name_ends(self, kind: SlotKind, start: int) -> Iterable[int]:
        for end, named in self._reader.names.starting_at(self._text, start):
            if any(_is_kind(each, kind) for each in named):
                yield end


def _is_kind(named: Named, kind: SlotKind) -> bool:
    if isinstance(named, NamedEntity):
        return kind is SlotKind.ENTITY
    return kind is SlotKind.AREA and not named.is_floor


def _match(template: SkillTemplate, captures: Sequence[Capture], text: str, reader: SlotReader) -> SkillMatch:
    words: dict[str, str] = {}
    for each in captures:
        said = text[each.start : each.end]
        words[each.slot] = f"{words[each.slot]} {said}" if each.slot in words else said
    values = {slot: reader.read(template.slots[slot], said) for slot, said in words.items()}
    free = [said for slot, value in values.items() if (said := _free_words(template.slots[slot], value))]
    spans = {each.slot: (each.start, each.end) for each in captures}
    return SkillMatch(template.spec, values, spans, len(free), sum(map(len, free)), words)


def _beside_time(words: str, request: Request) -> str:
    """What was said beside the time: "ten minutes and thirty seconds" joins nothing."""
    for piece in request.said.split(TIMES_APART):
        words = words.replace(piece, "", 1)
    return words


def _free_words(spec: SlotSpec, value: SlotValue) -> str:
    """What a slot took without reading it: all of a text, the label of a request."""
    if isinstance(value, Request):
        return value.label
    return str(value) if spec.kind is SlotKind.TEXT else ""


def _templates(spec: IntentSpec, language: str) -> Iterable[SkillTemplate]:
    slots = {slot.name: slot for slot in spec.slots}
    for text in spec.sentences.get(language, ()):
        try:
            yield SkillTemplate(spec, parse(text), slots)
        except (HassilError, ParseError) as error:
            _LOGGER.warning("sentence left out", extra={"skill": spec.skill, "intent": spec.name, "why": str(error)})
