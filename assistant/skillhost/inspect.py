"""What a skill's class offers: its intents, replies and examples, checked before any of it runs."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_type_hints

from assistant.core.errors import SkillLoadError
from assistant.core.intents import IntentSpec, SlotSpec
from assistant.core.turn import Outcome
from assistant.sdk.skill import MARK_ATTRIBUTE, IntentMark, Skill
from assistant.sdk.slots import kind_from_annotation, wish_from_annotation
from assistant.skillhost.sentence import is_plain, slots_of
from assistant.skillhost.wordfile import WordFile

Method = Callable[..., Awaitable[Outcome]]
Words = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Language → reply key → variants."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One intent and the name of the method that serves it."""

    spec: IntentSpec
    method: str


@dataclass(frozen=True, slots=True)
class Offers:
    """All that a skill offers."""

    name: str
    description: str
    intents: tuple[Offer, ...]
    replies: Words = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def inspect_skill(skill: type[Skill], name: str, files: tuple[WordFile, ...] = ()) -> Offers:
    """Read a skill's class and the words beside it. Raises SkillLoadError that names file and line."""
    methods = dict(_marked_methods(skill))
    if not methods:
        raise SkillLoadError(_place(skill), why="no method is marked as an intent", fix="mark one with @intent")
    for file in files:
        for method in file.sentences:
            if method not in methods:
                raise file.fault(method, f"the skill has no intent {method!r}", f"it has {', '.join(methods)}")
    examples = {file.language: file.examples for file in files if file.examples}
    intents = [offer for marked in methods.values() for offer in _offers(marked, name, files, examples)]
    return Offers(name, _summary(skill), tuple(intents), _replies(skill, files), examples)


@dataclass(frozen=True, slots=True)
class _Marked:
    name: str
    function: Method
    marks: tuple[IntentMark, ...]

    @property
    def place(self) -> str:
        code = inspect.unwrap(self.function).__code__
        return f"{code.co_filename}, line {code.co_firstlineno}"


def _marked_methods(skill: type[Skill]) -> Iterator[tuple[str, _Marked]]:
    """In the order of definition, those of base classes first."""
    seen = dict.fromkeys(name for base in reversed(skill.__mro__) for name in vars(base))
    for name in seen:
        function = getattr(skill, name)
        if marks := getattr(function, MARK_ATTRIBUTE, ()):
            yield name, _Marked(name, function, marks)


def _offers(
    marked: _Marked, skill: str, files: tuple[WordFile, ...], examples: Mapping[str, tuple[str, ...]]
) -> Iterator[Offer]:
    if not inspect.iscoroutinefunction(marked.function):
        raise SkillLoadError(marked.place, why=f"{marked.name} is no coroutine", fix="write `async def`")
    home_intents = [mark.home_assistant for mark in marked.marks if mark.home_assistant]
    if home_intents:
        _check_home_intent(marked, files)
        for name in home_intents:
            yield Offer(IntentSpec(name, skill, _summary(marked.function)), marked.name)
        return
    slots = _slots(marked)
    spec = IntentSpec(
        f"{skill}.{marked.name}", skill, _summary(marked.function), _sentences(marked, slots, files), slots, examples
    )
    yield Offer(spec, marked.name)


def _check_home_intent(marked: _Marked, files: tuple[WordFile, ...]) -> None:
    parameters = list(inspect.signature(marked.function).parameters)
    if len(parameters) != 3:
        raise SkillLoadError(marked.place, why="a @home_intent method takes (self, ctx, slots: Slots)")
    fix = "write a method of its own with @intent"
    if any(mark.sentences for mark in marked.marks):
        raise SkillLoadError(marked.place, why="@home_intent and @intent don't go together", fix=fix)
    for file in files:
        if marked.name in file.sentences:
            raise file.fault(marked.name, "a @home_intent method has Home Assistant's sentences", fix)


def _slots(marked: _Marked) -> tuple[SlotSpec, ...]:
    try:
        hints = get_type_hints(marked.function, include_extras=True)
    except (NameError, TypeError) as error:
        raise SkillLoadError(marked.place, why=f"an annotation can't be read: {error}") from error
    parameters = list(inspect.signature(marked.function).parameters.values())
    if len(parameters) < 2:
        raise SkillLoadError(marked.place, why="an @intent method takes (self, ctx: Context, …)")
    return tuple(_slot(marked, parameter, hints) for parameter in parameters[2:])


def _slot(marked: _Marked, parameter: inspect.Parameter, hints: Mapping[str, object]) -> SlotSpec:
    if parameter.name not in hints or parameter.kind not in (
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    ):
        raise SkillLoadError(marked.place, why=f"parameter {parameter.name!r} has no slot type")
    hint = hints[parameter.name]
    try:
        kind = kind_from_annotation(hint)
    except TypeError as error:
        raise SkillLoadError(marked.place, why=f"parameter {parameter.name!r}: {error}") from error
    is_required = parameter.default is inspect.Parameter.empty and not _takes_none(hint)
    return SlotSpec(parameter.name, kind, is_required, wish=wish_from_annotation(hint))


def _takes_none(hint: object) -> bool:
    return type(None) in getattr(hint, "__args__", ())


def _sentences(marked: _Marked, slots: tuple[SlotSpec, ...], files: tuple[WordFile, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for mark in marked.marks:
        for sentence in mark.sentences:
            if why := _fault(sentence, slots):
                raise SkillLoadError(marked.place, why=f"{sentence!r}: {why}")
            found.setdefault(mark.language, []).append(sentence)
    for file in files:
        for sentence in file.sentences.get(marked.name, ()):
            if why := _fault(sentence, slots):
                raise file.fault(sentence, f"{sentence!r}: {why}")
            found.setdefault(file.language, []).append(sentence)
    if not found:
        raise SkillLoadError(marked.place, why=f"{marked.name} has no sentence", fix="give @intent one")
    return {language: tuple(sentences) for language, sentences in found.items()}


def _fault(sentence: str, slots: tuple[SlotSpec, ...]) -> str:
    """What is wrong with a sentence; empty when nothing is."""
    try:
        named = slots_of(sentence)
    except ValueError as error:
        return str(error)
    if stray := sorted(named - {slot.name for slot in slots}):
        return f"{{{stray[0]}}} is no parameter of the method"
    missing = [slot.name for slot in slots if slot.is_required and slot.name not in named]
    if missing:
        return f"it never says {{{missing[0]}}}, which has no default"
    return ""


def _replies(skill: type[Skill], files: tuple[WordFile, ...]) -> Words:
    replies: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, table in skill.words.items():
        for key, words in table.items():
            replies.setdefault(language, {})[key] = _variants(words)
    for file in files:
        replies.setdefault(file.language, {}).update(file.replies)
    return replies


def plain_examples(offers: Offers, language: str) -> tuple[str, ...]:
    """Sentences to try: those the author names, else the templates that can be said as they stand."""
    if named := offers.examples.get(language):
        return named
    said = [sentence for offer in offers.intents for sentence in offer.spec.sentences.get(language, ())]
    return tuple(sentence for sentence in said if is_plain(sentence))[:3]


def _variants(words: str | Sequence[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _summary(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.cleandoc(thing.__doc__ or "")).split("\n\n")[0].split())


def _place(skill: type[Skill]) -> str:
    return f"{inspect.getfile(skill)}, class {skill.__name__}"
