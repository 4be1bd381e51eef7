"""What a Tasmota device says of itself in its discovery message: topics, words, relays and names; pure.

The form: tasmota.github.io/docs/MQTT, and what its sources put into `tasmota/discovery/<MAC>/config`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.home.devices import DeviceFacts
from assistant.home.discovery import DiscoveryFault
from assistant.home.topics import is_topic

MANUFACTURER = "Tasmota"
MAX_PARTS = 64
SHUTTER = 3
"""What a relay is for: one of the two of a shutter."""
_CHOSEN_BY_NOBODY = re.compile(r"(?i)(?:tasmota|sonoff)(?:[_ -][0-9a-f]{4,12})?\d{0,2}")
"""Names that the firmware gives."""
_KEPT = re.compile(r"[A-Za-z0-9_.:-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Payloads of its own choosing."""

    off: str
    on: str
    offline: str
    online: str


@dataclass(frozen=True, slots=True)
class TasmotaDevice:
    """One device; all lists count from 0, as its message does."""

    mac: str
    name: str
    topic: str
    full_topic: str
    """With its name in, and `%prefix%` left open."""
    prefixes: tuple[str, str, str]
    """For commands, replies and reports."""
    words: Words
    model: str
    sw_version: str
    friendly_names: tuple[str, ...]
    relays: tuple[int, ...]
    buttons: tuple[int, ...]
    switches: tuple[int, ...]
    switch_names: tuple[str, ...]
    shutter_options: tuple[int, ...]
    shutter_tilts: tuple[tuple[int, ...], ...]
    options: Mapping[str, int]
    """SetOptions that are told, by number."""
    light_subtype: int
    is_linked: bool
    """Colour and white lamps are one light."""
    is_fan: bool
    is_tuya: bool

    @property
    def facts(self) -> DeviceFacts:
        """The hardware."""
        colons = ":".join(self.mac[at : at + 2] for at in range(0, len(self.mac), 2))
        return DeviceFacts(
            key=self.mac,
            name=self.name,
            identifiers=(self.mac,),
            connections=(("mac", colons),),
            manufacturer=MANUFACTURER,
            model=self.model,
            sw_version=self.sw_version,
        )

    def command(self, word: str) -> str:
        """The topic of a command."""
        return self._topic(0, word)

    def reply(self, word: str) -> str:
        """A topic of replies."""
        return self._topic(1, word)

    def report(self, word: str) -> str:
        """A topic of reports that come by themselves."""
        return self._topic(2, word)

    def _topic(self, prefix: int, word: str) -> str:
        return self.full_topic.replace("%prefix%", self.prefixes[prefix]) + word

    def has(self, option: int) -> bool:
        """True if that SetOption is on."""
        return bool(self.options.get(str(option)))

    def friendly_name(self, index: int) -> str:
        """As its user called that relay; empty where nobody did."""
        return self.friendly_names[index] if index < len(self.friendly_names) else ""

    @property
    def tells_readings(self) -> bool:
        """Some of its parts are told among its readings, even if it measures nothing."""
        return SHUTTER in self.relays or any(mode >= 0 for mode in self.switches)

    @property
    def spoken(self) -> str:
        """What people call the device: the first of its names that somebody chose."""
        names = (self.name, self.friendly_name(0), self.topic)
        chosen = next((name for name in names if name and not was_given_by_firmware(name)), self.name or self.topic)
        return " ".join(chosen.replace("_", " ").split())

    def called(self, index: int, how_many: int) -> str:
        """What people call one of its relays or lights: its friendly name, else the device with a number."""
        own = self.friendly_name(index)
        if own and not was_given_by_firmware(own):
            return " ".join(own.split())
        return f"{self.spoken} {index + 1}" if how_many > 1 else self.spoken


def was_given_by_firmware(name: str) -> bool:
    """True for a name that nobody chose."""
    return _CHOSEN_BY_NOBODY.fullmatch(name.strip()) is not None


def device_from(raw: Mapping[str, Any], mac: str) -> TasmotaDevice:
    """The device of a message that came for `mac`. Raises DiscoveryFault."""
    if _text(raw, "mac") != mac:
        raise DiscoveryFault("the address differs from that of the topic")
    topic, prefixes = _text(raw, "t"), _texts(raw, "tp")
    if len(prefixes) < 3 or not all(prefixes):
        raise DiscoveryFault("`tp` has no three prefixes")
    options = raw.get("so")
    return TasmotaDevice(
        mac=mac,
        name=_text(raw, "dn"),
        topic=topic,
        full_topic=_full_topic(raw, topic, mac),
        prefixes=(prefixes[0], prefixes[1], prefixes[2]),
        words=_words(raw),
        model=_text(raw, "md"),
        sw_version=_text(raw, "sw"),
        friendly_names=_texts(raw, "fn"),
        relays=_numbers(raw.get("rl")),
        buttons=_numbers(raw.get("btn")),
        switches=_numbers(raw.get("swc")),
        switch_names=_texts(raw, "swn"),
        shutter_options=_numbers(raw.get("sho")),
        shutter_tilts=tuple(_numbers(each) for each in _list(raw.get("sht"))),
        options={str(key): _number(value) for key, value in options.items()} if isinstance(options, dict) else {},
        light_subtype=_number(raw.get("lt_st")),
        is_linked=bool(_number(raw.get("lk"))),
        is_fan=bool(_number(raw.get("if"))),
        is_tuya=bool(_number(raw.get("ty"))),
    )


def _words(raw: Mapping[str, Any]) -> Words:
    off, on = (*_texts(raw, "state")[:2], "", "")[:2]
    return Words(off or "OFF", on or "ON", _text(raw, "ofln") or "Offline", _text(raw, "onln") or "Online")


def _full_topic(raw: Mapping[str, Any], topic: str, mac: str) -> str:
    full = _text(raw, "ft")
    if "%prefix%" not in full or not topic:
        raise DiscoveryFault("`ft` has no %prefix%, or there is no `t`")
    for mark, text in (("%hostname%", _text(raw, "hn")), ("%id%", mac[-6:]), ("%topic%", topic)):
        full = full.replace(mark, text)
    full = full if full.endswith("/") else f"{full}/"
    if not is_topic(full.replace("%prefix%", "stat")):
        raise DiscoveryFault("`ft` and `t` make no topic")
    return full


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; what is none is empty, so that places stay."""
    return tuple(each if isinstance(each, str) else "" for each in _list(raw.get(key)))


def _numbers(raw: object) -> tuple[int, ...]:
    return tuple(_number(each) for each in _list(raw))


def _number(raw: object) -> int:
    return raw if isinstance(raw, int) and abs(raw) < 10**6 else 0


def _list(raw: object) -> list[object]:
    return raw[:MAX_PARTS] if isinstance(raw, list) else []


def address_in(topic: str, prefix: str) -> tuple[str, str]:
    """The address of a device and what its message is about: config or sensors. Raises DiscoveryFault."""
    mac, _, about = topic.removeprefix(f"{prefix}/").partition("/")
    if about not in {"config", "sensors"} or not _KEPT.fullmatch(mac):
        raise DiscoveryFault("the topic has not the form of Tasmota's discovery")
    return mac, about
