"""Worked examples before the prompt, for a model that was not trained on the planner's form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from assistant.core.home import Area, AreaId, Entity, EntityId, HomeView
from assistant.core.intents import IntentSpec
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.prompt import shot
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.tools import Toolbox

MAX_TOOLS = 6
"""So many tools an example shows, those that its answer calls among them."""


class _Example(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    said: str
    area: str
    answer: str


class _ShotsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    areas: tuple[str, ...]
    entities: Mapping[str, str]
    """Name → domain and area."""
    examples: tuple[_Example, ...]


def shots(intents: Sequence[IntentSpec], language: str) -> str:
    """All worked examples of a language as text, about 90 tokens each; those of skills that aren't there left out."""
    return "".join(shot(candidates, answer) for candidates, answer in worked(intents, language))


def worked(intents: Sequence[IntentSpec], language: str) -> Iterator[tuple[Candidates, str]]:
    """Candidates and right answers."""
    source = files("assistant.understanding.planner").joinpath("words", f"shots_{language}.toml")
    file = _ShotsFile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    retriever = Retriever.of(Toolbox(intents, language), _home(file), language)
    for example in file.examples:
        found = retriever.candidates(example.said, example.area)
        tools = sorted(found.tools, key=lambda tool: f'"{tool.name}"' not in example.answer)[:MAX_TOOLS]
        shown = [tool for tool in found.tools if tool in tools]
        if example.answer.count('"do":') == sum(f'"do":"{tool.name}"' in example.answer for tool in shown):
            yield replace(found, tools=tuple(shown)), example.answer


def _home(file: _ShotsFile) -> HomeView:
    areas = [Area(AreaId(name), name) for name in file.areas]
    placed = [(name, *where.split(" ", 1)) for name, where in file.entities.items()]
    return HomeView([Entity(EntityId(name), name, domain, AreaId(area)) for name, domain, area in placed], areas)
