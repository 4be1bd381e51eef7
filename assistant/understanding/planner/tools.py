"""What skills can do, as a language model is offered it: names, arguments, and how the words of each are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.core.intents import IntentSpec, SlotKind, SlotSpec
from assistant.core.turn import Command, SlotValue
from assistant.understanding.planner.toolfile import SameEntry, ToolEntry, tool_file
from assistant.understanding.planner.words import planner_words

_OWN = "home."
"""Left out of names: most calls are of this skill."""


class ArgumentKind(StrEnum):
    """How the words of an argument become a value."""

    ENTITY = "entity"
    """One of the turn's things."""
    AREA = "area"
    """One of the turn's places that is an area."""
    FLOOR = "floor"
    """One of the turn's places that is a floor."""
    CHOICE = "choice"
    """One of the words that the argument lists."""
    SPAN = "span"
    """Words of the utterance, read by the slot's kind."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool."""

    name: str
    fills: str
    """The slot of the command that it becomes."""
    kind: ArgumentKind
    spec: SlotSpec
    """How its words are read."""
    choices: Mapping[str, str]
    """For CHOICE: words → value."""
    is_required: bool = True


Form = tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """One intent as it is offered."""

    name: str
    intent: str
    description: str
    forms: tuple[Form, ...]
    domains: frozenset[str] = frozenset()
    weight: float = 1.0
    """How often it is meant, against others that the same words fit."""
    sentences: tuple[str, ...] = ()
    """The skill's templates in the toolbox's language."""

    def takes(self, domain: str) -> bool:
        """Whether a thing of this domain makes sense to it."""
        return not self.domains or domain in self.domains

    def form_of(self, slots: Mapping[str, SlotValue]) -> Form | None:
        """The form that takes exactly these slots of a command."""
        for form in self.forms:
            known = {argument.fills for argument in form}
            needed = {argument.fills for argument in form if argument.is_required}
            if needed <= slots.keys() <= known:
                return form
        return None


class Toolbox:
    """The tools that the intents of the skills become, in one language."""

    def __init__(self, intents: Sequence[IntentSpec], language: str) -> None:
        entries, hidden = tool_file().tools, tool_file().hidden
        offered = [spec for spec in intents if spec.name not in hidden and _is_offered(spec, language)]
        made = [_tool(spec, entries.get(spec.name, ToolEntry()), language) for spec in offered]
        self.tools: tuple[Tool, ...] = tuple(made)
        self.by_name: Mapping[str, Tool] = {tool.name: tool for tool in made}
        self.by_intent: Mapping[str, Tool] = {tool.intent: tool for tool in made}

    def canonical(self, command: Command) -> Command | None:
        """The same command as an intent that is offered, with the slots that it takes; None where there is none."""
        for entry in tool_file().same:
            if entry.intent == command.intent and (other := _written_as(entry, command)) is not None:
                command = other
                break
        tool = self.by_intent.get(command.intent)
        if tool is None:
            return None
        slots = _known_slots(command)
        return _with_slots(command, slots) if tool.form_of(slots) is not None else None


def _is_offered(spec: IntentSpec, language: str) -> bool:
    """Intents of Home Assistant only where the file says what their slots are; others where they are said here."""
    return spec.name in tool_file().tools if spec.is_home_assistant else bool(spec.sentences.get(language))


def _tool(spec: IntentSpec, entry: ToolEntry, language: str) -> Tool:
    name = entry.name or spec.name.removeprefix(_OWN)
    arguments = _arguments(spec, entry, language)
    sentences = tuple(spec.sentences.get(language, ()))
    return Tool(
        name, spec.name, spec.description, _forms(entry, arguments), frozenset(entry.domains), entry.weight, sentences
    )


def _arguments(spec: IntentSpec, entry: ToolEntry, language: str) -> dict[str, Argument]:
    if spec.is_home_assistant:
        return {name: _home_argument(name, kind, entry, language) for name, kind in entry.slots.items()}
    return {slot.name: _argument(slot, language) for slot in spec.slots}


def _home_argument(name: str, kind: str, entry: ToolEntry, language: str) -> Argument:
    fills = entry.fills.get(name, name)
    lists = {"kind": planner_words(language).kinds, "color": planner_words(language).colors}
    if kind in lists:
        spec = SlotSpec(name, SlotKind.CHOICE)
        return Argument(name, fills, ArgumentKind.CHOICE, spec, lists[kind])
    if kind == ArgumentKind.FLOOR:
        return Argument(name, fills, ArgumentKind.FLOOR, SlotSpec(name, SlotKind.AREA), {})
    slot = SlotKind(kind)
    return Argument(name, fills, _KINDS.get(slot, ArgumentKind.SPAN), SlotSpec(name, slot), {})


_KINDS = {
    SlotKind.ENTITY: ArgumentKind.ENTITY,
    SlotKind.AREA: ArgumentKind.AREA,
    SlotKind.CHOICE: ArgumentKind.CHOICE,
}


def _argument(slot: SlotSpec, language: str) -> Argument:
    choices = dict(slot.choices.get(language, {}))
    return Argument(slot.name, slot.name, _KINDS.get(slot.kind, ArgumentKind.SPAN), slot, choices, slot.is_required)


def _forms(entry: ToolEntry, arguments: Mapping[str, Argument]) -> tuple[Form, ...]:
    """As the file says, if the skill has these slots (another one may have taken the name); else all slots."""
    forms = [words.split() for words in entry.forms]
    if not forms or any(word.removesuffix("?") not in arguments for words in forms for word in words):
        return (tuple(arguments.values()),)
    return tuple(tuple(_in_form(word, arguments) for word in words) for words in forms)


def _in_form(word: str, arguments: Mapping[str, Argument]) -> Argument:
    return replace(arguments[word.removesuffix("?")], is_required=not word.endswith("?"))


# ── one way to say it ────────────────────────────────────────────────────────────────────────────

_ECHOES = frozenset({"name", "area", "floor", "preferred_area_id"})
"""Words that home commands keep beside the ids they became."""


def _written_as(entry: SameEntry, command: Command) -> Command | None:
    slots = _known_slots(command)
    if any(slots.get(slot) != value for slot, value in entry.when.items()) or slots.keys() & set(entry.without):
        return None
    if not slots.keys() >= set(entry.needs):
        return None
    if slots.keys() - entry.gives.keys() - entry.when.keys():
        return None
    given = {entry.gives[slot]: value for slot, value in slots.items() if slot in entry.gives}
    words = {entry.gives[slot]: said for slot, said in command.words.items() if slot in entry.gives}
    return Command(entry.to, given, command.text, words=words)


def _known_slots(command: Command) -> dict[str, SlotValue]:
    """Slots that have a value, without the words that stand beside an id."""
    slots = {slot: value for slot, value in command.slots.items() if value is not None}
    echoed = {each.removesuffix("_id") for each in slots if each.endswith("_id")} | {"name"} & _echoed_names(slots)
    return {slot: value for slot, value in slots.items() if slot not in echoed & _ECHOES}


def _echoed_names(slots: Iterable[str]) -> set[str]:
    return {"name"} if "entity_id" in set(slots) else set()


def _with_slots(command: Command, slots: Mapping[str, SlotValue]) -> Command:
    words = {slot: said for slot, said in command.words.items() if slot in slots}
    return Command(command.intent, dict(slots), command.text, words=words)
