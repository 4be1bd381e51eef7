"""What is waited for in the home, and what is then to be done; as values, and as the JSON in which they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from assistant.core.errors import InputError
from assistant.core.home import AreaId, EntityId, EntityState

HOOKS_SKILL = "hooks"
"""The skill in whose notebook watches are kept, and whose words tell them."""


class Sense(StrEnum):
    """How a state is looked at."""

    IS = "is"
    """It is one of `words`; without any it is whatever it tells."""
    ABOVE = "above"
    """It is a number above `limit`."""
    BELOW = "below"
    """It is a number below `limit`."""
    ENDED = "ended"
    """A device that drew more than `RUNNING_W` draws less than `limit`."""


class Deed(StrEnum):
    """What is done then."""

    TELL = "tell"
    """Tell what came to pass."""
    SAY = "say"
    """Say `text`."""
    REMIND = "remind"
    """Remind of `text`: it rings, and is kept when nobody answers."""
    RUN = "run"
    """Take `text` as a command."""


RUNNING_W = 10.0
"""A machine that draws so many watts is at work."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that somebody waits for by voice."""

    id: str
    entity_id: EntityId
    name: str
    """What it is called when it is told."""
    event: str
    """What is to happen (opens, done, above, …): part of the key of the words that tell it."""
    sense: Sense = Sense.IS
    words: tuple[str, ...] = ()
    limit: float = 0.0
    for_s: float = 0.0
    """It must hold for so long."""
    is_momentary: bool = False
    """It is no lasting state (a ring, a motion): the first word of it is news, whatever was before."""
    is_standing: bool = False
    """Every time, not only the next."""
    deed: Deed = Deed.TELL
    text: str = ""
    language: str = "en"
    area_id: AreaId | None = None
    zone: str = "UTC"
    was: bool | None = None
    """Whether it was so when last looked at; None: unknown."""

    def holds(self, state: EntityState) -> bool | None:
        """Whether it is so; None where the state doesn't say."""
        if state.value is None or not state.is_available:
            return None
        if self.sense is Sense.IS:
            return not self.words or state.value.casefold() in self.words
        try:
            number = float(state.value)
        except ValueError:
            return None
        match self.sense:
            case Sense.ABOVE:
                return number > self.limit
            case Sense.BELOW:
                return number < self.limit
            case Sense.ENDED:
                return True if number < self.limit else False if number > RUNNING_W else None

    def having_been(self, was: bool | None) -> Watch:
        """The same, with what was seen last."""
        return replace(self, was=was)

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Watch:
        """What was kept. Raises InputError for what is no watch."""
        try:
            raw = json.loads(text)
            if not isinstance(raw, dict):
                raise TypeError("no JSON object")
            return cls(**_typed(raw))
        except (ValueError, TypeError, KeyError) as error:
            raise InputError("a kept watch can't be read", why=str(error)) from error


def _typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.name for each in fields(Watch)}
    values = {name: value for name, value in raw.items() if name in known}
    values |= {"sense": Sense(raw["sense"]), "deed": Deed(raw["deed"]), "words": tuple(map(str, raw["words"]))}
    values |= {"limit": float(raw["limit"]), "for_s": float(raw["for_s"])}
    return values
