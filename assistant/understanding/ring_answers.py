"""What people say to something that rings: stop, snooze, done; by sentences that hold only while it rings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from assistant.core.intents import IntentSpec, SlotKind, SlotSpec
from assistant.core.schedule import ItemKind, ScheduledItem
from assistant.core.turn import DialogueAct, RingAnswer, RingVerb, SlotValue
from assistant.understanding.names import fold
from assistant.understanding.reading import SlotReader
from assistant.understanding.skill_sentences import SkillMatch, SkillSentences, SkillTemplate
from assistant.understanding.words import Words, around, without_repeats

MAX_CHARACTERS = 120
"""Nobody says more to something that rings."""
_SNOOZE, _MISSED = "snooze_any_time", "missed"
"""The sentences that need nothing to ring."""
_NOTED = "noted"
"""What ends anything but an alarm, which is there to wake who says "okay" in his sleep."""


class RingSentences:
    """Compiled once per language; the sentences stand in its word file."""

    def __init__(self, language: str, words: Words) -> None:
        specs = [
            _spec(_MISSED, words.missed, language, words),
            _spec(_SNOOZE, words.snooze, language, words),
            _spec(RingVerb.SNOOZE, words.ring_snooze, language, words),
            _spec(RingVerb.STOP, words.ring_stop, language, words),
            _spec(_NOTED, words.ring_noted, language, words),
            _spec(RingVerb.STOP_ALL, words.ring_stop_all, language, words),
            _spec(RingVerb.DONE, words.ring_done, language, words),
        ]
        self._whens = words.whens
        self._around = around(words.ring_fillers)
        self._always = SkillSentences(specs[:2], language, words)
        self._ringing = SkillSentences(specs, language, words)

    @property
    def templates(self) -> list[SkillTemplate]:
        """All of them, for the recogniser's grammar."""
        return self._ringing.templates

    def answer(
        self, plain: str, reader: SlotReader, ringing: tuple[ScheduledItem, ...]
    ) -> RingAnswer | DialogueAct | None:
        """What the whole normalised text wants of what rings or rang; None when it is about something else."""
        if len(plain) > MAX_CHARACTERS:
            return None
        sentences = self._ringing if ringing else self._always
        matches = (match for form in self._forms(plain) for match in sentences.matches(form, reader))
        answers = (_answer(match, reader, self._whens, ringing) for match in matches)
        return next((answer for answer in answers if answer is not None), None)

    def _forms(self, plain: str) -> Iterator[str]:
        """As it is; then without what stands around it; then once, if it was said several times."""
        yield plain
        bare = self._around.sub("", plain)
        if bare and bare != plain:
            yield bare
        once = without_repeats(bare)
        if once != bare:
            yield once


def _spec(name: str, sentences: tuple[str, ...], language: str, words: Words) -> IntentSpec:
    names = {ItemKind.TIMER: words.timers, ItemKind.ALARM: words.alarms, ItemKind.REMINDER: words.reminders}
    kinds = {word: kind.value for kind, called in names.items() for word in called}
    slots = (
        SlotSpec("by", SlotKind.DURATION),
        SlotSpec("until", SlotKind.TEXT),
        SlotSpec("minutes", SlotKind.NUMBER),
        SlotSpec("hours", SlotKind.NUMBER),
        SlotSpec("kind", SlotKind.CHOICE, choices={language: kinds}),
        SlotSpec("label", SlotKind.TEXT),
    )
    return IntentSpec(name, "", "", {language: sentences}, slots)


def _answer(
    match: SkillMatch, reader: SlotReader, whens: tuple[str, ...], ringing: tuple[ScheduledItem, ...]
) -> RingAnswer | DialogueAct | None:
    if match.spec.name == _MISSED:
        return DialogueAct.MISSED
    item = next((item for item in ringing if _is_meant(item, match)), None)
    if item is None and ringing and match.spec.name == _SNOOZE:
        item = ringing[0]  # whatever it is called: nothing else can be snoozed
    if ringing and item is None:
        return None
    slots = [(slot, value) for slot, value in match.values.items() if slot not in ("kind", "label")]
    lengths = [_length(slot, value, reader, whens) for slot, value in slots]
    if not all(length is not None and length > timedelta() for length in lengths):
        return None
    is_other = item is not None and item is not ringing[0]
    return RingAnswer(_verb(match), lengths[0] if lengths else None, item.id if is_other and item else None)


def _verb(match: SkillMatch) -> RingVerb:
    return {_SNOOZE: RingVerb.SNOOZE, _NOTED: RingVerb.STOP}.get(match.spec.name) or RingVerb(match.spec.name)


def _is_meant(item: ScheduledItem, match: SkillMatch) -> bool:
    """What is named by kind or label must be what rings: "cancel the alarm" is not for a timer."""
    if match.spec.name == _NOTED and item.kind is ItemKind.ALARM:
        return False
    label, kind = match.values.get("label"), match.values.get("kind")
    if kind is not None and kind != item.kind.value:
        return False
    return label is None or set(fold(str(label)).split()) <= set(fold(item.label).split())


def _length(slot: str, value: SlotValue, reader: SlotReader, whens: tuple[str, ...]) -> timedelta | None:
    """How long from now; None where the words are no time."""
    match value:
        case timedelta():
            return value
        case int() | float():
            return timedelta(hours=value) if slot == "hours" else timedelta(minutes=value)
        case str():
            forms = (reader.read_kind(SlotKind.WHEN, form.replace("{answer}", value)) for form in whens)
            moment = next((moment for moment in forms if isinstance(moment, datetime)), None)
            return None if moment is None else moment - reader.now_local
    return None
