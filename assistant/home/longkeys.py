"""Writes out the short forms of discovery: abbreviated keys, and `~` for the base topic; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def long_keys(raw: Mapping[str, Any], table: str) -> dict[str, Any]:
    """The keys of a component, device or origin in their long form; a long key wins over its short form."""
    names = _abbreviations()[table]
    config = {names.get(key, key): value for key, value in raw.items()}
    return config | {key: value for key, value in raw.items() if key not in names}


def component_keys(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a component, with its list of availability topics."""
    config = long_keys(raw, "component")
    items = config.get("availability")
    if isinstance(items, dict):
        items = [items]
    if isinstance(items, list):
        config["availability"] = [long_keys(item, "availability") if isinstance(item, dict) else item for item in items]
    return config


def without_base(config: dict[str, Any]) -> dict[str, Any]:
    """`~` at the start or end of a topic stands for the base topic."""
    base = config.get("~")
    if not isinstance(base, str) or not base:
        return config
    return {key: _expanded(key, value, base) for key, value in config.items()}


def _expanded(key: str, value: object, base: str) -> object:
    if isinstance(value, str) and key.endswith("topic"):
        if value.startswith("~"):
            return base + value[1:]
        return value[:-1] + base if value.endswith("~") else value
    if key == "availability" and isinstance(value, list):
        return [
            {k: _expanded(k, v, base) for k, v in item.items()} if isinstance(item, dict) else item for item in value
        ]
    return value


@cache
def _abbreviations() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "abbreviations.toml").read_text(encoding="utf-8"))
