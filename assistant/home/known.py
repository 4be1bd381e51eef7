"""One entity with what announced it: it hears messages, and knows what they make of its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assistant.core.home import Entity, EntityState
from assistant.home.availability import Source, is_available
from assistant.home.config import Config
from assistant.home.discovery import Announced
from assistant.home.faults import Faults
from assistant.home.feeds import Feed, apply_feed
from assistant.home.listening import Heard
from assistant.home.template import TemplateFault
from assistant.home.topics import takes

SENT, SENT_AT = "sent", "sent_at"
"""Attributes of what reports nothing: what it was told to be last, and when."""
LONGEST_S = 366 * 86_400
"""Seconds; whoever says that a measurement holds for longer says that it holds for ever."""


@dataclass(slots=True)
class Known:
    """Owner of one entity's state."""

    entity: Entity
    announced: Announced
    feeds: list[Feed]
    availability: tuple[Source, ...]
    state: EntityState
    is_spoken: bool = True
    """People mean it by name."""
    area: str = ""
    """The name of the area it stands in; empty: in none."""
    heard: dict[str, bool] = field(default_factory=dict)
    """Availability topic → what it said last; the latest that spoke is last."""
    holds_for: timedelta | None = None
    """How long what it tells holds; None: until it tells something else."""
    off_delay: timedelta | None = None
    """How long it stays on by itself; None: for ever."""
    is_expired: bool = False
    """It measured something, but too long ago."""

    @property
    def topics(self) -> set[str]:
        """All that it listens to."""
        return {feed.topic for feed in self.feeds} | {source.topic for source in self.availability}

    def is_spoken_to_on(self, topic: str) -> bool:
        """True for a topic on which it tells its state, whatever a message there says."""
        return any(takes(feed.topic, topic) for feed in self.feeds)

    def hear(self, heard: Heard, faults: Faults, *, but: Sequence[Source] = ()) -> bool:
        """Take over one message; True if it told the state. What is in `but` is passed over: it was heard before."""
        for source in self.availability:
            if takes(source.topic, heard.topic) and source not in but:
                self._hear_availability(source, heard, faults)
        is_told = False
        for feed in self.feeds:
            if takes(feed.topic, heard.topic) and self._hear_state(feed, heard, faults):
                is_told = True
        self.judge()
        return is_told

    def _hear_state(self, feed: Feed, heard: Heard, faults: Faults) -> bool:
        try:
            told = apply_feed(feed, self.state, heard.payload)
        except TemplateFault as error:
            faults.report(feed.topic, "a state message can't be read", str(error))
            return False
        self.is_expired = False
        if told is self.state:
            # it was meant for another, such as the other button of a remote
            return False
        self.state = replace(told, updated_at=self._age(told, heard), is_from_before=False)
        return True

    def _age(self, told: EntityState, heard: Heard) -> datetime:
        """A message that the broker kept is as old as the state that it repeats, as far as that is known."""
        before = self.state
        is_repeated = before.is_from_before and told.value == before.value and before.updated_at is not None
        return before.updated_at if heard.is_retained and is_repeated and before.updated_at else heard.at

    def _hear_availability(self, source: Source, heard: Heard, faults: Faults) -> None:
        try:
            word = source.read(heard.payload)
        except TemplateFault as error:
            faults.report(source.topic, "an availability message can't be read", str(error))
            return
        if word is not None:
            self.heard.pop(source.topic, None)
            self.heard[source.topic] = word

    def judge(self) -> None:
        """Whether it is there, by all that is known."""
        mode = self.announced.config.text("availability_mode", "latest")
        is_there = not self.is_expired and is_available(self.availability, self.heard, mode)
        if is_there != self.state.is_available:
            self.state = replace(self.state, is_available=is_there)

    def note_sent(self, word: str, at: datetime) -> None:
        """It was told to be so, and reports nothing itself: that is no state, but all that is known."""
        self.state = replace(self.state, attributes={**self.state.attributes, SENT: word, SENT_AT: at.isoformat()})

    # ── what lapses ──────────────────────────────────────────────────────────────────────────────

    @property
    def turns_off_after(self) -> timedelta | None:
        """How long it stays on when nobody says that it is off; None: as long as that is so."""
        return self.off_delay if self.state.value == "on" else None

    def expire(self) -> None:
        """What it told holds no longer."""
        self.is_expired = True
        self.state = replace(self.state, value=None)
        self.judge()

    def turn_off(self) -> None:
        """Nobody said that it is off, but it is."""
        self.state = replace(self.state, value="off")


def holds_for(announced: Announced) -> timedelta | None:
    """How long what a component tells holds. Raises ConfigFault."""
    return _span(announced.config, "expire_after") if announced.component in {"sensor", "binary_sensor"} else None


def off_delay(announced: Announced) -> timedelta | None:
    """How long a component stays on by itself. Raises ConfigFault."""
    return _span(announced.config, "off_delay") if announced.component == "binary_sensor" else None


def _span(config: Config, key: str) -> timedelta | None:
    seconds = config.number(key, 0)
    return timedelta(seconds=seconds) if 0 < seconds <= LONGEST_S else None
