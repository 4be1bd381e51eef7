"""Sentences of the skills and of Home Assistant, drawn at random; what they mean is what the templates read in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random

from hassil.expression import Sentence
from hassil.intents import IntentData, RangeSlotList, SlotList, TextSlotList

from assistant.core.home import AreaId, HomeView
from assistant.core.intents import SlotKind, SlotSpec
from assistant.language import normalise
from assistant.understanding.examples.deeds import Made
from assistant.understanding.examples.example import Piece, joined
from assistant.understanding.examples.sentences import Frames
from assistant.understanding.examples.values import in_words
from assistant.understanding.examples.words import ExampleWords
from assistant.understanding.reading import SlotReader, choices
from assistant.understanding.templates import Grammar, Templates

NOW = datetime(2026, 3, 11, 10, 20, tzinfo=UTC)
"""When everything is said: no time of an example depends on the day it is made."""
_HOME_SHARE = 0.5


class SkillSamples:
    """Draws sentences for one home."""

    def __init__(self, grammar: Grammar, home: HomeView, words: ExampleWords, random: Random) -> None:
        self._grammar = grammar
        self._home = home
        self._words = words
        self._random = random
        self._templates = Templates(grammar, home)
        intents = grammar.home.intents
        self._frames = Frames({})
        self._home_blocks = [
            (data, sentence)
            for intent in intents.intents.values()
            for data in intent.data
            for sentence in data.sentences
        ]

    def make(self, here: AreaId | None) -> Made | None:
        """A sentence that the templates understand; None where the one that was drawn is none in this home."""
        is_home = bool(self._home_blocks) and self._random.random() < _HOME_SHARE
        text = self._home_sentence() if is_home else self._skill_sentence()
        if not text:
            return None
        reader = SlotReader(self._words.language, self._templates.names, NOW, here)
        reading = self._templates.read(text, reader)
        if reading is None:
            return None
        return Made((Piece(text, is_value=True),), (reading.command,))

    def _skill_sentence(self) -> str:
        templates = self._grammar.skills.templates
        if not templates:
            return ""
        template = self._random.choice(templates)
        filled = _Drawn({name: self._slot_words(spec) for name, spec in template.slots.items()}, self._random)
        return self._drawn(template.sentence, filled, {})

    def _home_sentence(self) -> str:
        data, sentence = self._random.choice(self._home_blocks)
        intents = self._grammar.home.intents
        lists = {**intents.slot_lists, **data.slot_lists}
        filled = _Drawn(self._list_words(data, lists), self._random)
        return self._drawn(sentence, filled, {**intents.expansion_rules, **data.expansion_rules})

    def _drawn(self, sentence: Sentence, filled: Mapping[str, str], rules: Mapping[str, Sentence]) -> str:
        frames = self._frames.with_rules({name: rule.expression for name, rule in rules.items()})
        try:
            return joined(frames.walk(sentence.expression, self._random, filled))
        except KeyError:  # a list that this home has nothing for
            return ""

    def _slot_words(self, spec: SlotSpec) -> tuple[str, ...]:
        book, values = self._grammar.words, self._words.values
        match spec.kind:
            case SlotKind.DURATION:
                return tuple(book.durations)
            case SlotKind.WHEN | SlotKind.TIME:
                return tuple(book.moments)
            case SlotKind.REQUEST:
                return tuple(f"{when} {what}" for when in book.moments for what in ("", "to call mia", "for the bread"))
            case SlotKind.NUMBER:
                return tuple(in_words(values, number) for number in range(5, 100, 5)) + tuple(
                    map(str, range(10, 101, 10))
                )
            case SlotKind.ENTITY:
                return tuple(normalise(each.name, self._words.language) for each in self._home.entities)
            case SlotKind.AREA:
                return tuple(normalise(each.name, self._words.language) for each in self._home.areas)
            case SlotKind.CHOICE:
                return tuple(choices(spec, self._words.language))
            case SlotKind.PLACE:
                return tuple(book.places)
            case SlotKind.TEXT:
                return self._texts(spec.name)

    def _texts(self, slot: str) -> tuple[str, ...]:
        values = self._words.values
        if slot == "item":
            return values.items
        if slot == "option":
            return tuple(sorted({option.lower() for each in self._home.entities for option in each.options}))
        if slot in ("name", "what", "label"):
            return values.labels + values.lists
        return values.items

    def _list_words(self, data: IntentData, lists: Mapping[str, SlotList]) -> dict[str, tuple[str, ...]]:
        language = self._words.language
        domains = _domains(data)
        names = [each for each in self._home.entities if not domains or each.domain in domains]
        found = {name: tuple(_words_of(values)) for name, values in lists.items()}
        found["name"] = tuple(normalise(each.name, language) for each in names)
        found["area"] = tuple(normalise(each.name, language) for each in self._home.areas)
        found["floor"] = tuple(normalise(each.name, language) for each in self._home.floors)
        for wild in ("item", "shopping_list_item", "todo_list_item"):
            found[wild] = self._words.values.items
        return found


def _domains(data: IntentData) -> set[str]:
    wanted = data.requires_context.get("domain") or data.slots.get("domain")
    if isinstance(wanted, str):
        return {wanted}
    return set(wanted) if isinstance(wanted, list | tuple | set) else set()


def _words_of(values: SlotList) -> Iterator[str]:
    if isinstance(values, RangeSlotList):
        yield from (str(number) for number in range(values.start, values.stop + 1, max(1, values.step)))
    elif isinstance(values, TextSlotList):
        yield from (str(value.text_in.text) for value in values.values if hasattr(value.text_in, "text"))


class _Drawn(dict[str, str]):
    """Placeholder → words, drawn when asked. Raises KeyError for one that has none."""

    def __init__(self, known: Mapping[str, tuple[str, ...]], random: Random) -> None:
        super().__init__()
        self._known = known
        self._random = random

    def __missing__(self, key: str) -> str:
        if not self._known.get(key):
            raise KeyError(key)
        return self._random.choice(self._known[key])
