"""At which sites nobody is to be listened to, and why."""

from __future__ import annotations

from assistant.home.hermes_reading import Toggle
from assistant.home.hermes_sites import MAX_SITES

MAX_REASONS = 8


class Switches:
    """Several may switch a site off, each for a reason of its own."""

    def __init__(self) -> None:
        self._off: dict[str, set[str]] = {}

    def is_off(self, site: str) -> bool:
        """True while there is a reason."""
        return site in self._off

    def off(self, toggle: Toggle) -> None:
        """Sound of that site is not listened to, until the same reason switches it on."""
        if toggle.site in self._off or len(self._off) < MAX_SITES:
            reasons = self._off.setdefault(toggle.site, set())
            if len(reasons) < MAX_REASONS:
                reasons.add(toggle.reason)

    def on(self, toggle: Toggle) -> None:
        """Without a reason it is on, whatever switched it off."""
        reasons = self._off.get(toggle.site, set())
        reasons.discard(toggle.reason)
        if not toggle.reason or not reasons:
            self._off.pop(toggle.site, None)
