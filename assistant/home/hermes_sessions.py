"""Talks with sites: one at a time per site, and who waits for their turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.home.hermes_reading import Start

MAX_QUEUED = 8
"""Sessions that may wait at one site."""


class Reason(StrEnum):
    """Why a session ended."""

    NOMINAL = "nominal"
    ABORTED = "abortedByUser"
    UNKNOWN = "intentNotRecognized"
    TIMEOUT = "timeout"
    ERROR = "error"


@dataclass(slots=True)
class Session:
    """One talk with one site."""

    id: str
    site: str
    deadline_s: float
    custom: object = None
    wake_word: str = ""
    intents: frozenset[str] = frozenset()
    """Only these count; empty: all."""
    is_skills: bool = False
    """A skill began it, and gets what is understood."""
    tells_unknown: bool = False
    is_listening: bool = False
    """Words are waited for; those that come else are an echo, or too late."""
    is_asked: bool = False
    """We asked something: the words that come are its answer, whatever else they may mean."""
    say_id: str = ""
    is_ending: bool = False
    """It is over once the present words are said."""


class Sessions:
    """Those that go on, by site, and those that wait."""

    def __init__(self) -> None:
        self._by_site: dict[str, Session] = {}
        self._queued: dict[str, deque[Start]] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._by_site.values()))

    @property
    def sites(self) -> tuple[str, ...]:
        """Where a session goes on."""
        return tuple(self._by_site)

    def at(self, site: str) -> Session | None:
        """The one that goes on there."""
        return self._by_site.get(site)

    def of(self, session_id: str) -> Session | None:
        """The one of that id."""
        return next((each for each in self._by_site.values() if session_id and each.id == session_id), None)

    def goes_on(self, session: Session) -> bool:
        """False once it has ended."""
        return self._by_site.get(session.site) is session

    def begin(self, session: Session) -> None:
        """It goes on from now on."""
        self._by_site[session.site] = session

    def end(self, session: Session) -> None:
        """It goes on no more."""
        del self._by_site[session.site]

    def queue(self, start: Start) -> bool:
        """Let it wait; False when too many do."""
        queue = self._queued.setdefault(start.site, deque())
        if len(queue) >= MAX_QUEUED:
            return False
        queue.append(start)
        return True

    def next_at(self, site: str) -> Start | None:
        """Take the one that has waited longest there."""
        queue = self._queued.get(site)
        start = queue.popleft() if queue else None
        if not queue:
            self._queued.pop(site, None)
        return start

    def clear(self) -> None:
        """All are gone."""
        self._by_site.clear()
        self._queued.clear()
