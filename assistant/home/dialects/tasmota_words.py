"""The table beside this module: what Tasmota's sensors measure, and what its parts are called."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


def word(part: str, number: int) -> str:
    """The name of a part that has none of its own."""
    return str(_table()["words"][part]).replace("{n}", str(number))


def quantity(name: str) -> tuple[str, str]:
    """Device class and unit of what is measured; empty where there is none."""
    device_class, unit = _table()["quantities"].get(name, ("", ""))
    return device_class, unit


def unit_named(key: str, value: object) -> str:
    """The unit that a message names under a key (`$TempUnit`); empty for one that is not known."""
    return str(_table()["units"].get(key, {}).get(value, ""))


@cache
def _table() -> Any:
    return tomllib.loads(Path(__file__).with_name("tasmota.toml").read_text(encoding="utf-8"))
