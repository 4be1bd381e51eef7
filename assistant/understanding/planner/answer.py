"""What a planner answered → the commands that it means in this home."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.core.errors import InputError
from assistant.core.turn import Command, SlotValue
from assistant.core.values import Request
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.tools import Argument, ArgumentKind, Tool
from assistant.understanding.reading import SlotReader
from assistant.understanding.templates import as_said


class Unreadable(InputError):
    """An answer is not one that the candidates allow, or its words are no value of the slot."""

    code = "unreadable_answer"


@dataclass(frozen=True, slots=True)
class Call:
    """One call with the words of its arguments, as answered, and the command that they mean."""

    tool: Tool
    words: Mapping[str, str]
    """Argument → label or span."""
    command: Command

    @property
    def is_question(self) -> bool:
        """It is about several things of which one is meant: the skill will ask."""
        return any(isinstance(value, tuple) for value in self.command.slots.values())

    def labels(self, kind: ArgumentKind) -> tuple[str, ...]:
        """The words of all arguments of a kind."""
        kinds = {argument.name: argument.kind for form in self.tool.forms for argument in form}
        return tuple(said for name, said in self.words.items() if kinds[name] is kind)


def calls_of(answer: str, candidates: Candidates, reader: SlotReader, text: str) -> tuple[Call, ...]:
    """The calls of an answer, none for "[]"; `text` is the utterance as it was said. Raises Unreadable."""
    try:
        calls = json.loads(answer)
    except ValueError as error:
        raise Unreadable("an answer is no JSON", why=str(error)) from error
    if not isinstance(calls, list):
        raise Unreadable("an answer is no list of calls")
    return tuple(_call(each, candidates, reader, text) for each in calls)


def _call(given: Any, candidates: Candidates, reader: SlotReader, text: str) -> Call:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Unreadable("an answer's call is no table of texts")
    words = {name: value for name, value in given.items() if name != "do"}
    tool = next((tool for tool in candidates.tools if tool.name == given.get("do")), None)
    form = None if tool is None else _form(tool, words.keys())
    if tool is None or form is None:
        raise Unreadable(f"no candidate is called as {given.get('do')!r} was")
    slots: dict[str, SlotValue] = {}
    said: dict[str, str] = {}
    for argument in form:
        if argument.name in words:
            slots |= _slots(argument, words[argument.name], candidates, reader, text)
            if argument.kind is ArgumentKind.SPAN:
                said[argument.fills] = words[argument.name]
    return Call(tool, words, Command(tool.intent, slots, text, words=said))


def _form(tool: Tool, names: Sequence[str] | Any) -> Sequence[Argument] | None:
    for form in tool.forms:
        needed = {argument.name for argument in form if argument.is_required}
        if needed <= set(names) <= {argument.name for argument in form}:
            return form
    return None


def _slots(
    argument: Argument, words: str, candidates: Candidates, reader: SlotReader, text: str
) -> dict[str, SlotValue]:
    value = _value(argument, words, candidates, reader)
    if value is None:
        raise Unreadable(f"{words!r} is no {argument.spec.kind}", fix="say it in other words")
    if isinstance(value, Request):
        value = replace(value, label=as_said(value.label, text))
    elif argument.kind is ArgumentKind.SPAN and isinstance(value, str) and value == words:
        value = as_said(value, text)
    if argument.kind is ArgumentKind.FLOOR:
        return {argument.fills: value, argument.name: words}
    return {argument.fills: value}


def _value(argument: Argument, words: str, candidates: Candidates, reader: SlotReader) -> SlotValue:
    match argument.kind:
        case ArgumentKind.ENTITY:
            entity = candidates.thing(words)
            return None if entity is None else str(entity.id)
        case ArgumentKind.AREA | ArgumentKind.FLOOR:
            return candidates.place(words, is_floor=argument.kind is ArgumentKind.FLOOR)
        case ArgumentKind.CHOICE:
            return argument.choices.get(words)
        case ArgumentKind.SPAN:
            return reader.read(argument.spec, words)
