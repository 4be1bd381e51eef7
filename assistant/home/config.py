"""The keys of one announced component, read with their types: where other people's JSON ends."""

from __future__ import annotations

import math
from collections.abc import Mapping

from assistant.home.topics import is_filter, is_topic


class ConfigFault(ValueError):
    """A key that can't be used; says which. Values of other people are not in the text."""


class Config:
    """Long keys with `~` written out. Readers raise ConfigFault for a value of the wrong kind."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw

    def __contains__(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self._raw == other._raw

    __hash__ = None  # type: ignore[assignment]  # it wraps a dict

    def raw(self, key: str) -> object:
        """As announced, or None."""
        return self._raw.get(key)

    def has_topics(self) -> bool:
        """True if it is connected to anything."""
        return any(key.endswith("topic") and key != "availability_topic" for key in self._raw)

    def topics(self) -> frozenset[str]:
        """The texts of all keys that name a topic, but for those of availability."""
        named = (value for key, value in self._raw.items() if key == "topic" or key.endswith("_topic"))
        elsewhere = self._raw.get("availability_topic")
        return frozenset(value for value in named if isinstance(value, str) and value != elsewhere)

    def payload(self, key: str, default: str) -> str | None:
        """A payload as text; None when it was announced as null: the device can't do that."""
        value = self._raw.get(key, default)
        return None if value is None else str(value)

    def text(self, key: str, default: str = "") -> str:
        """A short text; a number or a truth value is told as Python writes it, as templates do."""
        value = self._raw.get(key)
        return default if value is None else str(value)

    def topic(self, key: str) -> str:
        """A topic to publish on; empty when there is none."""
        return self._topic(key, wild=False)

    def topic_filter(self, key: str) -> str:
        """A topic to listen to, perhaps with wildcards; empty when there is none."""
        return self._topic(key, wild=True)

    def _topic(self, key: str, *, wild: bool) -> str:
        value = self._raw.get(key)
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or not (is_filter(value) if wild else is_topic(value)):
            raise ConfigFault(f"{key} is no topic")
        return value

    def template(self, *keys: str) -> str | None:
        """The first of these templates that is there."""
        found = (self._raw.get(key) for key in keys)
        return next((template for template in found if isinstance(template, str) and template), None)

    def number(self, key: str, default: float) -> float:
        """A finite number; some programs write numbers as text."""
        value = self._raw.get(key)
        if value is None:
            return default
        try:
            number = float(value) if isinstance(value, int | float | str) else math.nan
        except (ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise ConfigFault(f"{key} is no number")
        return number

    def flag(self, key: str) -> bool:
        """True only for a true that was meant as one."""
        value = self._raw.get(key)
        return value is True or (isinstance(value, str) and value.casefold() == "true")

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; others in it are left out."""
        value = self._raw.get(key)
        if not isinstance(value, list):
            return default
        return tuple(item for item in value if isinstance(item, str))

    def has_null(self, key: str) -> bool:
        """True if the key is there, as null."""
        return key in self._raw and self._raw[key] is None
