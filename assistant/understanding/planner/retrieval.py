"""Finds what an utterance may be about: the few things, places and tools that the model is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.core.home import Area, Floor, HomeView
from assistant.core.turn import Command
from assistant.language import normalise
from assistant.understanding.planner.candidates import Candidates, Clause, Place, places_of, things_of
from assistant.understanding.planner.lexis import stem, usual_words
from assistant.understanding.planner.thing_index import ThingIndex
from assistant.understanding.planner.tool_index import ToolIndex
from assistant.understanding.planner.tools import Tool, Toolbox
from assistant.understanding.words import words_for

MAX_THINGS = 8
MAX_PLACES = 4
MAX_TOOLS = 14
MORE = 2
"""So many more things and tools for each further clause."""
MAX_CLAUSES = 4


@dataclass(frozen=True, slots=True)
class _Chosen:
    things: list[str]
    places: list[str]
    tools: list[str]


@dataclass(frozen=True, slots=True)
class Retriever:
    """For one home and one set of skills."""

    toolbox: Toolbox
    home: HomeView
    language: str
    things: ThingIndex
    tools: ToolIndex

    @classmethod
    def of(cls, toolbox: Toolbox, home: HomeView, language: str) -> Retriever:
        """Index the sentences of the tools and the names of a home."""
        return cls(toolbox, home, language, ThingIndex(home, language), ToolIndex(toolbox, language))

    def moved_to(self, home: HomeView) -> Retriever:
        """The same for another home; the tools need no indexing."""
        return replace(self, home=home, things=ThingIndex(home, self.language))

    def candidates(self, text: str, area_id: str | None, needed: Sequence[Command] = ()) -> Candidates:
        """What the prompt shows for these words, said in that area. What `needed` (the right answer of an example to
        learn from) names is among it even where it would not have been found."""
        said = normalise(text, self.language)
        clauses = self._clauses(said)
        stemmed = [[stem(word, self.language) for word in clause.split()] for clause in clauses]
        found = [self.things.find(words, area_id) for words in stemmed]
        more = MORE * (len(clauses) - 1)
        things = _interleaved([each.ranked for each in found], MAX_THINGS + more)
        wanted = [self.tools.find(words, each, self.things.domains) for words, each in zip(stemmed, found, strict=True)]
        tools = _interleaved(wanted, MAX_TOOLS + more)
        places = _interleaved([each.places for each in found], MAX_PLACES)
        if area_id is not None and area_id not in places:
            places.append(area_id)
        gold = [command for each in needed if (command := self.toolbox.canonical(each)) is not None]
        named = {value for command in gold for value in command.slots.values() if isinstance(value, str)}
        chosen = _Chosen(
            _with(things, named & self.things.entity_ids),
            _with(places, named & self.things.place_ids),
            _with(tools, {self.toolbox.by_intent[command.intent].name for command in gold}),
        )
        parts = [
            Clause(clause, each.evidence, each.places, self._unknown(words))
            for clause, words, each in zip(clauses, stemmed, found, strict=True)
        ]
        return self._made(said, chosen, tuple(parts), area_id)

    def _unknown(self, words: Sequence[str]) -> tuple[str, ...]:
        usual = usual_words(self.language)
        strange = [word for word in words if not word[0].isdigit() and word not in usual]
        return tuple(word for word in strange if not self.tools.knows(word) and not self.things.knows(word))

    def _clauses(self, said: str) -> list[str]:
        joins = "|".join(re.escape(each) for each in sorted(words_for(self.language).conjunctions, key=len)[::-1])
        parts = re.split(rf"\s(?:{joins})\s", said) if joins else [said]
        return [part for part in parts if part.strip()][:MAX_CLAUSES] or [said]

    def _made(self, said: str, chosen: _Chosen, clauses: tuple[Clause, ...], area_id: str | None) -> Candidates:
        order = {each: at for at, each in enumerate(chosen.things)}
        entities = sorted((each for each in self.home.entities if each.id in order), key=lambda each: order[each.id])
        shown = self._places(chosen.places)
        offered: tuple[Tool, ...] = tuple(self.toolbox.by_name[name] for name in chosen.tools)
        here = next((place.label for place in shown if place.id == area_id and not place.is_floor), "")
        things = things_of(entities, self.home)
        return Candidates(said, things, shown, offered, here, self.things.domains, clauses, area_id)

    def _places(self, ids: Sequence[str]) -> tuple[Place, ...]:
        every: tuple[Area | Floor, ...] = (*self.home.areas, *self.home.floors)
        known = [place for place in every if place.id in ids]
        return places_of(sorted(known, key=lambda place: ids.index(place.id)))


def _interleaved(lists: Sequence[Sequence[str]], limit: int) -> list[str]:
    """The best of each list in turn, none twice."""
    longest = max((len(each) for each in lists), default=0)
    taken = dict.fromkeys(each[at] for at in range(longest) for each in lists if at < len(each))
    return list(taken)[:limit]


def _with(found: list[str], needed: set[str]) -> list[str]:
    """The list with what is needed and missing in the place of its last."""
    missing = sorted(needed - set(found))
    return [*found[: len(found) - len(missing)], *missing] if missing else found
