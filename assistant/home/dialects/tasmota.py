"""Tasmota's own discovery as a dialect: two messages a device, one about its parts and one about its sensors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.home.dialects.tasmota_device import TasmotaDevice, address_in, device_from
from assistant.home.dialects.tasmota_parts import parts_of
from assistant.home.dialects.tasmota_sensors import sensors_of
from assistant.home.discovery import Discovery, DiscoveryFault

PREFIX = "tasmota/discovery"
MAX_BYTES = 50_000
MAX_DEVICES = 1_000
READINGS, STATE = "10", "11"
"""What the command `STATUS` is asked for; the answers come as STATUS10 and STATUS11."""


class TasmotaForm:
    """Use as every dialect. Both messages of a device are told as one, behind the first's topic: the sensors have their
    topics and their name from there."""

    def __init__(self) -> None:
        self.filters: tuple[str, ...] = (f"{PREFIX}/+/config", f"{PREFIX}/+/sensors")
        self._devices: dict[str, TasmotaDevice] = {}
        self._samples: dict[str, Mapping[str, Any]] = {}

    def takes(self, topic: str) -> bool:
        """True for `tasmota/discovery/…`."""
        return topic.startswith(f"{PREFIX}/")

    def read(self, topic: str, payload: bytes) -> tuple[Discovery]:
        """One message. Raises DiscoveryFault."""
        mac, about = address_in(topic, PREFIX)
        raw = _parsed(payload) if payload else None
        if mac not in self._devices and mac not in self._samples and self._is_full():
            raise DiscoveryFault("there are too many devices")
        if about == "config":
            self._take_device(mac, raw)
        else:
            self._take_sample(mac, raw)
        return (replace(self._told(mac), asks=self._asks(mac, about)),)

    def _asks(self, mac: str, about: str) -> tuple[tuple[str, str], ...]:
        """What makes it tell its state: by itself it does so every five minutes, as it comes."""
        device = self._devices.get(mac)
        if device is None:
            return ()
        ask = device.command("STATUS")
        sample = self._samples.get(mac, {})
        has_readings = device.tells_readings or any(isinstance(each, dict) for each in sample.values())
        parts = ((ask, STATE),) if about == "config" else ()
        return (*parts, (ask, READINGS)) if has_readings else parts

    def _is_full(self) -> bool:
        return len(self._devices | self._samples) >= MAX_DEVICES

    def _take_device(self, mac: str, raw: Mapping[str, Any] | None) -> None:
        if raw is None:
            self._devices.pop(mac, None)
        else:
            self._devices[mac] = device_from(raw, mac)

    def _take_sample(self, mac: str, raw: Mapping[str, Any] | None) -> None:
        if raw is None:
            self._samples.pop(mac, None)
            return
        sample = raw.get("sn")
        if not isinstance(sample, dict):
            raise DiscoveryFault("`sn` is no object")
        self._samples[mac] = sample

    def _told(self, mac: str) -> Discovery:
        topic, device = f"{PREFIX}/{mac}/config", self._devices.get(mac)
        if device is None:
            return Discovery(topic, ())
        return Discovery(topic, (*parts_of(device), *sensors_of(device, self._samples.get(mac, {}))))


def _parsed(payload: bytes) -> Mapping[str, Any]:
    if len(payload) > MAX_BYTES:
        raise DiscoveryFault(f"{len(payload)} bytes are too many")
    try:
        raw = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise DiscoveryFault("not JSON") from error
    if not isinstance(raw, dict):
        raise DiscoveryFault("not a JSON object")
    return raw
