"""What one can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.sdk import Context, HelpEntry, Outcome, Skill, SlotValue, Text, intent

SHOWN = 3
"""Examples in one answer."""
MAX_NAMES = 20
"""So many skills are named; of the others only how many they are."""


class Help(Skill):
    """Tell what one can ask for, with examples."""

    def __init__(self) -> None:
        self._next = 0
        self._asked: Counter[str] = Counter()
        """How often each skill was asked about."""

    @intent()
    async def overview(self, ctx: Context) -> Outcome:
        """Give examples from a few skills; other ones each time."""
        able = [entry for entry in ctx.help if entry.examples and entry.skill != ctx.skill]
        if not able:
            return Outcome.told("nothing")
        count = min(SHOWN, len(able))
        shown = [able[(self._next + place) % len(able)] for place in range(count)]
        lap = self._next // len(able)
        self._next += count
        return Outcome.told("overview", **_examples([each.examples[lap % len(each.examples)] for each in shown]))

    @intent()
    async def topic(self, ctx: Context, topic: Text) -> Outcome:
        """Give examples for one thing."""
        entry = _about(ctx.help, topic)
        if entry is None:
            return Outcome.not_found("unknown", topic=topic)
        first = self._asked[entry.skill] * SHOWN % len(entry.examples)
        self._asked[entry.skill] += 1
        return Outcome.told("topic", **_examples(_turned(entry.examples, first)[:SHOWN]))

    @intent()
    async def skills(self, ctx: Context) -> Outcome:
        """Name the skills."""
        names = tuple(entry.skill.replace("_", " ") for entry in ctx.help if entry.skill != ctx.skill)
        if not names:
            return Outcome.told("nothing")
        more = max(0, len(names) - MAX_NAMES)
        return Outcome.told("skills", names=names[:MAX_NAMES], count=len(names), more=more)


def _about(entries: Sequence[HelpEntry], topic: str) -> HelpEntry | None:
    """The skill with that name, else the one whose description and examples hold most of the words."""
    words = _stems(topic)
    able = [entry for entry in entries if entry.examples]
    named = next((entry for entry in able if words & _stems(entry.skill.replace("_", " "))), None)
    if named is not None:
        return named
    fit, best = max(((_fit(entry, words), entry) for entry in able), key=lambda pair: pair[0], default=(0, None))
    return best if fit else None


def _fit(entry: HelpEntry, words: set[str]) -> int:
    return len(words & _stems(" ".join((entry.description, *entry.examples))))


def _stems(text: str) -> set[str]:
    """Words without a final s, so that "timer" finds "timers"."""
    return {word.strip(".,?!").removesuffix("s") for word in text.casefold().split() if len(word) > 1}


def _turned(examples: Sequence[str], first: int) -> Sequence[str]:
    return [*examples[first:], *examples[:first]]


def _examples(examples: Sequence[str]) -> dict[str, SlotValue]:
    return {f"example{place}": examples[place - 1] if place <= len(examples) else "" for place in range(1, SHOWN + 1)}
