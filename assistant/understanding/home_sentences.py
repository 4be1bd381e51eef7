"""The sentences of Home Assistant (package home-assistant-intents), matched by hassil."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from hassil.intents import Intent, IntentData, Intents, RangeSlotList
from hassil.recognize import RecognizeResult, recognize_all
from home_assistant_intents import get_intents

from assistant.understanding.clauses import ClauseReader, Sieve, list_mark
from assistant.understanding.names import Names, fold

WARMING = "x"
"""Any text without a figure."""
HOME_LISTS = ("name", "area", "floor")


class HomeSentences:
    """Compiled once per language and set of intents; the home's names come in with each text."""

    def __init__(self, language: str, enabled: Collection[str]) -> None:
        self.intents = Intents.from_dict(_only(get_intents(language), enabled, language))
        self._language = language
        self._templates = [each for intent in self.intents.intents.values() for each in _one_each(intent)]
        lists = self.intents.slot_lists
        needs = []
        for _, data in self._templates:
            rules = {**self.intents.expansion_rules, **data.expansion_rules}
            reader = ClauseReader(rules, {**lists, **data.slot_lists}, HOME_LISTS, language)
            needs.append(reader.needs(data.sentences[0].expression))
        self._sieve = Sieve(needs)

    def warm(self) -> None:
        """Let hassil build its tables of number words now, not during the first sentence with a number."""
        ranges = {name: values for name, values in self.intents.slot_lists.items() if isinstance(values, RangeSlotList)}
        tries = IntentData([f"{{{name}}}" for name in ranges])
        alone = Intents(self._language, {"": Intent("", [tries])}, dict(ranges))
        for _ in recognize_all(WARMING, alone, language=self._language):
            pass

    def matches(self, text: str, names: Names, area_name: str | None) -> Iterable[RecognizeResult]:
        """Every reading of the text, in no order of merit."""
        lists = names.slot_lists(text)
        marks = "".join(list_mark(name) for name, values in lists.items() if getattr(values, "values", ()))
        folded = text.casefold()
        possible = self._sieve.passes(f"{folded}\n{fold(text)}{marks}")
        if not possible:
            return
        chosen: dict[str, Intent] = {}
        for index in possible:
            name, data = self._templates[index]
            chosen.setdefault(name, Intent(name)).data.append(data)
        context: dict[str, Any] = {"area": {"value": area_name, "text": area_name}} if area_name else {}
        intents = replace(self.intents, intents=chosen)
        yield from recognize_all(text, intents, slot_lists=lists, intent_context=context, language=self._language)


def merit(result: RecognizeResult) -> tuple[int, int, int, int, str]:
    """Sorts the best reading first: a known name, the longest; fewest wildcards; most literal text."""
    name = result.entities.get("name")
    named = len(name.text) if name is not None and not name.is_wildcard else 0
    wild = [entity for entity in result.entities_list if entity.is_wildcard]
    free = sum(len(entity.text or "") for entity in wild)
    return (-named, len(wild), -result.text_chunks_matched, free, result.intent.name)


def _only(data: Mapping[str, Any] | None, enabled: Collection[str], language: str) -> dict[str, Any]:
    if data is None:
        return {"language": language, "intents": {}}
    kept = {name: intent for name, intent in data["intents"].items() if name in enabled}
    return {**data, "intents": kept}


def _one_each(intent: Intent) -> Iterable[tuple[str, IntentData]]:
    """Every template as a block of its own, so that each can be chosen alone."""
    for data in intent.data:
        for text in data.sentence_texts:
            yield intent.name, replace(data, sentence_texts=[text])
