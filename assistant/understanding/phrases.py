"""Sentences that people may say in this home, for the recogniser's grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import IntentData, RangeSlotList, SlotList, TextSlotList

from assistant.core.home import Area, Entity, Floor
from assistant.core.intents import SlotKind, SlotSpec
from assistant.language import normalise
from assistant.understanding.likely_phrases import frames_of, in_turn, likely_phrases
from assistant.understanding.reading import choices
from assistant.understanding.skill_sentences import SkillTemplate
from assistant.understanding.templates import Templates
from assistant.understanding.words import Words

MAX_PER_TEMPLATE = 200
MAX_PRODUCT = 60
MAX_DEPTH = 16
USEFUL = (
    *("HassTurnOn", "HassTurnOff", "HassLightSet", "HassGetState", "HassClimateSetTemperature"),
    *("HassClimateGetTemperature", "HassSetPosition", "HassStartTimer", "HassCancelTimer", "HassTimerStatus"),
    *("HassGetCurrentTime", "HassGetCurrentDate", "HassMediaPause", "HassMediaUnpause", "HassMediaNext"),
    *("HassSetVolume", "HassNevermind"),
)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the words of slots and rules come from."""

    slots: Mapping[str, Sequence[str]]
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]
    classes: frozenset[str] = frozenset()
    """Device classes that this home has."""


