"""The planner's tools, candidates and answers in the encoder's terms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from assistant.core.errors import InputError
from assistant.llm.pointer.goals import Pointed, Signature, class_name, stretch_of
from assistant.llm.pointer.layout import Shown
from assistant.understanding.planner.candidates import Candidates, Thing
from assistant.understanding.planner.tools import Argument, ArgumentKind, Tool

_PLACES = (ArgumentKind.AREA, ArgumentKind.FLOOR)


class NotPointable(InputError):
    """An answer can't be said in classes and pointers."""

    code = "not_pointable"


def signature_of(tool: Tool) -> Signature:
    """A tool's arguments by how they are chosen."""
    arguments = {argument.name: argument for form in tool.forms for argument in form}
    forms = tuple(tuple((argument.name, argument.is_required) for argument in form) for form in tool.forms)
    return Signature(
        tool.name,
        named=_of(arguments, ArgumentKind.ENTITY),
        placed=_of(arguments, *_PLACES),
        spans=_of(arguments, ArgumentKind.SPAN),
        chosen=_of(arguments, ArgumentKind.CHOICE),
        forms=forms,
    )


def shown_of(candidates: Candidates) -> Shown:
    """What the encoder reads."""
    return Shown(
        candidates.said,
        tuple(_thing(thing, candidates.here) for thing in candidates.things),
        tuple(_place(place.label, candidates.here) for place in candidates.places if not place.is_floor),
        tuple(place.label for place in candidates.places if place.is_floor),
    )


def pointed_of(answer: str, candidates: Candidates) -> tuple[Pointed, ...]:
    """The calls of an answer (as `prompt.answer_of` writes it). Raises NotPointable for what no head can say."""
    tools = {tool.name: tool for tool in candidates.tools}
    return tuple(_pointed(call, tools[call["do"]], candidates) for call in json.loads(answer))


def places_in_order(candidates: Candidates) -> tuple[str, ...]:
    """Labels of the places as the encoder counts them: areas, then floors."""
    areas = [place.label for place in candidates.places if not place.is_floor]
    return (*areas, *(place.label for place in candidates.places if place.is_floor))


def _of(arguments: Mapping[str, Argument], *kinds: ArgumentKind) -> tuple[str, ...]:
    return tuple(name for name, argument in arguments.items() if argument.kind in kinds)


def _thing(thing: Thing, here: str) -> str:
    kind = thing.entity.device_class or ""
    place = "here" if here and thing.place == here else ""
    return " ".join(f"{thing.label} : {thing.entity.domain.replace('_', ' ')} {kind} , {thing.place} {place}".split())


def _place(label: str, here: str) -> str:
    return f"{label} here" if label == here else label


def _pointed(call: Mapping[str, str], tool: Tool, candidates: Candidates) -> Pointed:
    signature = signature_of(tool)
    heads = signature.heads
    labels = [thing.label for thing in candidates.things]
    places, said = places_in_order(candidates), candidates.said.split()
    points: dict[str, tuple[int, ...]] = {}
    choices: dict[str, str] = {}
    for name, words in call.items():
        if name in signature.chosen:
            choices[name] = words
        elif name != "do":
            if name not in heads:
                raise NotPointable(f"no head is left for {name} of {tool.name}")
            points[name] = _point(name, words, signature, (labels, places, said))
    return Pointed(class_name(tool.name, choices), points)


def _point(
    name: str, words: str, signature: Signature, lists: tuple[list[str], tuple[str, ...], list[str]]
) -> tuple[int, ...]:
    labels, places, said = lists
    if name in signature.named:
        return (labels.index(words),)
    if name in signature.placed:
        return (places.index(words),)
    stretch = stretch_of(words, said)
    if stretch is None:
        raise NotPointable(f"{words!r} is no stretch of whole words")
    return stretch


def classes_of(tools: Sequence[Tool]) -> tuple[str, ...]:
    """Names of all classes of these tools, the first, "", for no call."""
    names = {class_name(tool.name, choices) for tool in tools for form in tool.forms for choices in _choices(form)}
    return ("", *sorted(names))


def _choices(form: Sequence[Argument]) -> Iterator[dict[str, str]]:
    chosen = [argument for argument in form if argument.kind is ArgumentKind.CHOICE]
    for words in product(*(argument.choices for argument in chosen)):
        yield {argument.name: said for argument, said in zip(chosen, words, strict=True)}
