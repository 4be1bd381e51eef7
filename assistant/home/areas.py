"""The user's own file of what things are called and where they stand (`home.toml`), read whole or refused whole.

[areas]
Study = { aliases = ["office"], floor = "Upstairs" }
[floors]
Upstairs = { aliases = ["first floor"] }
[things."Desk lamp"]    # a name, id or address as announced; * stands for any letters
name = "Reading light"
area = "Study"
aliases = ["lamp on the desk"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from assistant.core.errors import ConfigError
from assistant.core.home import Area, AreaId, Floor, FloorId, HomeView
from assistant.home.naming import area_id

MAX_NAME = 80
_TABLES = ("areas", "floors", "things")
_KEYS = {"areas": ("aliases", "floor"), "floors": ("aliases",), "things": ("name", "area", "aliases")}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave a thing; empty: nothing."""

    name: str = ""
    area: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a floor that the file names."""

    name: str
    aliases: tuple[str, ...] = ()
    floor: str = ""


@dataclass(frozen=True, slots=True)
class HomeFile:
    """All that stands in the file."""

    areas: tuple[Place, ...] = ()
    floors: tuple[Place, ...] = ()
    things: Mapping[str, Given] = field(default_factory=dict)
    """By name, id or address as announced, folded."""
    patterns: tuple[tuple[str, Given], ...] = ()
    """Those with a *, in their order."""

    def given_to(self, names: Iterable[str]) -> Given:
        """What the file gives a thing that is announced under any of these names; the first that it knows counts."""
        folded = [folded_name(name) for name in names if name]
        exact = next((self.things[name] for name in folded if name in self.things), None)
        if exact is not None or not self.patterns:
            return exact or Given()
        found = (given for pattern, given in self.patterns if any(fnmatchcase(name, pattern) for name in folded))
        return next(found, Given())

    def area_named(self, name: str) -> str:
        """The area's name, if the file knows it by that name or another; else as it was given."""
        return next((area.name for area in self.areas if _is_named(area, name)), name)

    def dressed(self, view: HomeView) -> HomeView:
        """The view with the file's areas, their other names, and its floors."""
        own = {area_id(area.name): area for area in self.areas}
        areas = {area.id: _dressed(area, own.get(area.id)) for area in view.areas}
        for id_, place in own.items():
            areas.setdefault(id_, _dressed(Area(id_, place.name), place))
        named = {_floor_id(area.floor): Place(area.floor) for area in self.areas if area.floor}
        floors = named | {_floor_id(place.name): place for place in self.floors}
        return replace(
            view,
            areas=tuple(sorted(areas.values(), key=lambda area: area.name)),
            floors=tuple(Floor(id_, place.name, place.aliases) for id_, place in sorted(floors.items())),
        )


def folded_name(name: str) -> str:
    """Names are compared in any case, with spaces or underscores."""
    return " ".join(name.replace("_", " ").casefold().split())


def _is_named(place: Place, name: str) -> bool:
    return folded_name(name) in {folded_name(each) for each in (place.name, *place.aliases)}


def _dressed(area: Area, place: Place | None) -> Area:
    if place is None:
        return area
    return Area(AreaId(area.id), place.name, place.aliases, _floor_id(place.floor) if place.floor else None)


def _floor_id(name: str) -> FloorId:
    return FloorId(area_id(name))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def read_home_file(text: str, where: str) -> HomeFile:
    """The file. Raises ConfigError, which lists every fault; `where` names the file in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} can't be read", why=str(error), fix="correct that line") from error
    reading = _Reading()
    file = reading.whole(raw)
    if reading.faults:
        raise ConfigError(
            f"{where} can't be used:\n  " + "\n  ".join(reading.faults),
            fix="correct these; until then the old names stay",
        )
    return file


class _Reading:
    """Reads all that can be read, and keeps what is wrong with the rest."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def whole(self, raw: Mapping[str, object]) -> HomeFile:
        for key in raw.keys() - set(_TABLES):
            self._unknown(key, key, _TABLES)
        areas = [Place(name, self._aliases(keys, where), self._text(keys, "floor", where))
                 for name, where, keys in self._entries(raw, "areas")]  # fmt: skip
        floors = [Place(name, self._aliases(keys, where)) for name, where, keys in self._entries(raw, "floors")]
        self._twice("areas", areas)
        self._twice("floors", floors)
        things = {
            folded_name(name): Given(
                self._text(keys, "name", where), self._text(keys, "area", where), self._aliases(keys, where)
            )
            for name, where, keys in self._entries(raw, "things")
        }
        return HomeFile(
            tuple(areas),
            tuple(floors),
            {name: given for name, given in things.items() if "*" not in name},
            tuple((name, given) for name, given in things.items() if "*" in name),
        )

    def _entries(self, raw: Mapping[str, object], table: str) -> Iterator[tuple[str, str, Mapping[str, object]]]:
        entries = raw.get(table, {})
        if not isinstance(entries, dict):
            self.faults.append(f"{table} is no table")
            return
        for name, keys in entries.items():
            where = f'{table}."{name}"'
            if not folded_name(name) or len(name) > MAX_NAME:
                self.faults.append(f"{where}: a name has 1 to {MAX_NAME} letters")
            elif not isinstance(keys, dict):
                self.faults.append(f"{where} is no table; write {name!r} = {{ … }}")
            else:
                for key in keys.keys() - set(_KEYS[table]):
                    self._unknown(f"{where}.{key}", key, _KEYS[table])
                yield name, where, keys

    def _text(self, keys: Mapping[str, object], key: str, where: str) -> str:
        value = keys.get(key, "")
        return self._checked(value, f"{where}.{key}", may_be_empty=key not in keys)

    def _aliases(self, keys: Mapping[str, object], where: str) -> tuple[str, ...]:
        values = keys.get("aliases", [])
        if not isinstance(values, list):
            self.faults.append(f"{where}.aliases is no list of texts")
            return ()
        return tuple(self._checked(value, f"{where}.aliases", may_be_empty=False) for value in values)

    def _checked(self, value: object, where: str, *, may_be_empty: bool) -> str:
        text = " ".join(value.split()) if isinstance(value, str) else ""
        if not isinstance(value, str) or len(text) > MAX_NAME or not (text or may_be_empty):
            self.faults.append(f"{where} = {value!r}: a text of 1 to {MAX_NAME} letters is expected")
        return text

    def _unknown(self, where: str, key: str, known: Sequence[str]) -> None:
        near = get_close_matches(key, known, 1)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        self.faults.append(f"{where} is not known; {meant}")

    def _twice(self, table: str, places: Sequence[Place]) -> None:
        seen: dict[str, str] = {}
        for place in places:
            for name in {folded_name(each) for each in (place.name, *place.aliases)}:
                if name in seen:
                    self.faults.append(f'{table}: "{name}" names both {seen[name]} and {place.name}')
                seen[name] = place.name
