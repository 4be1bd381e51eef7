"""The sensors of a Tasmota device, out of the sample of readings that it announces; pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.home.dialects.tasmota_device import TasmotaDevice
from assistant.home.dialects.tasmota_parts import announced
from assistant.home.dialects.tasmota_words import quantity, unit_named
from assistant.home.discovery import Announced

MAX_SENSORS = 60
DEEPEST = 3
_LEFT_OUT = frozenset({"PN532", "RDM6300"})
"""Readers of cards tell no values."""
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_READINGS = "(value_json.StatusSNS if value_json.StatusSNS is defined else value_json)"
"""An answer to a question has its readings one level deeper."""
Path = tuple[str | int, ...]


def sensors_of(device: TasmotaDevice, sample: Mapping[str, Any]) -> list[Announced]:
    """One for each number that it reads."""
    paths = [path for path, _ in zip(_paths(sample), range(MAX_SENSORS), strict=False)]
    shared = Counter(_name(path[1:]) for path in paths)
    return [_sensor(device, sample, path, is_alone=shared[_name(path[1:])] == 1) for path in paths]


def _paths(sample: Mapping[str, Any]) -> Iterator[Path]:
    for sensor, readings in sample.items():
        if sensor not in _LEFT_OUT and isinstance(readings, dict):
            yield from _numbers(readings, (sensor,))


def _numbers(readings: object, path: Path) -> Iterator[Path]:
    if isinstance(readings, dict) and len(path) <= DEEPEST:
        for key, value in readings.items():
            yield from _numbers(value, (*path, key))
    elif isinstance(readings, list) and len(path) <= DEEPEST:
        for place, value in enumerate(readings):
            yield from _numbers(value, (*path, place))
    elif isinstance(readings, int | float) and not isinstance(readings, bool):
        yield path


def _sensor(device: TasmotaDevice, sample: Mapping[str, Any], path: Path, *, is_alone: bool) -> Announced:
    measured = next((quantity(part) for part in reversed(path) if isinstance(part, str) and any(quantity(part))), None)
    device_class, unit = measured or ("", "")
    if unit.startswith("$"):
        unit = unit_named(unit, sample.get(unit[1:]))
    name = _name(path[1:] if is_alone else path)
    steps = "".join(f"[{json.dumps(part)}]" for part in path)
    config = {
        "name": name,
        "state_topic": device.report("SENSOR"),
        "value_template": f"{{{{ {_READINGS}{steps} }}}}",
        "device_class": device_class or None,
        "unit_of_measurement": unit or None,
    }
    part = "_".join(str(each) for each in path)
    return announced(device, "sensor", part, f"{device.spoken} {name}", config, (device.reply("STATUS10"),))


def _name(path: Sequence[str | int]) -> str:
    """DewPoint → dew point; places count from 1."""
    words = [str(part + 1) if isinstance(part, int) else _HUMPS.sub(" ", part).replace("_", " ") for part in path]
    return " ".join(word if word.isupper() else word.lower() for word in " ".join(words).split())
