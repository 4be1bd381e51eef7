"""Whether the state that the product holds answers a question as a step wants."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.core.home import EntityState, Value
from assistant.home.known import Known
from benchmarks.mqtt_cases import Step

_OPENS = frozenset({"door", "garage_door", "opening", "window", "garage", "gate"})
_WORDS = re.compile(r"[a-z0-9]+")
_ASKED = (
    ("how bright", ("brightness_pct",)),
    ("how far", ("position",)),
    ("how fast", ("percentage",)),
    ("tilt", ("tilt",)),
    ("set to", ("temperature", "humidity")),
    ("temperature", ("current_temperature",)),
    ("humidity", ("current_humidity",)),
    ("doing", ("action",)),
    ("which mode", ("mode",)),
    ("what mode", ("mode",)),
    ("preset", ("preset",)),
    ("battery", ("battery_level",)),
    ("colour", ("color",)),
)
"""What a question asks for, if not for the state itself."""


def target_of(entities: Sequence[Known], step: Step) -> Known | None:
    """The entity that a question is about: the one whose name it has most words of, else the first."""
    if not entities:
        return None
    asked = set(_WORDS.findall(step.say.casefold()))
    return max(entities, key=lambda known: len(asked & set(_WORDS.findall(known.entity.name.casefold()))))


def fault_of(known: Known | None, before: EntityState, step: Step) -> str:
    """What is wrong with the answer; empty when it is right. `before`: the state that stood one message earlier."""
    answer = step.answer.casefold().partition(" (")[0].strip()
    if answer.startswith("no such"):
        return "" if known is None else f"{known.entity.id} is still there"
    if known is None:
        return "there is no such entity"
    state = known.state
    if answer == "unavailable" or not state.is_available:
        return "" if (answer == "unavailable") != state.is_available else f"available: {state.is_available}"
    if answer == "unchanged":
        same = _told(known, state, step) == _told(known, before, step)
        return "" if same else f"{before} became {state}"
    if answer == "unknown":
        return "" if _told(known, state, step) is None else f"{_told(known, state, step)!r} is known"
    return _fault_of_words(known, answer, step)


def _told(known: Known, state: EntityState, step: Step) -> Value:
    """What the question asks for."""
    for words, attributes in _ASKED:
        if words in step.say.casefold():
            found = [state.attributes[name] for name in attributes if name in state.attributes]
            if found:
                return found[0]
            if known.entity.domain not in {"climate", "sensor", "vacuum", "lawn_mower", "water_heater"}:
                return None
    return state.value


def _fault_of_words(known: Known, answer: str, step: Step) -> str:
    """All that the answer says must be in the state: a word, a number, or both."""
    told = {word.casefold() for word in _words_of(known, step)}
    wanted = [part.strip() for part in answer.split(",")]
    missing = [part for part in wanted if not _is_told(part, told)]
    return f"{missing} is not among {sorted(told)}" if missing else ""


def _is_told(part: str, told: set[str]) -> bool:
    number = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(%|°[cf])?", part)
    if number is not None:
        return any(_number(word) == float(number[1]) for word in told)
    return part in told or part.replace(" ", "_") in told


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _words_of(known: Known, step: Step) -> list[str]:
    """The words and numbers with which the state answers the question."""
    state, entity = known.state, known.entity
    words = [str(_told(known, state, step))]
    match entity.domain:
        case "binary_sensor" | "update":
            words.append({"on": "yes", "off": "no"}.get(state.value or "", ""))
            words.append(str(state.attributes.get("latest_version", "")))
            if entity.device_class in _OPENS:
                words.append({"on": "open", "off": "closed"}.get(state.value or "", ""))
        case "valve" | "cover":
            words.append(str(state.attributes.get("position", "")))
        case "event":
            words.append(f"{known.announced.config.text('device_class')} {state.attributes.get('event_type', '')}")
        case "device_automation":
            config = known.announced.config
            words.append(f"trigger {config.text('type')} {state.attributes.get('event_type', '')}")
        case _:
            pass
    return words
