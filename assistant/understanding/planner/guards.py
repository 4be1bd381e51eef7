"""What no score outweighs: plain rules about the words said, which a proposal has to pass before it becomes a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.core.home import Entity, HomeView
from assistant.core.values import Kind, Reading
from assistant.language.found import found_in
from assistant.understanding.planner.answer import Call
from assistant.understanding.planner.candidates import Candidates, Clause
from assistant.understanding.planner.evidence import Evidence
from assistant.understanding.planner.lexis import stem
from assistant.understanding.planner.tools import ArgumentKind
from assistant.understanding.planner.words import PlannerWords, planner_words
from assistant.understanding.words import Words, anywhere, words_for

_TIMES = (Kind.LENGTH, Kind.TIME, Kind.RECURRENCE, Kind.OFFSET)
_OF_HOME = ("home.", "Hass")
_EXCEPTING = "_but"


def refusal_of(said: str, language: str) -> str:
    """Why nothing may come of these (normalised) words, whatever is proposed; empty where something may."""
    said = _without(said, planner_words(language).harmless)
    if anywhere(words_for(language).negations).search(said):
        return "a negation"
    if anywhere(planner_words(language).retractions).search(said):
        return "taken back"
    if anywhere(planner_words(language).stories).search(said):
        return "told, not wished"
    return ""


@dataclass(frozen=True, slots=True)
class Guard:
    """Checks calls against the words of one utterance."""

    candidates: Candidates
    home: HomeView
    reading: Reading
    language: str

    def fault_of(self, calls: Sequence[Call]) -> str:
        """Why these calls are not what was said; empty where nothing speaks against them."""
        for call in calls:
            if fault := self._call(call):
                return fault
        return self._left_over(calls)

    def evidence(self, entity_id: str) -> Evidence:
        """The best that any clause says for a thing."""
        known = [clause.evidence[entity_id] for clause in self.candidates.clauses if entity_id in clause.evidence]
        return max(known, key=lambda each: (each.name, each.kind, each.is_here), default=Evidence())

    # ── one call ─────────────────────────────────────────────────────────────────────────────────

    def _call(self, call: Call) -> str:
        for entity in self._entities(call):
            evidence = self.evidence(entity.id)
            is_asked_about = evidence.is_kind_named and call.is_question
            if not evidence.is_linked and not is_asked_about and not self._is_only_one(entity):
                return "a thing that was not spoken of"
        for argument, place_id in self._places_of(call):
            if not self._is_meant(place_id):
                return f"a place that was not spoken of ({argument})"
        explicit = self._words.explicit.get(call.tool.name)
        if explicit is not None and self._stems(explicit).isdisjoint(self._said):
            return "dangerous, and not said in so many words"
        subject = self._words.subjects.get(call.tool.intent.split(".")[0])
        if subject is not None and self._stems(subject).isdisjoint(self._said):
            return "a skill that was not spoken of"
        if self._is_wide(call) and self._words.wide.isdisjoint(self.candidates.said.split()):
            return "more than was spoken of"
        has_exception = anywhere(self._book.exceptions).search(self.candidates.said) is not None
        if has_exception and not call.tool.name.endswith(_EXCEPTING):
            return "an exception that would be left out"
        return ""

    def _is_only_one(self, entity: Entity) -> bool:
        """Its kind was named, and there is no other of that kind."""
        evidence = self.evidence(entity.id)
        kind = (entity.domain, entity.device_class)
        return evidence.is_kind_named and sum((e.domain, e.device_class) == kind for e in self.home.entities) == 1

    def _is_meant(self, place_id: str) -> bool:
        named = {each for clause in self.candidates.clauses for each in clause.places}
        return place_id in named or place_id == self.candidates.area_id

    def _is_wide(self, call: Call) -> bool:
        """A call for a kind of things, without a place."""
        kinds = {argument.kind for form in call.tool.forms for argument in form if argument.name in call.words}
        narrow = {ArgumentKind.ENTITY, ArgumentKind.AREA, ArgumentKind.FLOOR}
        return call.tool.name in _WIDE or (ArgumentKind.CHOICE in kinds and kinds.isdisjoint(narrow))

    # ── what would be left out ───────────────────────────────────────────────────────────────────

    def _left_over(self, calls: Sequence[Call]) -> str:
        if not calls:
            return ""
        spans = [span for call in calls for span in call.labels(ArgumentKind.SPAN)]
        is_for_home = all(call.tool.intent.startswith(_OF_HOME) for call in calls)
        rest = _without(self.candidates.said, (*spans, *self._words.harmless))
        if is_for_home and anywhere(self._words.conditions).search(rest):
            return "a condition that would be left out"
        if is_for_home and self._names_time(rest, calls):
            return "a time that would be left out"
        for clause in self.candidates.clauses:
            if fault := self._clause(clause, calls, spans):
                return fault
        return ""

    def _names_time(self, rest: str, calls: Sequence[Call]) -> bool:
        names = [name for call in calls for entity in self._entities(call) for name in _names(entity)]
        rest = _without(_without(rest, names), self._words.at_once)
        return bool(found_in(rest, replace(self.reading, is_latent_wanted=False), _TIMES))

    def _clause(self, clause: Clause, calls: Sequence[Call], spans: Sequence[str]) -> str:
        named = [clause.evidence.get(entity.id, Evidence()) for call in calls for entity in self._entities(call)]
        if any(evidence.is_well_named for evidence in named):
            return ""
        spoken = {stem(word, self.language) for span in spans for word in span.split()}
        is_reached = any(self._reaches(call, place_id) for place_id in clause.places for call in calls)
        is_copied = not spoken.isdisjoint(stem(word, self.language) for word in clause.said.split())
        if not is_copied and not is_reached and _names_another(clause, named):
            return "a thing that would be left out"
        is_placed = any(evidence.is_kind_named and evidence.is_in_named_place for evidence in named)
        is_placed |= any(place in clause.places for call in calls for _, place in self._places_of(call))
        if not is_placed and any(word not in spoken for word in clause.unknown):
            return "words that nobody here knows"
        return "a place that would be left out" if clause.places and not is_reached and not spoken else ""

    def _reaches(self, call: Call, place_id: str) -> bool:
        if any(place == place_id for _, place in self._places_of(call)):
            return True
        floors = {area.id: area.floor_id for area in self.home.areas}
        places = [
            (entity.area_id, floors.get(entity.area_id) if entity.area_id else None) for entity in self._entities(call)
        ]
        return any(place_id in pair for pair in places)

    # ── helpers ──────────────────────────────────────────────────────────────────────────────────

    def _entities(self, call: Call) -> list[Entity]:
        found = (self.candidates.thing(label) for label in call.labels(ArgumentKind.ENTITY))
        return [entity for entity in found if entity is not None]

    def _places_of(self, call: Call) -> Iterable[tuple[str, str]]:
        for kind, is_floor in ((ArgumentKind.AREA, False), (ArgumentKind.FLOOR, True)):
            for label in call.labels(kind):
                if place_id := self.candidates.place(label, is_floor=is_floor):
                    yield kind.value, place_id

    @property
    def _words(self) -> PlannerWords:
        return planner_words(self.language)

    @property
    def _book(self) -> Words:
        return words_for(self.language)

    @property
    def _said(self) -> frozenset[str]:
        return self._stems(self.candidates.said.split())

    def _stems(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem(word, self.language) for word in words)


_WIDE = frozenset(
    {
        *("all_lights_on", "all_lights_off", "close_everything", "close_doors", "close_windows", "close_valves"),
        *("lock_up", "everything_off"),
    }
)


def _names_another(clause: Clause, named: Sequence[Evidence]) -> bool:
    """A thing is called by its whole name there, and none of those that were chosen is spoken of."""
    is_any = any(evidence.is_well_named for evidence in clause.evidence.values())
    return is_any and not any(evidence.is_linked for evidence in named)


def _names(entity: Entity) -> tuple[str, ...]:
    return tuple(name.casefold() for name in (entity.name, *entity.aliases))


def _without(text: str, stretches: Iterable[str]) -> str:
    """The text with a bar where the stretches stood, so that nothing is read across it."""
    for stretch in sorted(stretches, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(stretch)}(?!\w)", " | ", text)
    return text
