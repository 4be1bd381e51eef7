"""The grammar of the answers that one turn allows, in llguidance's form of Lark; they look as in `prompt.answer_of`."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.tools import Argument, ArgumentKind, Form, Tool

MAX_CALLS = 4


def grammar_of(candidates: Candidates) -> str:
    """No call, or up to four: tools, things, places and choices from lists, all else copied from the words said."""
    rules = _Rules(candidates)
    calls = [text for tool in candidates.tools for text in rules.calls(tool)]
    if not calls:
        return f"start: {_quoted('[]')}"
    more = f"({_quoted(',')} call)?"
    start = f"start: {_quoted('[]')} | {_quoted('[')} call {' '.join([more] * (MAX_CALLS - 1))} {_quoted(']')}"
    return "\n".join((start, "call: " + "\n  | ".join(calls), *rules.shared(), ""))


class _Rules:
    """The rules that calls share, written where they are used."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._lists: dict[tuple[str, ...], str] = {}
        """Labels → the rule that is one of them."""

    def calls(self, tool: Tool) -> Iterable[str]:
        """One alternative for each form that can be filled."""
        for form in tool.forms:
            if all(self._value(argument, tool) for argument in form if argument.is_required):
                yield self._call(tool, form)

    def shared(self) -> Iterable[str]:
        """The lists, and what is copied."""
        for labels, rule in self._lists.items():
            yield f"{rule}: " + " | ".join(_quoted(json.dumps(label, ensure_ascii=False)) for label in labels)
        if self._candidates.said:
            yield 'span: "\\"" SPAN "\\""\nSPAN: /[^ ](.*[^ ])?/ & SAID'
            yield f'SAID: %regex {{"substring_words": {_quoted(self._candidates.said)}}}'

    def _value(self, argument: Argument, tool: Tool) -> str:
        """The rule of an argument's value; empty where it has none in this turn."""
        if argument.kind is ArgumentKind.SPAN:
            return "span" if self._candidates.said else ""
        labels = tuple(self._labels(argument, tool))
        return self._lists.setdefault(labels, f"list{len(self._lists)}") if labels else ""

    def _labels(self, argument: Argument, tool: Tool) -> Iterable[str]:
        candidates = self._candidates
        match argument.kind:
            case ArgumentKind.ENTITY:
                return [thing.label for thing in candidates.things if tool.takes(thing.entity.domain)]
            case ArgumentKind.AREA | ArgumentKind.FLOOR:
                is_floor = argument.kind is ArgumentKind.FLOOR
                return [place.label for place in candidates.places if place.is_floor is is_floor]
            case _:
                is_kind = argument.fills == "domain"
                values = argument.choices.items()
                return [words for words, value in values if not is_kind or value in tool.domains & candidates.domains]

    def _call(self, tool: Tool, form: Form) -> str:
        """`{"do":"dim","name":…}`: as much as possible in one literal, since only choices cost time."""
        literal = f'{{"do":{json.dumps(tool.name)}'
        rule: list[str] = []
        for argument in form:
            value = self._value(argument, tool)
            key = f',"{argument.name}":'
            if value and argument.is_required:
                rule += [_quoted(literal + key), value]
                literal = ""
            elif value:
                rule += [_quoted(literal)] if literal else []
                rule.append(f"({_quoted(key)} {value})?")
                literal = ""
        return " ".join((*rule, _quoted(literal + "}")))


def _quoted(text: str) -> str:
    """A literal of the grammar."""
    return json.dumps(text, ensure_ascii=False)
