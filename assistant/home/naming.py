"""What things are called: names as people say them, ids that stay, areas; pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container

from assistant.core.home import AreaId, EntityId
from assistant.home.discovery import Announced, ComponentKey

_SENSORS = frozenset({"sensor", "binary_sensor"})


def name_of(announced: Announced) -> str:
    """Device and entity as people say them, without doubling and without a program's `Area-` in front."""
    if announced.called:
        return announced.called
    area = announced.device.area
    device = _without_area(_spoken(announced.device.name), _spoken(area))
    own = announced.config.raw("name")
    own = _without_area(_spoken(" ".join(own.split())), _spoken(area)) if isinstance(own, str) else ""
    if not own and announced.component in _SENSORS and not _has_null_name(announced):
        own = _spoken(announced.config.text("device_class"))
    if not own:
        return device or _spoken(announced.plain_id)
    if not device or _begins_with(own, device):
        return own
    return f"{device} {own}"


def _has_null_name(announced: Announced) -> bool:
    """A name that is null says: this is the device's main entity."""
    return announced.config.has_null("name")


def _begins_with(text: str, start: str) -> bool:
    """By whole words."""
    rest = text[len(start) :]
    return text[: len(start)].casefold() == start.casefold() and not rest[:1].isalnum()


def _spoken(text: str) -> str:
    return text if " " in text else text.replace("_", " ").strip()


def _without_area(name: str, area: str) -> str:
    """Some programs write `Living_Room-Dimmer`; nobody says that."""
    plain = name.replace("_", " ")
    if not area or plain[: len(area)].casefold() != area.casefold():
        return name
    rest = plain[len(area) :].lstrip()
    own = rest[1:].lstrip() if rest[:1] in {"-", ":", "/"} else ""
    return own or name


def area_id(name: str) -> AreaId:
    """The id of an area, from its name."""
    return AreaId(_slug(name) or name)


def entity_id(announced: Announced, name: str, taken: Container[EntityId]) -> EntityId:
    """From the name; where two share one, the second's is told apart by what it is, not by when it came."""
    slug = _slug(name) or _slug(announced.plain_id) or "unnamed"
    plain = EntityId(f"{announced.component}.{slug}")
    if plain not in taken:
        return plain
    mark = _mark(announced.key)
    return next(
        longer for size in range(4, len(mark) + 1) if (longer := EntityId(f"{plain}_{mark[:size]}")) not in taken
    )


def _mark(key: ComponentKey) -> str:
    text = "\0".join((key.component, key.device, key.unique))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+", "_", plain).strip("_")
