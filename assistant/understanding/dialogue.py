"""What belongs to the conversation itself: answers to an open question, "stop", "never mind", "repeat that"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.core.intents import SlotKind
from assistant.core.turn import Commands, DialogueAct, Question, QuestionKind, SlotValue
from assistant.language import normalise
from assistant.understanding.names import Names, fold
from assistant.understanding.reading import SlotReader
from assistant.understanding.words import Words, only, without_repeats

MAX_FORMS = 40
Choose = Callable[[Question, str], SlotValue]
"""The value of a listed choice, for a question whose slot is one."""


def act_of(plain: str, words: Words) -> DialogueAct | None:
    """The act that the whole normalised text is, said once or over and over."""
    plain = without_repeats(plain)
    for act, phrases in (
        (DialogueAct.STOP, words.stop),
        (DialogueAct.NEVER_MIND, words.never_mind),
        (DialogueAct.REPEAT, words.repeat),
    ):
        if plain in phrases:
            return act
    return None


def answer_of(
    question: Question, text: str, words: Words, reader: SlotReader, choose: Choose
) -> Commands | DialogueAct | None:
    """The plan that the answer completes; None when the text is no answer to it."""
    plain = normalise(text, reader.language)
    if question.kind is QuestionKind.CONFIRM:
        return _confirmation(question, plain, words)
    if plain in words.never_mind:
        return DialogueAct.NEVER_MIND
    value = _slot_value(question, text, plain, words, reader, choose)
    if value is None:
        return None
    slots = {**question.pending.slots, question.slot: value}
    return Commands((replace(question.pending, slots=slots),))


def _confirmation(question: Question, plain: str, words: Words) -> Commands | DialogueAct | None:
    """Only a plain yes is one; whatever else stands beside it makes it none."""
    if only(words.no).fullmatch(plain) or plain in words.never_mind:
        return DialogueAct.NEVER_MIND
    if only(words.yes).fullmatch(plain):
        return Commands((replace(question.pending, is_confirmed=True),))
    return None


def _slot_value(
    question: Question, text: str, plain: str, words: Words, reader: SlotReader, choose: Choose
) -> SlotValue:
    match question.slot_kind:
        case SlotKind.TEXT:
            return text.strip().rstrip("?!.") or None
        case SlotKind.CHOICE:
            return next((value for form in _forms(plain, words) if (value := choose(question, form)) is not None), None)
        case SlotKind.ENTITY:
            return _entity(question, plain, words, reader)
        case SlotKind.WHEN:
            forms: Iterable[str] = (
                pattern.replace("{answer}", form) for form in _forms(plain, words) for pattern in words.whens
            )
        case _:
            forms = _forms(plain, words)
    kind = question.slot_kind
    return next((value for form in forms if (value := reader.read_kind(kind, form)) is not None), None)


def _forms(plain: str, words: Words) -> list[str]:
    """The answer as it is, then without what may stand around a value ("the one in …", "… percent")."""
    forms = [plain]
    for form in forms:  # grows while it runs: "the one in the kitchen" loses its start twice
        if len(forms) > MAX_FORMS:
            break
        starts = (*words.answer_starts, *words.articles)
        forms += [form[len(start) + 1 :] for start in starts if form.startswith(f"{start} ")]
        forms += [form.removesuffix(end).strip() for end in words.answer_ends if form.endswith(end) and form != end]
    return list(dict.fromkeys(form for form in forms if form))


def _entity(question: Question, plain: str, words: Words, reader: SlotReader) -> SlotValue:
    """One of those that the question is about: by name, by part of the name, or by its area."""
    open_ids = question.pending.slots.get(question.slot) or question.pending.slots.get("entity_id")
    candidates = open_ids if isinstance(open_ids, tuple) else ()
    for form in _forms(plain, words):
        value = reader.read_kind(SlotKind.ENTITY, form)
        if isinstance(value, str):
            return value
        chosen = _chosen(form, tuple(str(each) for each in candidates), reader.names)
        if chosen is not None:
            return chosen
    return None


def _chosen(form: str, candidates: tuple[str, ...], names: Names) -> str | None:
    entities = [entity for entity in names.home.entities if entity.id in candidates]
    area = names.place_id(form)
    fitting = [entity.id for entity in entities if area is not None and entity.area_id == area]
    fitting = fitting or [entity.id for entity in entities if set(form.split()) <= set(fold(entity.name).split())]
    return str(fitting[0]) if len(fitting) == 1 else None
