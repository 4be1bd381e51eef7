"""What a discovery payload says about the hardware and about the program that announces it; pure."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.home.longkeys import long_keys


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """The hardware. `key` tells devices apart; it stays when the order of the identifiers changes."""

    key: str = ""
    name: str = ""
    area: str = ""
    identifiers: tuple[str, ...] = ()
    connections: tuple[tuple[str, ...], ...] = ()
    manufacturer: str = ""
    model: str = ""
    sw_version: str = ""
    hw_version: str = ""
    serial_number: str = ""
    via_device: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The program that announces."""

    name: str = ""
    sw_version: str = ""
    support_url: str = ""


def device_of(raw: object) -> DeviceFacts:
    """The device of a payload; without facts when it has none."""
    if not isinstance(raw, dict):
        return DeviceFacts()
    facts = long_keys(raw, "device")
    identifiers = _texts(facts.get("identifiers"))
    connections = _pairs(facts.get("connections"))
    name = _text(facts.get("name"))
    return DeviceFacts(
        key=min(identifiers or tuple(_joined(pair) for pair in connections), default=name),
        name=name,
        area=_text(facts.get("suggested_area")),
        identifiers=identifiers,
        connections=connections,
        **{
            key: _plain(facts.get(key))
            for key in ("manufacturer", "model", "sw_version", "hw_version", "serial_number", "via_device")
        },
    )


def origin_of(raw: object) -> Origin:
    """The origin of a payload; without facts when it has none."""
    if not isinstance(raw, dict):
        return Origin()
    facts = long_keys(raw, "origin")
    return Origin(_text(facts.get("name")), _text(facts.get("sw_version")), _text(facts.get("support_url")))


def _texts(raw: object) -> tuple[str, ...]:
    """Identifiers: a list, or one alone as some programs write it."""
    items = raw if isinstance(raw, list) else [raw]
    return tuple(str(item) for item in items if isinstance(item, str | int) and item != "")


def _pairs(raw: object) -> tuple[tuple[str, ...], ...]:
    pairs = raw if isinstance(raw, list) else []
    return tuple(tuple(str(each) for each in pair) for pair in pairs if isinstance(pair, list) and len(pair) == 2)


def _joined(pair: tuple[str, ...]) -> str:
    return ":".join(pair)


def _text(value: object) -> str:
    """A name as people see it."""
    return " ".join(_plain(value).split())


def _plain(value: object) -> str:
    return "" if isinstance(value, bool) or not isinstance(value, str | int | float) else str(value)
