"""Whether what changed in a home is what was to change, with the tolerances that the data is scored by; pure."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.home_deeds import Shown
from benchmarks.home_expected import AS_IT_WAS, Change, Changes

Homes = Mapping[str, Shown]
"""Entity → how it is."""
_TOLERANCE = {
    "brightness": 3.0, "current_position": 1.0, "percentage": 1.0, "volume_level": 0.011, "temperature": 0.05,
}  # fmt: skip
_HUE = 20.0
_PALE = 0.15
"""A colour of less saturation, or darker than that, is white or black."""
_MOVING = {
    "opening": "open", "closing": "closed", "arming": "armed", "locking": "locked", "unlocking": "unlocked",
}  # fmt: skip
"""A state on the way → its end."""
_OFF = frozenset({"off", "unavailable"})
_LOOKS = frozenset({"brightness", "rgb_color", "color_temp_kelvin", "effect"})
_COLORS = frozenset(
    {"rgb_color", "rgbw_color", "rgbww_color", "hs_color", "xy_color", "color_temp_kelvin", "color_mode"}
)
_FOLLOWING = frozenset({"color_mode", "hvac_action", "hvac_mode"})
"""Attributes that follow others at any time."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it must be; `is_wrong` where something was done that must not be, not only left undone."""

    text: str
    is_wrong: bool = False


def change_faults(wanted: Changes, before: Homes, after: Homes, touched: Iterable[str]) -> list[Fault]:
    """How the changes differ from those wanted; `touched`: every entity that a command had an effect on."""
    faults = []
    for id_ in sorted({*wanted, *touched, *(id_ for id_ in after if after[id_] != before.get(id_))}):
        if id_ not in after:
            faults.append(Fault(f"{id_} is not in this home"))
        elif id_ in wanted:
            faults += _entity_faults(id_, wanted[id_], before[id_], after[id_])
        elif id_ in touched or after[id_].state != before[id_].state:
            faults.append(Fault(f"{id_}: {before[id_].state} → {after[id_].state} was not to change", is_wrong=True))
    return faults


def _entity_faults(id_: str, wanted: Change, before: Shown, after: Shown) -> Iterator[Fault]:
    domain = id_.partition(".")[0]
    state = wanted.state
    if state is AS_IT_WAS:
        is_lit = domain == "light" and bool(_LOOKS & set(wanted.attributes))
        state = "on" if is_lit else before.state
    if not is_same("state", state, after.state):
        is_wrong = after.state != before.state
        yield Fault(f"{id_} is {after.state}, not {state}", is_wrong=is_wrong)
    for name, value in wanted.attributes.items():
        if name in wanted.ignored:
            continue
        now = after.attributes.get(name)
        if not is_same(name, value, now):
            yield Fault(f"{id_}: {name} is {now}, not {value}", is_wrong=now != before.attributes.get(name))
    free = wanted.ignored | set(wanted.attributes) | _following(domain, wanted, before, after)
    for name in sorted({*before.attributes, *after.attributes} - free):
        old, now = before.attributes.get(name), after.attributes.get(name)
        if old != now:
            yield Fault(f"{id_}: {name} went from {old} to {now}", is_wrong=True)


def _following(domain: str, wanted: Change, before: Shown, after: Shown) -> frozenset[str]:
    """Attributes that nobody has to name, since they follow what is named."""
    if after.state in _OFF:
        return frozenset(after.attributes) | frozenset(before.attributes)
    free = set(_FOLLOWING)
    if before.state != after.state or wanted.state is not AS_IT_WAS:
        free |= {"current_position", "media_track", "is_volume_muted"}
    if before.state != after.state:
        free |= {"brightness", "percentage", *_COLORS} if domain in ("light", "fan") else set()
    if _COLORS & set(wanted.attributes):
        free |= _COLORS
    if domain == "media_player":
        free |= {name for name in after.attributes if name.startswith("media_")}
    return frozenset(free)


def is_same(name: str, wanted: Any, now: Any) -> bool:
    """True for a value that counts as the wanted one."""
    if isinstance(wanted, Mapping):
        return _is_number(now) and wanted["min"] <= now <= wanted["max"]
    if name == "state":
        return _end(wanted) == _end(now)
    if name == "rgb_color":
        return _is_hue(wanted, now)
    if _is_number(wanted) and _is_number(now):
        return bool(abs(wanted - now) <= _TOLERANCE.get(name, 1e-9))
    return bool(wanted == now)


def _end(state: object) -> object:
    text = str(state)
    return None if state is None else _MOVING.get(text, text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_hue(wanted: Any, now: Any) -> bool:
    """By hue alone; black and white have none."""
    hues = [_hue(each) for each in (wanted, now)]
    if hues[0] is None or hues[1] is None:
        return False
    apart = abs(hues[0] - hues[1]) % 360
    return min(apart, 360 - apart) <= _HUE


def _hue(rgb: Any) -> float | None:
    if not isinstance(rgb, list | tuple) or len(rgb) != 3:
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return None if saturation < _PALE or value < _PALE else hue * 360
