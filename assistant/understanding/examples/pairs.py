"""Examples as the texts that a language model reads and answers, in the one form that the planner uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from assistant.core.home import HomeView
from assistant.core.intents import IntentSpec
from assistant.understanding.examples.example import Example
from assistant.understanding.planner.candidates import Candidates
from assistant.understanding.planner.prompt import NONE, NotWritable, answer_of, render
from assistant.understanding.planner.retrieval import Retriever
from assistant.understanding.planner.tools import Toolbox

_FEWER = 0.3
"""So often fewer candidates are shown than were found."""


@dataclass(frozen=True, slots=True)
class Written:
    """One example as text."""

    prefix: str
    prompt: str
    answer: str
    shown: Candidates
    """What the prompt lists."""
    example: Example


@dataclass(slots=True)
class Writer:
    """Writes examples; `unwritable` counts those that can't be said as calls of what was found."""

    intents: Sequence[IntentSpec]
    language: str
    seed: int
    is_shuffled: bool = True
    """For training: candidates in random order, some missing. Else as the planner shows them."""
    left_out: float = 0.04
    """So often, in training, what is meant is not shown, and nothing is the right answer."""
    unwritable: Counter[str] = field(default_factory=Counter)
    _toolbox: Toolbox | None = None
    _retriever: Retriever | None = None

    def written(self, examples: Iterable[Example]) -> Iterator[Written]:
        """Each as text, those that can't be written left out."""
        random = Random(f"pairs/{self.seed}")  # noqa: S311 – must be repeatable, guards nothing
        for example in examples:
            one = self._one(example, random)
            if one is not None:
                yield one

    def _one(self, example: Example, random: Random) -> Written | None:
        retriever = self._for(example.home)
        needed = example.commands if self.is_shuffled else ()
        found = retriever.candidates(example.utterance, example.situation.area_id, needed)
        is_without = bool(example.commands) and self.is_shuffled and random.random() < self.left_out
        try:
            answer = answer_of(example.commands, found, retriever.toolbox) if example.commands else NONE
            shown = _shuffled(found, answer, random) if self.is_shuffled else found
            if is_without:
                shown, answer = _without(shown, example), NONE
        except NotWritable as error:
            self.unwritable[error.what] += 1
            return None
        prompt = render(shown)
        return Written(prompt.prefix, prompt.turn, answer, shown, example)

    def _for(self, home: HomeView) -> Retriever:
        if self._toolbox is None:
            self._toolbox = Toolbox(self.intents, self.language)
        if self._retriever is None or self._retriever.home is not home:
            self._retriever = Retriever.of(self._toolbox, home, self.language)
        return self._retriever


def _shuffled(found: Candidates, answer: str, random: Random) -> Candidates:
    """In another order, and sometimes fewer of those that the answer doesn't name."""
    things = list(found.things)
    tools = list(found.tools)
    if random.random() < _FEWER:
        things = [each for each in things if f'"{each.label}"' in answer or random.random() < 0.6]
        tools = [each for each in tools if f'"{each.name}"' in answer or random.random() < 0.6]
    random.shuffle(things)
    random.shuffle(tools)
    return replace(found, things=tuple(things), tools=tuple(tools))


def _without(found: Candidates, example: Example) -> Candidates:
    """Without what is meant. Raises NotWritable where the words name no thing."""
    ids = {value for command in example.commands for value in command.slots.values() if isinstance(value, str)}
    things = tuple(each for each in found.things if each.entity.id not in ids)
    if len(things) == len(found.things):
        raise NotWritable("no thing is named")
    return replace(found, things=things)