def phrases(templates: Templates, limit: int) -> list[str]:
    """At most `limit`: what people say most, then the skills' own sentences, a few of every template before many of
    one. Home Assistant's templates, of which most are never said, fill the room where nobody wrote likely sentences."""
    language = templates.grammar.language
    own = in_turn([_skill_samples(templates, each) for each in templates.grammar.skills.templates])
    likely = likely_phrases(language, templates.names.home)
    sources = [(likely, limit * 3 // 4), (own, limit), (likely, limit)]
    if frames_of(language) is None:
        sources = [(own, limit // 2), (in_turn(_home_samples(templates)), limit), (own, limit)]
    found: dict[str, None] = {}
    for samples, room in sources:
        _fill(found, samples, room, language)
    return list(found)


def _fill(found: dict[str, None], samples: Iterator[str], room: int, language: str) -> None:
    while len(found) < room:
        sample = next(samples, None)
        if sample is None:
            return
        plain = normalise(sample, language)
        if plain:
            found[plain] = None


def words(templates: Templates) -> list[str]:
    """Every word of the sentences and of the home's names, sorted."""
    said: set[str] = set()
    grammar = templates.grammar
    own = [_skill_samples(templates, each) for each in (*grammar.rings.templates, *grammar.skills.templates)]
    for samples in (*own, *_home_samples(templates)):
        for sample in samples:
            said.update(sample.split())
    for kind in ("name", "area", "floor"):
        said.update(*(name.split() for name in _names(templates, kind)))
    plain = (normalise(word, templates.grammar.language) for word in said)
    return sorted({word for parts in plain for word in parts.split()})


def _skill_samples(templates: Templates, template: SkillTemplate) -> Iterator[str]:
    slots = {name: _slot_words(templates, spec) for name, spec in template.slots.items()}
    return islice(_expand(template.sentence.expression, _Source(slots, {}, {}), 0), MAX_PER_TEMPLATE)


def _slot_words(templates: Templates, spec: SlotSpec) -> Sequence[str]:
    book: Words = templates.grammar.words
    match spec.kind:
        case SlotKind.DURATION:
            return book.durations
        case SlotKind.WHEN | SlotKind.TIME | SlotKind.REQUEST:
            return book.moments
        case SlotKind.NUMBER:
            return book.numbers
        case SlotKind.ENTITY:
            return _names(templates, "name")
        case SlotKind.AREA:
            return _names(templates, "area")
        case SlotKind.CHOICE:
            return tuple(choices(spec, templates.grammar.language))
        case SlotKind.PLACE:
            return book.places
        case SlotKind.TEXT:
            return ()


def _names(templates: Templates, kind: str) -> list[str]:
    home, language = templates.names.home, templates.grammar.language
    kinds: dict[str, Sequence[Entity | Area | Floor]] = {
        "name": home.entities,
        "area": home.areas,
        "floor": home.floors,
    }
    return list(dict.fromkeys(normalise(name, language) for each in kinds[kind] for name in (each.name, *each.aliases)))


def _home_samples(templates: Templates) -> list[Iterator[str]]:
    home = templates.grammar.home.intents
    blocks = [data for name in USEFUL if name in home.intents for data in home.intents[name].data]
    samples: list[Iterator[str]] = []
    for data in blocks:
        if _is_about(templates, data):
            source = _home_source(templates, data)
            samples += [
                islice(_expand(sentence.expression, source, 0), MAX_PER_TEMPLATE) for sentence in data.sentences
            ]
    return samples


def _is_about(templates: Templates, data: IntentData) -> bool:
    """True when this home has what the sentences speak of."""
    wanted = data.slots.get("domain")
    return wanted is None or any(entity.domain == wanted for entity in templates.names.home.entities)


def _home_source(templates: Templates, data: IntentData) -> _Source:
    home, book = templates.grammar.home.intents, templates.grammar.words
    lists = {**home.slot_lists, **data.slot_lists}
    ranged = {key: book.percents for key, values in lists.items() if isinstance(values, RangeSlotList)}
    timed = {key: book.numbers for key in ranged if key.startswith("timer_")}
    places = {kind: _names(templates, kind) for kind in ("area", "floor")}
    classes = {entity.device_class for entity in templates.names.home.entities}
    slots = {**ranged, **timed, **places, "name": _names_for(templates, data)}
    return _Source(slots, lists, {**home.expansion_rules, **data.expansion_rules}, frozenset(filter(None, classes)))


def _names_for(templates: Templates, data: IntentData) -> list[str]:
    """Names of what the sentences are about: no "open the lamp"."""
    wanted = data.requires_context.get("domain")
    domains = {wanted} if isinstance(wanted, str) else set(wanted) if isinstance(wanted, list | tuple | set) else None
    language = templates.grammar.language
    return [
        normalise(name, language)
        for entity in templates.names.home.entities
        if domains is None or entity.domain in domains
        for name in (entity.name, *entity.aliases)
    ]


def _expand(node: Expression, source: _Source, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(node, TextChunk):
        yield node.original_text
    elif isinstance(node, Alternative):
        for item in reversed(node.items) if node.is_optional else node.items:
            yield from _expand(item, source, depth + 1)
    elif isinstance(node, Permutation | Group):
        yield from _product(node.items, source, depth)
    elif isinstance(node, RuleReference):
        yield from _expand(source.rules[node.rule_name].expression, source, depth + 1)
    elif isinstance(node, ListReference):
        yield from _listed(node, source, depth)


def _product(items: Iterable[Expression], source: _Source, depth: int) -> Iterator[str]:
    """Every combination of a few; of many, each value of each part twice, beside different neighbours."""
    parts = [list(dict.fromkeys(islice(_expand(item, source, depth + 1), MAX_PER_TEMPLATE))) for item in items]
    if not all(parts):
        return
    if prod(map(len, parts)) <= MAX_PRODUCT:
        yield from map("".join, product(*parts))
        return
    longest = max(map(len, parts), default=1)
    for turn in range(2 * longest):
        shift = turn // longest
        yield "".join(part[(turn + shift * place) % len(part)] for place, part in enumerate(parts))


def _listed(node: ListReference, source: _Source, depth: int) -> Iterator[str]:
    known = source.slots.get(node.list_name, source.slots.get(node.slot_name))
    if known is not None:
        yield from known
        return
    values = source.lists.get(node.list_name)
    if isinstance(values, TextSlotList):
        for value in values.values:
            if node.slot_name != "device_class" or value.value_out in source.classes:
                yield from _expand(value.text_in, source, depth + 1)
