"""A typed phrase ("every weekday at 7") to the sentence with which it is kept, in the words of a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from assistant.core.errors import InputError
from assistant.core.turn import Commands, Situation, Source, Transcript
from assistant.daemon.brain import Brain

_FALLBACK = "en"


async def sentence_for(brain: Brain, skill: str, phrase: str, list_name: str = "") -> str:
    """The phrase itself where the skill understands it, else the first sentence around it that it does.

    Raises InputError where it understands none."""
    language = brain.config.settings.general.language
    skills = {spec.name: spec.skill for spec in brain.skills.intents()}
    situation = Situation(language, Source.TYPED, brain.area_id)
    for sentence in sentences(skill, phrase, language, list_name):
        understood = await brain.understanding.understand(Transcript(sentence, language, "typed"), situation)
        plan = understood.plan
        if isinstance(plan, Commands) and all(skills.get(command.intent) == skill for command in plan.commands):
            return sentence
    raise InputError(
        f"{phrase!r} was not understood",
        fix=f'say it as a whole sentence: assistant ask "…", or see {skill} add --help',
    )


def sentences(skill: str, phrase: str, language: str, list_name: str = "") -> Sequence[str]:
    """Ways to say it, the phrase alone first (but for lists, where one word may be anything)."""
    table = _table(language)
    frames = table.get(skill, ())
    named = list_name or str(table.get("list", ""))
    around = [str(frame).format(phrase=phrase, list=named) for frame in frames]
    return around if skill == "lists" else [phrase, *around]


@lru_cache
def _table(language: str) -> Mapping[str, Sequence[str]]:
    folder = files(__package__) / "phrases"
    path = folder / f"{language}.toml"
    text = (path if path.is_file() else folder / f"{_FALLBACK}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
