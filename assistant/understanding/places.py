"""Names of cities and zones → keys of the time zone database."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from zoneinfo import available_timezones


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    aliases = tomllib.loads(files("assistant.understanding").joinpath("words", "places.toml").read_text("utf-8"))
    zones: dict[str, str] = {}
    for key in sorted(available_timezones()):
        region, _, city = key.rpartition("/")
        if region and region.split("/")[0] not in ("Etc", "posix", "right", "SystemV", "US"):
            zones.setdefault(city.replace("_", " ").replace("-", " ").casefold(), key)
    return {**zones, **{name: key for names in aliases.values() for name, key in names.items()}}


def place_from(text: str) -> str | None:
    """The zone of the place that the whole text names, else None."""
    return _zones().get(" ".join(text.replace("-", " ").casefold().split()))
