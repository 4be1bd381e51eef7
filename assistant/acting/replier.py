"""Makes words from outcomes, and from nothing else."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.acting.template import render
from assistant.acting.words import CORE, CoreWords
from assistant.core.turn import Outcome, OutcomeStatus, Reply, SlotValue
from assistant.language.say import say

FALLBACK_LANGUAGE = "en"

SkillWords = Callable[[str, str, str], Sequence[str]]
"""(skill, key, language) → templates; `SkillRunner.words`."""

_LOGGER = logging.getLogger(__name__)


class Replier:
    """Picks templates and fills them in; variants take turns. `local_now` is aware, in the home's zone."""

    def __init__(
        self, skill_words: SkillWords, core: CoreWords, local_now: Callable[[], datetime], clock_24h: bool = False
    ) -> None:
        self._skill_words = skill_words
        self._core = core
        self._local_now = local_now
        self._clock_24h = clock_24h
        self._turns: Counter[tuple[str, str, str]] = Counter()

    def reply(self, outcomes: Sequence[Outcome], language: str) -> Reply:
        """One short answer to all that was done."""
        texts: list[str] = []
        for outcome in merged(outcomes):
            text = self._outcome(outcome, language)
            if text not in texts:
                texts.append(text)
        asks = any(outcome.question is not None for outcome in outcomes)
        return Reply(" ".join(texts), language, tuple(outcomes), expects_answer=asks)

    def words(self, skill: str, key: str, language: str, values: Mapping[str, SlotValue]) -> str:
        """The words of a key, from the skill or the assistant's own; empty, and logged, when there are none."""
        for spoken_in, variants in self._candidates(skill, key, language):
            if spoken_in != language:
                _LOGGER.warning("no words in this language", extra={"skill": skill, "key": key, "language": language})
            turn = self._turns[skill, key, spoken_in]
            self._turns[skill, key, spoken_in] += 1
            template = variants[turn % len(variants)]
            try:
                return render(template, self._spoken(values, spoken_in))
            except ValueError as error:
                _LOGGER.error(
                    "a reply can't be used", extra={"skill": skill, "key": key, "why": str(error)}, exc_info=True
                )
        return ""

    def _outcome(self, outcome: Outcome, language: str) -> str:
        if text := self.words(outcome.skill, outcome.key, language, outcome.values):
            return text
        _LOGGER.error("no words for an outcome", extra={"skill": outcome.skill, "key": outcome.key})
        return self.words(CORE, _status_key(outcome.status), language, {})

    def _candidates(self, skill: str, key: str, language: str) -> Iterator[tuple[str, Sequence[str]]]:
        for spoken_in in dict.fromkeys((language, FALLBACK_LANGUAGE)):
            if skill != CORE and (variants := self._skill_words(skill, key, spoken_in)):
                yield spoken_in, variants
            if variants := self._core.words(key, spoken_in):
                yield spoken_in, variants

    def _spoken(self, values: Mapping[str, SlotValue], language: str) -> dict[str, object]:
        spoken: dict[str, object] = {name: self._form(value, language) for name, value in values.items()}
        spoken["raw"] = dict(values)
        return spoken

    def _form(self, value: SlotValue, language: str) -> object:
        """Truth values and None stay what they are, so that a template can ask for them."""
        if value is None or isinstance(value, bool):
            return value
        now = self._local_now()
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(now.tzinfo)
        return say(value, language, self._clock_24h, now)


def merged(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes of one kind as one, their lists of names joined; the order stays."""
    kept: list[Outcome] = []
    for outcome in outcomes:
        for place, earlier in enumerate(kept):
            if (values := _joined(earlier, outcome)) is not None:
                kept[place] = replace(earlier, values=values)
                break
        else:
            kept.append(outcome)
    return kept


def _joined(one: Outcome, other: Outcome) -> dict[str, SlotValue] | None:
    """The values of both, or None when they can't be said in one sentence."""
    if (one.skill, one.key, one.status) != (other.skill, other.key, other.status) or one.question or other.question:
        return None
    if one.values.keys() != other.values.keys():
        return None
    values: dict[str, SlotValue] = {}
    for name, mine in one.values.items():
        yours = other.values[name]
        if isinstance(mine, tuple) and isinstance(yours, tuple):
            values[name] = tuple(dict.fromkeys((*mine, *yours)))
        elif mine == yours:
            values[name] = mine
        else:
            return None
    return values


def _status_key(status: OutcomeStatus) -> str:
    return "unavailable_status" if status is OutcomeStatus.UNAVAILABLE else status.value
