"""What things are called and where they stand: what was said wins over the user's file, that over the bridge's word,
that over what a device announces."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assistant.core.errors import ConfigError, InputError
from assistant.core.home import HomeView
from assistant.home.areas import MAX_NAME, Given, HomeFile, folded_name, read_home_file
from assistant.home.discovery import Announced
from assistant.home.entities import Said
from assistant.home.kept_names import KeptNames, load_names, save_names
from assistant.home.naming import area_id, name_of

_LOGGER = logging.getLogger(__name__)
MIN_AREA = 3
"""Letters of an area in front of a name: `AC/DC adapter` stands nowhere."""
_NO_AREAS = frozenset({"off", "out"})
"""What stands around a slash in names of things."""

_NOTHING = Given()


class Names:
    """Use as the registry's Saying: `names(announced)`. Without files nothing is kept and nothing is read."""

    def __init__(self, kept: Path | None = None, file: Path | None = None) -> None:
        self._kept_file = kept
        self._file = file
        self._kept = load_names(kept) if kept is not None else KeptNames()
        self._own = HomeFile()
        self._seen: tuple[int, int] | None = None
        """When the user's file was changed last, and its size."""
        self._told: dict[str, Mapping[str, str]] = {}
        """Source → area by device identifier."""
        self._lock = asyncio.Lock()
        self.reload()

    def __call__(self, announced: Announced) -> Said:
        """Name, area and other names."""
        split_area, split_name = _split(announced.device.name)
        plain = name_of(announced)
        name = _renamed(plain, announced.device.name, split_name) if split_area else plain
        device, entity = self._given(announced, plain)
        if device.name:
            name = _renamed(name, split_name or announced.device.name, device.name)
        name = entity.name or name
        area = entity.area or device.area or self._area_told(announced) or announced.device.area or split_area
        area = self._own.area_named(_spoken(area)) if area else ""
        # other names of a device mean what it is there for, not the sensors in it
        aliases = (*entity.aliases, *(device.aliases if _is_main(plain, announced) else ()), plain.replace("/", " "))
        return Said(name, area, _others(name, aliases))

    def _given(self, announced: Announced, plain: str) -> tuple[Given, Given]:
        """What was given to the device, and to the entity."""
        device, key = announced.device, announced.key
        by_voice = self._kept.devices.get(device.key, _NOTHING), self._kept.entities.get(key, _NOTHING)
        if not (self._own.things or self._own.patterns):
            return by_voice
        addresses = (part for identifier in device.identifiers for part in (identifier, identifier.rpartition("_")[2]))
        in_file = (
            self._own.given_to((device.name, *_split(device.name)[1:], *addresses)),
            self._own.given_to((plain, announced.config.text("unique_id"), f"{key.component}.{area_id(plain)}")),
        )
        if _is_main(plain, announced):
            in_file = (_over(*in_file), _NOTHING)
        return _over(by_voice[0], in_file[0]), _over(by_voice[1], in_file[1])

    def _area_told(self, announced: Announced) -> str:
        found = (areas.get(each, "") for areas in self._told.values() for each in announced.device.identifiers)
        return next((area for area in found if area), "")

    def told(self, source: str, areas: Mapping[str, str]) -> frozenset[str]:
        """A bridge tells where devices stand, by identifier; gives those for which that is news."""
        before, self._told[source] = self._told.get(source, {}), areas
        return frozenset(each for each in before.keys() | areas.keys() if before.get(each) != areas.get(each))

    def dressed(self, view: HomeView) -> HomeView:
        """The view with the areas, their other names and the floors of the user's file."""
        return self._own.dressed(view)

    # ── given by voice ───────────────────────────────────────────────────────────────────────────

    async def rename(self, announced: Announced, name: str) -> None:
        """From now on it is called so; empty: as before. The other parts of a device follow its main one.
        Raises StoreError; then nothing changed."""
        async with self._lock:
            device, entity = self._kept_of(announced)
            if announced.device.key and _is_main(name_of(announced), announced):
                await self._keep(self._kept.with_device(announced.device.key, replace(device, name=name)))
            else:
                await self._keep(self._kept.with_entity(announced.key, replace(entity, name=name)))

    async def place(self, announced: Announced, area: str) -> None:
        """From now on its device stands there; empty: as before. Raises StoreError; then nothing changed."""
        async with self._lock:
            device, entity = self._kept_of(announced)
            if announced.device.key:
                await self._keep(self._kept.with_device(announced.device.key, replace(device, area=area)))
            else:
                await self._keep(self._kept.with_entity(announced.key, replace(entity, area=area)))

    def _kept_of(self, announced: Announced) -> tuple[Given, Given]:
        kept = self._kept
        return kept.devices.get(announced.device.key, _NOTHING), kept.entities.get(announced.key, _NOTHING)

    async def _keep(self, kept: KeptNames) -> None:
        if self._kept_file is not None:
            await asyncio.to_thread(save_names, self._kept_file, kept)
        self._kept = kept

    # ── the user's file ──────────────────────────────────────────────────────────────────────────

    def reload(self) -> bool:
        """Read the user's file if it changed since; true if names may have changed. One that can't be used is told in
        the log once, and what was read before stays."""
        if self._file is None or (seen := _seen(self._file)) == self._seen:
            return False
        self._seen = seen
        try:
            self._own = read_home_file(self._file.read_text(encoding="utf-8"), str(self._file)) if seen else HomeFile()
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            _LOGGER.error("the file of names can't be used", extra={"error": str(error)})
            return False
        return True


def _is_main(plain: str, announced: Announced) -> bool:
    """True for what a device is there for: it is called as the device is."""
    return folded_name(plain) == folded_name(announced.device.name)


def usable_name(text: str) -> str:
    """A name or area as somebody gave it, without needless spaces; empty stays empty. Raises InputError."""
    name = " ".join(text.split())
    if len(name) > MAX_NAME or not all(letter.isprintable() for letter in name):
        raise InputError("that is no name", why=f"a name has at most {MAX_NAME} letters", fix="choose a shorter one")
    return name


def _seen(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _split(name: str) -> tuple[str, str]:
    """`area/name`, as people name things in Zigbee2MQTT; no area: ("", "")."""
    area, _, rest = name.partition("/")
    area, rest = _spoken(area), _spoken(rest.replace("/", " "))
    is_area = len(area) >= MIN_AREA and rest and not {area.casefold(), rest.casefold().split()[0]} & _NO_AREAS
    return (area, rest) if is_area else ("", "")


def _spoken(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _renamed(name: str, old: str, new: str) -> str:
    """The name with its device's part replaced; one that doesn't begin with it stays."""
    old = _spoken(old)
    if _spoken(name)[: len(old)].casefold() != old.casefold():
        return name
    return f"{new}{_spoken(name)[len(old) :]}"


def _over(first: Given, then: Given) -> Given:
    """What `first` leaves open, `then` gives."""
    return Given(first.name or then.name, first.area or then.area, (*first.aliases, *then.aliases))


def _others(name: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Other names, each once, without the name itself."""
    kept = {folded_name(other): other for other in reversed(others) if folded_name(other) != folded_name(name)}
    return tuple(reversed(kept.values()))
