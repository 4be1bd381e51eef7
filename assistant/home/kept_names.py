"""Names and areas that were given by voice or from the command line: kept in a file, written whole."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from assistant.core.errors import StoreError
from assistant.home.areas import Given
from assistant.home.discovery import ComponentKey

VERSION = 1
_LOGGER = logging.getLogger(__name__)
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class KeptNames:
    """What was given to devices (by their key) and to single entities of them."""

    devices: Mapping[str, Given] = field(default_factory=dict)
    entities: Mapping[ComponentKey, Given] = field(default_factory=dict)

    def with_device(self, key: str, given: Given) -> KeptNames:
        """The same, but for that device."""
        return KeptNames(_with(self.devices, key, given), self.entities)

    def with_entity(self, key: ComponentKey, given: Given) -> KeptNames:
        """The same, but for that entity."""
        return KeptNames(self.devices, _with(self.entities, key, given))


def _with(table: Mapping[_Key, Given], key: _Key, given: Given) -> dict[_Key, Given]:
    rest = {each: value for each, value in table.items() if each != key}
    return rest if given == Given() else rest | {key: given}


def load_names(file: Path) -> KeptNames:
    """What the file holds; nothing when there is none. A damaged one is put aside and told in the log."""
    try:
        return _names_from(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return KeptNames()
    except OSError as error:
        _LOGGER.error("the file of given names can't be read", extra={"file": str(file), "why": str(error)})
        return KeptNames()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _put_aside(file, file.with_suffix(".damaged"), str(error))
        return KeptNames()


def _put_aside(file: Path, aside: Path, why: str) -> None:
    _LOGGER.error("the file of given names is damaged", extra={"put_aside": str(aside), "why": why})
    try:
        file.replace(aside)
    except OSError as error:
        fix = f"delete it, or let the assistant's user write to {file.parent}"
        _LOGGER.error("it stays where it is", extra={"file": str(file), "why": error.strerror, "fix": fix})


def save_names(file: Path, names: KeptNames) -> None:
    """Write the file whole; it is on the disk when this returns. Raises StoreError."""
    new = file.with_suffix(".new")
    try:
        # what stands in a home is for nobody else's eyes
        with os.fdopen(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            json.dump(_raw_from(names), stream, ensure_ascii=False, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
    except OSError as error:
        raise StoreError(
            f"names can't be kept in {file}",
            why=error.strerror or str(error),
            fix="let the assistant's user write there",
            may_retry=True,
        ) from error


def _names_from(raw: Any) -> KeptNames:
    return KeptNames(
        {key: _given_from(each) for key, each in raw["devices"].items()},
        {
            ComponentKey(each["component"], each["device"], each["unique"]): _given_from(each)
            for each in raw["entities"]
        },
    )


def _given_from(raw: Any) -> Given:
    name, area = raw.get("name", ""), raw.get("area", "")
    if not isinstance(name, str) or not isinstance(area, str):
        raise TypeError("a name is no text")
    return Given(name, area)


def _raw_from(names: KeptNames) -> dict[str, object]:
    return {
        "version": VERSION,
        "devices": {key: _raw_given(given) for key, given in names.devices.items()},
        "entities": [
            {"component": key.component, "device": key.device, "unique": key.unique, **_raw_given(given)}
            for key, given in names.entities.items()
        ],
    }


def _raw_given(given: Given) -> dict[str, str]:
    return {key: value for key, value in (("name", given.name), ("area", given.area)) if value}
