"""Finds entities and places of a home by words, by sound, by kind and by where the speaker is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.core.home import Area, Entity, Floor, HomeView
from assistant.understanding.planner.evidence import Evidence
from assistant.understanding.planner.lexis import Vocabulary, heard, stem, stems
from assistant.understanding.planner.words import Lists, planner_words

GENERIC = 0.35
"""How much a word for a kind or a place counts in a name, against 1 of another one."""
NAMED, IN_NAMED_PLACE, OF_KIND, HINTED, IN_ROOM = 2.0, 0.8, 0.6, 0.35, 0.3
TOLD = 0.5
"""What remains of the merit of a thing that can only be asked about, where nothing was asked."""
_TOLD_ONLY = frozenset({"sensor", "binary_sensor", "weather", "person", "device_tracker", "camera", "event"})
LEAST = 0.3
"""Things of less merit are not shown."""
WELL_NAMED, LEAST_BESIDE_NAMED = 1.9, 0.65
"""Beside one that is called by its whole name, nor those that are only of a kind."""
PLACE_LEAST = 0.6


@dataclass(frozen=True, slots=True)
class FoundThings:
    """What a clause may be about, best first."""

    ranked: tuple[str, ...]
    """Ids of entities."""
    places: tuple[str, ...]
    """Ids of areas and floors that are named."""
    place_words: frozenset[str]
    """The words that named those."""
    domains: Mapping[str, float]
    """Domain → merit of its best thing, 0 to about 4."""
    evidence: Mapping[str, Evidence]
    """Id → what speaks for a thing."""


class ThingIndex:
    """The names of one home in one language."""

    def __init__(self, home: HomeView, language: str) -> None:
        self._language = language
        self._entities = tuple(home.entities)
        self._places: tuple[Area | Floor, ...] = (*home.areas, *home.floors)
        self.domains = frozenset(entity.domain for entity in home.entities)
        """All there are."""
        self._floor_of = {area.id: area.floor_id for area in home.areas}
        self._nouns = _by_word(planner_words(language).nouns, language)
        self._hints = _by_word(planner_words(language).hints, language)
        self._names = [_stemmed(each, language) for each in self._entities]
        self._place_names = _with_synonyms([_stemmed(each, language) for each in self._places], language)
        self._having = _inverted(self._names)
        self._of_group = _grouped(self._entities, {*planner_words(language).nouns, *planner_words(language).hints})
        self._in_places = {word for names in self._place_names for name in names for word in name}
        self._vocabulary = Vocabulary({*self._having, *self._in_places})
        self._known = frozenset({*self._having, *self._in_places, *self._nouns, *self._hints})
        self._trusted = frozenset({*self._nouns, *self._hints, *self._stems_of(planner_words(language).common)})
        self._doubtful = self._stems_of(planner_words(language).verbs)
        self._questions = self._stems_of(planner_words(language).questions)

    @property
    def entity_ids(self) -> frozenset[str]:
        """All there are."""
        return frozenset(entity.id for entity in self._entities)

    @property
    def place_ids(self) -> frozenset[str]:
        """Of areas and floors."""
        return frozenset(place.id for place in self._places)

    def knows(self, word: str) -> bool:
        """Whether a stem leads to a thing or a place, as it is or as it sounds."""
        return word in self._known or bool(self._vocabulary.alike(word))

    def find(self, words: Sequence[str], area_id: str | None) -> FoundThings:
        """What these stems may be about, for a speaker in that area."""
        said = heard(words, self._vocabulary, self._trusted, self._doubtful)
        places = self._named_places(said)
        named = {at: self._named(at, said) for at in {at for word in said for at in self._having.get(word, ())}}
        nouns, hints = self._kinds(words, self._nouns), self._kinds(words, self._hints)
        around = self._around(places)
        evidence = {
            at: Evidence(
                name=named.get(at, 0.0),
                kind=OF_KIND if at in nouns else HINTED if at in hints else 0.0,
                is_kind_named=at in nouns,
                is_in_named_place=at in around,
                is_here=area_id is not None and self._entities[at].area_id == area_id,
            )
            for at in sorted({*named, *nouns, *hints, *around})
        }
        is_question = not self._questions.isdisjoint(words)
        merits = {at: self._merit(at, each, is_question) for at, each in evidence.items()}
        return self._ranked(merits, evidence, places)

    def _merit(self, at: int, evidence: Evidence, is_question: bool) -> float:
        merit = NAMED * evidence.name + evidence.kind
        merit += IN_NAMED_PLACE if evidence.is_in_named_place else 0.0
        merit += IN_ROOM if evidence.is_here else 0.0
        return merit * TOLD if not is_question and self._entities[at].domain in _TOLD_ONLY else merit

    def _named(self, at: int, said: Mapping[str, float]) -> float:
        return max(self._share(name, said) for name in self._names[at])

    def _ranked(
        self, merits: Mapping[int, float], evidence: Mapping[int, Evidence], places: Mapping[str, float]
    ) -> FoundThings:
        first = max(merits.values(), default=0.0)
        least = LEAST_BESIDE_NAMED if first >= WELL_NAMED else LEAST
        best = sorted((at for at, merit in merits.items() if merit >= least), key=lambda at: (-merits[at], at))
        domains: dict[str, float] = {}
        for at in best:
            domains.setdefault(self._entities[at].domain, merits[at])
        ids = [self._entities[at].id for at in best]
        why: dict[str, Evidence] = {self._entities[at].id: each for at, each in evidence.items()}
        return FoundThings(tuple(ids), tuple(places), self._words_of(places), domains, why)

    def _words_of(self, places: Mapping[str, float]) -> frozenset[str]:
        named = zip(self._places, self._place_names, strict=True)
        return frozenset(word for place, names in named if place.id in places for name in names for word in name)

    def _share(self, name: Sequence[str], said: Mapping[str, float]) -> float:
        """How much of a name was said, weighed by how telling its words are; nothing where only the kind was."""
        whole = sum(self._weight(word) for word in name)
        hit = sum(self._weight(word) * said.get(word, 0.0) for word in name)
        is_kind_alone = all(word in self._nouns for word in name if word in said)
        return 0.0 if is_kind_alone and hit < whole else hit / whole

    def _weight(self, word: str) -> float:
        return GENERIC if word in self._nouns or word in self._in_places else 1.0

    def _kinds(self, words: Sequence[str], known: Mapping[str, Sequence[str]]) -> set[int]:
        """Things of the kinds that these words speak of."""
        groups = {group for word in words for group in known.get(word, ())}
        return {at for group in groups for at in self._of_group[group]}

    def _named_places(self, said: Mapping[str, float]) -> dict[str, float]:
        merits = {
            place.id: max((self._place_share(name, said) for name in names), default=0.0)
            for place, names in zip(self._places, self._place_names, strict=True)
        }
        best = sorted((each for each, merit in merits.items() if merit >= PLACE_LEAST), key=lambda each: -merits[each])
        return {each: merits[each] for each in best}

    def _place_share(self, name: Sequence[str], said: Mapping[str, float]) -> float:
        return sum(said.get(word, 0.0) for word in name) / len(name) if name else 0.0

    def _around(self, places: Mapping[str, float]) -> set[int]:
        return {
            at
            for at, entity in enumerate(self._entities)
            if entity.area_id is not None
            and (entity.area_id in places or (self._floor_of.get(entity.area_id) or "") in places)
        }

    def _stems_of(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem(word, self._language) for word in words)


def _stemmed(named: Entity | Area | Floor, language: str) -> list[tuple[str, ...]]:
    return [words for name in (named.name, *named.aliases) if (words := stems(name, language))]


def _with_synonyms(places: Sequence[Sequence[tuple[str, ...]]], language: str) -> list[list[tuple[str, ...]]]:
    """Each place also under what such a room is called elsewhere, unless that is the name of another one."""
    groups = [[stems(name, language) for name in group] for group in planner_words(language).rooms]
    own = {name for names in places for name in names}
    return [
        [*names, *(name for group in groups if set(group) & set(names) for name in group if name not in own)]
        for names in places
    ]


def _by_word(lists: Lists, language: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group, words in lists.items():
        for word in words:
            found.setdefault(stem(word, language), []).append(group)
    return {word: tuple(groups) for word, groups in found.items()}


def _inverted(names: Sequence[Sequence[Sequence[str]]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for at, forms in enumerate(names):
        for name in forms:
            for word in name:
                found.setdefault(word, {})[at] = None
    return {word: tuple(places) for word, places in found.items()}


def _grouped(entities: Sequence[Entity], groups: Iterable[str]) -> dict[str, list[int]]:
    """Group ("cover", "cover.door/gate") → places of its things; one without a class may be of any."""
    found: dict[str, list[int]] = {}
    for group in groups:
        domain, _, classes = group.partition(".")
        allowed = {None, "", *classes.split("/")}
        found[group] = [
            at
            for at, entity in enumerate(entities)
            if entity.domain == domain and (not classes or entity.device_class in allowed)
        ]
    return found
