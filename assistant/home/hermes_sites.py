"""Which sites are served, and what each of them does itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assistant.core.settings import HermesSettings

MAX_SITES = 32
"""Sites with a session at one time."""


class Sites:
    """Answers by the settings alone."""

    def __init__(self, settings: HermesSettings) -> None:
        self._settings = settings
        self.own = settings.site

    def serves(self, site: str) -> bool:
        """True for our own site and for satellites that are named; for all where none is."""
        return site == self.own or not self._settings.sites or site in self._settings.sites

    def has_room(self, site: str, busy: Collection[str]) -> bool:
        """False when too many sites talk already."""
        return site in busy or len(busy) < MAX_SITES

    def hears_itself(self, site: str) -> bool:
        """True for a satellite with a recogniser of its own."""
        return fits(site, self._settings.own_ears)

    def speaks_itself(self, site: str) -> bool:
        """True for a satellite with a voice of its own."""
        return site != self.own and fits(site, self._settings.own_voices)


def fits(name: str, patterns: Iterable[str]) -> bool:
    """True when one of them is the name, or ends in `*` and begins the name."""
    return any(name.startswith(each[:-1]) if each.endswith("*") else name == each for each in patterns)
