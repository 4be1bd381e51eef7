"""One text → one command, by the skills' sentences and those of Home Assistant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hassil.recognize import RecognizeResult

from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec, SlotKind
from assistant.core.turn import Command, SlotValue
from assistant.core.values import Request
from assistant.language import normalise
from assistant.understanding.home_commands import command_from
from assistant.understanding.home_sentences import HomeSentences, merit
from assistant.understanding.names import Names
from assistant.understanding.reading import SlotReader
from assistant.understanding.ring_answers import RingSentences
from assistant.understanding.skill_sentences import SkillMatch, SkillSentences
from assistant.understanding.words import Words, anywhere, primary, words_for

DELAYED = "conversation_command"
"""The slot of HassStartTimer that holds a command to be understood later."""
ANYWHERE = "?"
"""Stands for the area of a delayed command: only its form is checked now."""
MAX_PLACE_WORDS = 3
"""The name of a zone ("work", "grandma's house") is not longer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text: the command, and where in `text` it names something."""

    command: Command
    text: str
    named: tuple[tuple[int, int], ...]
    free_slots: int
    free_letters: int


class Grammar:
    """The sentences of one language; does not depend on the home."""

    def __init__(self, intents: Sequence[IntentSpec], language: str) -> None:
        self.language = primary(language)
        self.words: Words = words_for(language)
        own = [spec for spec in intents if not spec.is_home_assistant]
        self.skills = SkillSentences(own, self.language, self.words)
        self.rings = RingSentences(self.language, self.words)
        self.home = HomeSentences(self.language, {spec.name for spec in intents if spec.is_home_assistant})


class Templates:
    """The grammar with the names of one home."""

    def __init__(self, grammar: Grammar, home: HomeView) -> None:
        self.grammar = grammar
        self.names = Names(home, grammar.language)

    def read(self, text: str, reader: SlotReader) -> Reading | None:
        """The best reading of the whole text; None if a word of it would have to be left out."""
        plain = normalise(text, self.grammar.language)
        own = next(iter(self._skill_readings(plain, text, reader)), None)
        if own is not None and not own.free_slots:
            return own
        home = self._home_reading(text, plain, reader)
        found = [each for each in (own, home) if each is not None]
        return min(found, key=lambda each: (each.free_letters, each.free_slots), default=None)

    def _skill_readings(self, plain: str, said: str, reader: SlotReader) -> list[Reading]:
        matches = self.grammar.skills.matches(plain, reader)
        return [_skill_reading(match, plain, said) for match in matches if not self._is_negated(match, plain)]

    def _is_negated(self, match: SkillMatch, plain: str) -> bool:
        """Free words at the start that say "don't" would be kept as a harmless text, and the rest done."""
        for slot in match.spec.slots:
            start, end = match.spans.get(slot.name, (1, 1))
            if slot.kind is SlotKind.TEXT and start == 0 and self.says_not(plain[:end]):
                return True
        return False

    def says_not(self, plain: str) -> bool:
        """True where a negation or an exception is said."""
        words = self.grammar.words
        return anywhere((*words.negations, *words.exceptions)).search(plain) is not None

    def _home_reading(self, text: str, plain: str, reader: SlotReader) -> Reading | None:
        for form in self._forms(text, plain):
            found = self._home_match(form, reader)
            if found is not None:
                return found
        return None

    def _forms(self, text: str, plain: str) -> Sequence[str]:
        said = " ".join(unicodedata.normalize("NFC", text).split())
        bare = " ".join(word for word in plain.split() if word not in self.grammar.words.articles)
        forms = {form.casefold().rstrip("?!. "): form for form in (bare, plain, said)}
        return tuple(reversed(forms.values()))

    def _home_match(self, text: str, reader: SlotReader) -> Reading | None:
        area = self.names.area(reader.area_id)
        area_name = area.name if area else reader.area_id
        for result in sorted(self.grammar.home.matches(text, self.names, area_name), key=merit):
            if self._is_loose(result):
                continue
            command = command_from(result, text, self.names, reader.area_id)
            if command is None:  # said of a thing that is elsewhere: no weaker reading is what was meant
                return None
            if self._may_delay(command, reader):
                return _home_reading(result, command, text)
        return None

    def _is_loose(self, result: RecognizeResult) -> bool:
        """ "Who is …" takes any words for a place; it is a question about this home only if people are known here."""
        state = result.entities.get("state")
        if state is None or not state.is_wildcard:
            return False
        has_people = any(entity.domain == "person" for entity in self.names.home.entities)
        return not has_people or len(state.text.split()) > MAX_PLACE_WORDS

    def _may_delay(self, command: Command, reader: SlotReader) -> bool:
        """A command for later must be one that will be understood then."""
        later = command.slots.get(DELAYED)
        if not isinstance(later, str):
            return True
        anywhere_reader = replace(reader, area_id=reader.area_id or ANYWHERE, _known={})
        found = self.read(later, anywhere_reader)
        return found is not None and DELAYED not in found.command.slots


def _skill_reading(match: SkillMatch, plain: str, said: str) -> Reading:
    values: dict[str, SlotValue] = dict(match.values)
    kinds = {slot.name: slot.kind for slot in match.spec.slots}
    for slot, value in values.items():
        if kinds[slot] is SlotKind.TEXT and isinstance(value, str):
            values[slot] = as_said(value, said)
        elif isinstance(value, Request):
            values[slot] = replace(value, label=as_said(value.label, said))
    named = tuple(span for slot, span in match.spans.items() if kinds[slot] in (SlotKind.ENTITY, SlotKind.AREA))
    return Reading(
        Command(match.spec.name, values, said, words=match.words), plain, named, match.free_slots, match.free_letters
    )


def as_said(value: str, said: str) -> str:
    """The words with the capitals and signs of what was said, where they can be found there."""
    start = said.lower().find(value)
    return said[start : start + len(value)] if start >= 0 else value


def _home_reading(result: RecognizeResult, command: Command, text: str) -> Reading:
    wild = [entity for entity in result.entities_list if entity.is_wildcard]
    named = tuple(
        entity.text_span
        for slot in ("name", "area", "floor")
        if (entity := result.entities.get(slot)) is not None and entity.text_span is not None and not entity.is_wildcard
    )
    return Reading(command, text, named, len(wild), sum(len(entity.text) for entity in wild))
