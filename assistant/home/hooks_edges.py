"""When a condition counts as news: on its edge, once it has held long enough, and not too often; pure."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field

_LOGGER = logging.getLogger(__name__)
STORM_S = 60.0
STORM = 20
"""All hooks together fire no more often than that in so many seconds."""


@dataclass(slots=True)
class Edge:
    """Fed with what is so; seconds are monotonic."""

    for_s: float = 0.0
    is_momentary: bool = False
    was: bool | None = None
    since_s: float | None = None
    """It became so then, and has not fired yet."""

    def feed(self, is_so: bool | None, now_s: float) -> bool:
        """True when it fires now. The first word that is known is where it stands, no news, unless it is momentary."""
        if is_so is None:
            return False
        was, self.was = self.was, is_so
        if not is_so:
            self.since_s = None
        elif was is False or (was is None and self.is_momentary):
            self.since_s = now_s
        return self.due(now_s)

    def due(self, now_s: float) -> bool:
        """True, once, when it has held long enough."""
        if self.since_s is None or now_s - self.since_s < self.for_s:
            return False
        self.since_s = None
        return True

    @property
    def due_at_s(self) -> float | None:
        """When it will have held long enough; None: it does not hold, or has fired."""
        return None if self.since_s is None else self.since_s + self.for_s


@dataclass(slots=True)
class Damper:
    """Keeps one hook from firing again too soon, and all of them from a storm."""

    dropped: int = 0
    is_storm: bool = False
    """All hooks together fired too often."""
    _last_s: dict[str, float] = field(default_factory=dict)
    _recent_s: deque[float] = field(default_factory=deque)

    def lets(self, key: str, quiet_s: float, now_s: float) -> bool:
        """True if the hook of that key may fire now; it then has."""
        last_s = self._last_s.get(key)
        while self._recent_s and now_s - self._recent_s[0] >= STORM_S:
            self._recent_s.popleft()
        is_storm = len(self._recent_s) >= STORM
        if is_storm and not self.is_storm:
            _LOGGER.warning("hooks fire too often; some are left out until there are fewer", extra={"names": key})
        self.is_storm = is_storm
        if is_storm or (last_s is not None and now_s - last_s < quiet_s):
            self.dropped += 1
            return False
        self._last_s[key] = now_s
        self._recent_s.append(now_s)
        return True

    def forget(self, key: str) -> None:
        """That hook is gone."""
        self._last_s.pop(key, None)
