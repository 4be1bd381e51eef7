"""Damaged payloads: what the product must survive, made from good ones by a seeded chance."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.core.home import Action, Value
from assistant.home.command import Unsupported, order_for, verbs_of
from assistant.home.config import ConfigFault
from assistant.home.intake import Intake
from assistant.home.template import TemplateFault
from benchmarks.mqtt_cases import Row
from benchmarks.mqtt_discovery import new_intake

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**40, 1e308, "", " ", "~", "#", "+/+", "a/#/b", "x" * 5000, [], {}, [[]], {"a": {}},
    [None, 1, "x"], "\x00", "é", "{{ value", "{{ value_json.x.y.z }}", "{% for i in range(10**9) %}x{% endfor %}",
    "\u0663", "\ud800",
)  # fmt: skip
_TOLD = (
    "", "ON", "None", "unknown", "nan", "-inf", "1e999", "[]", "{}", '{"state":null}', "{" * 5000, '{"a":' * 2000,
    "[1,2",
    '{"state":"ON","brightness":"x","color":[1],"color_temp":{}}', '{"position":1e400}', '{"state":{},"brightness":-5}',
    "0", "-1", "100000000000000000000", "x" * 3000, "1,2", "1,2,3,4", "on,", "\x00", "\u0663", "true",
)  # fmt: skip
PER_HOME = 50
"""So many damaged payloads meet in one home, as they would on one broker."""
VALUES: Mapping[str, Value] = {
    "brightness_pct": 40, "color": "red", "color_temp_kelvin": 3000, "position": 50, "percentage": 50, "mode": "x",
    "temperature": 21, "humidity": 40, "value": 1, "option": "x", "text": "x", "code": "1",
}  # fmt: skip


def crashes_of(rows: Sequence[Row], count: int, seed: int = 1) -> list[str]:
    """What `count` damaged payloads raised, announced, told to and commanded."""
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    good = [row for row in rows if row.payload]
    crashes: list[str] = []
    intake = new_intake()
    for number in range(count if good else 0):
        if number % PER_HOME == 0:
            intake = new_intake()
        row = chance.choice(good)
        payload = damaged(row.payload, chance)
        try:
            _live_through(intake, row.topic, payload, chance)
        except Exception as error:  # noqa: BLE001  whatever it raises is what is counted
            crashes.append(f"{type(error).__name__}: {error} | {row.topic} | {payload[:200]!r}")
    return crashes


def _live_through(intake: Intake, topic: str, payload: bytes, chance: random.Random) -> None:
    intake.take(topic, payload, _NOON)
    for known in intake.registry.roster.behind(topic):
        for listened in sorted(known.topics)[:3]:
            intake.take(listened, chance.choice(_TOLD).encode("utf-8", "surrogatepass"), _NOON)
        for verb in verbs_of(known.entity.domain):
            try:
                order_for(known.announced, Action(known.entity.id, verb, VALUES), known.state)
            except (Unsupported, TemplateFault, ConfigFault):
                continue


def damaged(payload: bytes, chance: random.Random) -> bytes:
    """One payload with something wrong: a byte, a cut, a value, a key."""
    if chance.random() < 0.4:
        return _damaged_bytes(payload, chance)
    try:
        told = json.loads(payload)
    except ValueError:
        return _damaged_bytes(payload, chance)
    for _ in range(chance.randint(1, 3)):
        told = _damaged_value(told, chance)
    return json.dumps(told).encode()


def _damaged_bytes(payload: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(payload) or 1)
    match chance.randrange(4):
        case 0:
            return payload[:place]
        case 1:
            return payload[:place] + bytes([chance.randrange(256)]) + payload[place + 1 :]
        case 2:
            return payload[:place] + payload[place : place + 20] * chance.randint(2, 50) + payload[place:]
        case _:
            return payload[place:] + payload[:place]


def _damaged_value(told: Any, chance: random.Random) -> Any:
    places = list(_places(told))
    if not places:
        return _odd(chance)
    holder, key = chance.choice(places)
    match chance.randrange(3):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[f"{key}{chance.choice(['_topic', '_template', 's', ''])}"] = _odd(chance)
        case _:
            holder[key] = _odd(chance)
    return told


def _places(told: Any) -> Iterator[tuple[Any, Any]]:
    keys = told.keys() if isinstance(told, dict) else range(len(told)) if isinstance(told, list) else ()
    for key in list(keys):
        yield told, key
        if isinstance(told[key], dict | list):
            yield from _places(told[key])


def _odd(chance: random.Random) -> Any:
    # a copy: what is put in may be damaged in its turn
    return copy.deepcopy(chance.choice(_ODD))
