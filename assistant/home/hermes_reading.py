"""Messages of Hermes read into values, once: what isn't as the protocol says is a fault, never a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

MAX_JSON_BYTES = 64_000
MAX_TEXT = 2_000
MAX_ID = 128
MAX_NAMES = 200
DEFAULT_SITE = "default"
_NOT_IN_TOPICS = re.compile("[/+#\x00-\x1f\x7f\ud800-\udfff]")


class BadMessage(ValueError):
    """A message is not what its topic promises."""


@dataclass(frozen=True, slots=True)
class Told:
    """The JSON object of a message."""

    values: Mapping[str, Any]

    @classmethod
    def from_payload(cls, payload: bytes) -> Told:
        """Raises BadMessage."""
        if len(payload) > MAX_JSON_BYTES:
            raise BadMessage(f"it is longer than {MAX_JSON_BYTES} bytes")
        try:
            values = json.loads(payload, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BadMessage("it is no JSON") from error
        if not isinstance(values, dict):
            raise BadMessage("it is no JSON object")
        return cls(values)

    @property
    def site(self) -> str:
        """Where it is about. Raises BadMessage for what can be no part of a topic."""
        return checked_id(self.text("siteId", MAX_ID) or DEFAULT_SITE)

    def text(self, key: str, limit: int = MAX_TEXT) -> str:
        """A text; empty when there is none. Raises BadMessage."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > limit:
            raise BadMessage(f"{key} is no text of at most {limit} letters")
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise BadMessage(f"{key} holds halves of letters")
        return value

    def id(self, key: str) -> str:
        """Some party's name for something; empty when there is none. Raises BadMessage."""
        value = self.text(key, MAX_ID)
        return checked_id(value) if value else ""

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no. Raises BadMessage."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise BadMessage(f"{key} is neither true nor false")
        return value

    def number(self, key: str, default: float) -> float:
        """A number from 0 to 1; what lies outside is brought in. Raises BadMessage."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadMessage(f"{key} is no number")
        return float(min(1, max(0, value)))

    def names(self, key: str) -> frozenset[str]:
        """A list of names; empty when there is none. Raises BadMessage."""
        value = self.values.get(key)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or len(value) > MAX_NAMES or not all(isinstance(each, str) for each in value):
            raise BadMessage(f"{key} is no list of at most {MAX_NAMES} names")
        return frozenset(value)

    def part(self, key: str) -> Told:
        """An object within. Raises BadMessage."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise BadMessage(f"{key} is no object")
        return Told(value)


def checked_id(text: str) -> str:
    """The text, if it can be one level of a topic. Raises BadMessage."""
    if not text or len(text) > MAX_ID or _NOT_IN_TOPICS.search(text):
        raise BadMessage("an id holds what can be no part of a topic")
    return text


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


@dataclass(frozen=True, slots=True)
class Detected:
    """A satellite heard its wake word."""

    site: str
    wake_word: str
    session_id: str = ""
    """The one that the satellite wants; empty: any."""

    @classmethod
    def read(cls, told: Told, wake_word: str) -> Detected:
        """Raises BadMessage."""
        return cls(told.site, checked_id(wake_word), told.id("sessionId"))


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody wants a session."""

    site: str
    text: str
    intents: frozenset[str]
    is_notification: bool
    can_wait: bool
    tells_unknown: bool
    custom: object
    session_id: str = ""
    """Ours, given when it had to wait."""

    @classmethod
    def read(cls, told: Told) -> Start:
        """Raises BadMessage."""
        init = told.part("init")
        return cls(
            told.site,
            init.text("text").strip(),
            init.names("intentFilter"),
            init.text("type") == "notification",
            init.flag("canBeEnqueued", default=True),
            init.flag("sendIntentNotRecognized", default=False),
            told.values.get("customData"),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A skill goes on with a session, or ends it."""

    session_id: str
    text: str
    intents: frozenset[str]
    tells_unknown: bool
    custom: object
    """None: as it was."""

    @classmethod
    def read(cls, told: Told) -> Step:
        """Raises BadMessage."""
        return cls(
            told.id("sessionId"),
            told.text("text").strip(),
            told.names("intentFilter"),
            told.flag("sendIntentNotRecognized", default=False),
            told.values.get("customData"),
        )


@dataclass(frozen=True, slots=True)
class Listen:
    """Somebody's words are to be recognised."""

    site: str
    session_id: str
    stops_on_silence: bool = True
    wake_word: str = ""

    @classmethod
    def read(cls, told: Told) -> Listen:
        """Raises BadMessage."""
        return cls(
            told.site, told.id("sessionId"), told.flag("stopOnSilence", default=True), told.text("wakewordId", MAX_ID)
        )


@dataclass(frozen=True, slots=True)
class Captured:
    """A satellite's own recogniser heard words."""

    site: str
    session_id: str
    text: str
    likelihood: float

    @classmethod
    def read(cls, told: Told) -> Captured:
        """Raises BadMessage."""
        return cls(told.site, told.id("sessionId"), told.text("text").strip(), told.number("likelihood", 1.0))


@dataclass(frozen=True, slots=True)
class Query:
    """Words are to be understood, and nothing done."""

    site: str
    text: str
    id: str
    session_id: str
    intents: frozenset[str]
    custom: object

    @classmethod
    def read(cls, told: Told) -> Query:
        """Raises BadMessage."""
        return cls(
            told.site,
            told.text("input").strip(),
            told.text("id", MAX_ID),
            told.id("sessionId"),
            told.names("intentFilter"),
            told.values.get("customData"),
        )


@dataclass(frozen=True, slots=True)
class Say:
    """Words are to be spoken at a site."""

    site: str
    text: str
    id: str
    session_id: str
    volume: float = 1.0

    @classmethod
    def read(cls, told: Told) -> Say:
        """Raises BadMessage."""
        return cls(
            told.site, told.text("text").strip(), told.id("id"), told.id("sessionId"), told.number("volume", 1.0)
        )


@dataclass(frozen=True, slots=True)
class Toggle:
    """Hearing is switched on or off; who switched it off with a reason switches it on with the same."""

    site: str
    reason: str

    @classmethod
    def read(cls, told: Told) -> Toggle:
        """Raises BadMessage."""
        return cls(told.site, told.text("reason", MAX_ID))


@dataclass(frozen=True, slots=True)
class Finished:
    """Something was spoken or played at a site."""

    site: str
    id: str

    @classmethod
    def read(cls, told: Told) -> Finished:
        """Raises BadMessage."""
        return cls(told.site, told.text("id", MAX_ID))
