"""Which microphone and which speaker: listing, stable names, and choosing by part of a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from assistant.audio.portaudio import Device, Direction, SoundLibrary, StreamForm
from assistant.core.errors import DeviceMissing, RateRefused

T = TypeVar("T")

OFF = "none"
"""The setting that switches a direction off."""
FALLBACK_RATES_HZ = (48_000, 44_100, 16_000, 32_000, 96_000, 22_050, 8_000)
"""Asked in this order after the device's own rate."""

_ALSA_ADDRESS = re.compile(r" ?[-:]? ?\(hw:\d+,\d+\)$")
_SETTING = {Direction.INPUT: "audio.microphone", Direction.OUTPUT: "audio.speaker"}
_NOUN = {Direction.INPUT: "microphone", Direction.OUTPUT: "speaker"}


def stable_name(device: Device) -> str:
    """Host API and name without ALSA's card number, which changes when things are plugged in another order."""
    return f"{device.host}: {_ALSA_ADDRESS.sub('', device.name)}"


def choose(devices: Sequence[Device], wanted: str, direction: Direction) -> Device:
    """The device whose name is, or else contains, `wanted` (case does not matter); '' is the default device.

    Raises DeviceMissing, which lists what is there.
    """
    noun, setting = _NOUN[direction], _SETTING[direction]
    if not devices:
        raise DeviceMissing(
            f"no {noun} was found",
            why=f"the sound system lists no {direction} device",
            fix=f"plug one in, check that this user is in the group audio, or set {setting} to {OFF!r}",
            may_retry=True,
        )
    if not wanted:
        return next((device for device in devices if device.is_default), devices[0])
    key = wanted.casefold()
    named = [(device, (device.name.casefold(), stable_name(device).casefold())) for device in devices]
    exact = [device for device, names in named if key in names]
    partial = [device for device, names in named if any(key in name for name in names)]
    if not partial:
        raise DeviceMissing(
            f"no {noun} is named {wanted!r}",
            why="there are: " + "; ".join(stable_name(device) for device in devices),
            fix=f"set {setting} to part of one of these names, or plug it in",
            may_retry=True,
        )
    return (exact or partial)[0]


def find(library: SoundLibrary, wanted: str, direction: Direction) -> Device:
    """Choose among the devices that are plugged in now. Raises AudioError or DeviceMissing."""
    is_fresh = library.refresh()
    try:
        return choose(library.devices(direction), wanted, direction)
    except DeviceMissing:
        library.wants_refresh = not is_fresh
        raise


def forms(device: Device, block_s: float) -> list[StreamForm]:
    """How to try to open a device: its own rate first, mono before stereo."""
    rates = dict.fromkeys((device.rate_hz, *FALLBACK_RATES_HZ))
    return [
        StreamForm(device, rate_hz, channels, round(rate_hz * block_s))
        for rate_hz in rates
        for channels in ((1, 2) if device.channels > 1 else (1,))
    ]


def first_accepted(open_stream: Callable[[StreamForm], T], tries: Sequence[StreamForm]) -> tuple[T, StreamForm]:
    """Open in the first form that is not refused. Raises RateRefused if all are, other errors at once."""
    refusal: RateRefused | None = None
    for form in tries:
        try:
            return open_stream(form), form
        except RateRefused as error:
            refusal = error
    device = tries[0].device
    raise RateRefused(
        f"the {_NOUN[device.direction]} {device.name!r} refuses every sample rate",
        why="tried " + ", ".join(str(rate) for rate in dict.fromkeys(form.rate_hz for form in tries)) + " Hz",
        fix=f"set {_SETTING[device.direction]} to another device (assistant audio list)",
    ) from refusal
