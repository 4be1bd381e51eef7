"""The one form in which a language model is asked for calls, and in which it answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.errors import InputError
from assistant.core.turn import Command, SlotValue
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.spans import span_of
from assistant.understanding.planner.tools import Argument, ArgumentKind, Tool, Toolbox
from assistant.understanding.reading import SlotReader

NONE = "[]"
"""The answer where nothing is to be done."""
PREFIX = (
    "Calls for what is said in a home. Use the words said and the names listed. "
    "No command, a no, a story or nothing that fits: []\n\n"
)
"""Stands before every prompt; changing it makes adapted models and kept prefixes worthless."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads. Each part and the answer are turned into tokens by itself and joined as tokens."""

    prefix: str
    """The same for all turns."""
    turn: str

    @property
    def text(self) -> str:
        """Both."""
        return self.prefix + self.turn


class NotWritable(InputError):
    """A command can't be written as a call of these candidates."""

    code = "not_writable"


def render(candidates: Candidates, shots: str = "") -> Prompt:
    """The prompt of one turn; `shots` are worked examples (`shot`) for a model that was not trained on this form."""
    things = "; ".join(
        f"{thing.label}: {thing.entity.domain}" + (f", {thing.place}" if thing.place else "")
        for thing in candidates.things
    )
    lines = (
        ("tools", "; ".join(tool.name for tool in candidates.tools)),
        ("things", things),
        ("places", "; ".join(place.label for place in candidates.places)),
        ("here", candidates.here),
        ("said", candidates.said),
    )
    turn = "".join(f"{name}: {text}\n" for name, text in lines if text)
    return Prompt(PREFIX + shots, turn + "calls:\n")


def shot(candidates: Candidates, answer: str) -> str:
    """A worked example."""
    return f"{render(candidates).turn}{answer}\n\n"


def answer_of(
    commands: Sequence[Command], candidates: Candidates, toolbox: Toolbox, reader: SlotReader | None = None
) -> str:
    """The answer that means these commands, as compact JSON; `reader` finds the words of values that a command came
    without. Raises NotWritable where a tool, a thing, a place or a span is missing."""
    calls = [_call(command, candidates, toolbox, reader) for command in commands]
    return json.dumps(calls, ensure_ascii=False, separators=(",", ":"))


def _call(command: Command, candidates: Candidates, toolbox: Toolbox, reader: SlotReader | None) -> dict[str, str]:
    canonical = toolbox.canonical(command)
    tool = None if canonical is None else _offered(canonical, candidates)
    form = None if canonical is None or tool is None else tool.form_of(canonical.slots)
    if canonical is None or tool is None or form is None:
        raise NotWritable(f"no call does what {command.intent} does", why="it is not among the candidates")
    call = {"do": tool.name}
    for argument in form:
        if argument.fills in canonical.slots:
            call[argument.name] = _written(argument, canonical, candidates, reader)
    return call


def _offered(command: Command, candidates: Candidates) -> Tool | None:
    return next((tool for tool in candidates.tools if tool.intent == command.intent), None)


def _written(argument: Argument, command: Command, candidates: Candidates, reader: SlotReader | None) -> str:
    value = command.slots[argument.fills]
    found = _named(argument, value, candidates)
    if argument.kind is ArgumentKind.SPAN:
        found = span_of(argument.spec, value, command.words.get(argument.fills, ""), candidates.said, reader)
    if found is None:
        raise NotWritable(f"no candidate is what {argument.name} of {command.intent} holds")
    return found


def _named(argument: Argument, value: SlotValue, candidates: Candidates) -> str | None:
    match argument.kind:
        case ArgumentKind.ENTITY:
            return next((thing.label for thing in candidates.things if thing.entity.id == value), None)
        case ArgumentKind.AREA | ArgumentKind.FLOOR:
            is_floor = argument.kind is ArgumentKind.FLOOR
            places = [place for place in candidates.places if place.is_floor is is_floor]
            return next((place.label for place in places if place.id == value), None)
        case ArgumentKind.CHOICE:
            return next((words for words, each in argument.choices.items() if each == value), None)
        case ArgumentKind.SPAN:
            return None
