"""What switches, sensors, sirens, vacuums, mowers, alarm panels, updates and players tell of themselves; pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.feeds_parts import (
    MAX_VALUE,
    Feed,
    as_told,
    choice,
    feed,
    is_number,
    json_object,
    json_or,
    named,
    number,
    on_off,
    one_of,
    plain,
    with_value,
)
from assistant.home.vacuum_rooms import has_rooms, room_feeds, with_rooms

_ALARM = (
    "disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass", "pending", "arming",
    "disarming", "triggered",
)  # fmt: skip
_MOWER = ("mowing", "paused", "docked", "error", "returning")
_PLAYER = ("playing", "paused", "idle", "stopped", "buffering", "on", "off", "standby")


def switch_feeds(config: Config) -> list[Feed]:
    """On or off."""
    return [feed(config, "state_topic", on_off(config), "value_template", "state_value_template")]


def sensor_feeds(config: Config) -> list[Feed]:
    """Whatever it measures, as told."""
    return [feed(config, "state_topic", as_told, "value_template")]


def select_feeds(config: Config) -> list[Feed]:
    """One of its options."""
    return [feed(config, "state_topic", one_of(config.texts("options")), "value_template")]


def siren_feeds(config: Config) -> list[Feed]:
    """On or off, as a word or in JSON."""
    known = on_off(config)

    def apply(state: EntityState, text: str) -> EntityState:
        told = json_or(text, "state")
        if isinstance(told.get("tone"), str):
            state = with_value(state, "tone", str(told["tone"])[:MAX_VALUE])
        return known(state, str(told.get("state", "")))

    return [feed(config, "state_topic", apply, "state_value_template", "value_template")]


def alarm_feeds(config: Config) -> list[Feed]:
    """Armed, disarmed, and what lies between."""
    return [feed(config, "state_topic", named({word: word for word in _ALARM}), "value_template")]


def vacuum_feeds(config: Config) -> list[Feed]:
    """What it is doing, its battery, its power and the rooms it knows."""
    knows_rooms = has_rooms(config)

    def apply(state: EntityState, text: str) -> EntityState:
        told = json_object(text)
        if is_number(told.get("battery_level")):
            state = number("battery_level")(state, str(told["battery_level"]))
        if isinstance(told.get("fan_speed"), str):
            state = with_value(state, "fan_speed", str(told["fan_speed"])[:MAX_VALUE])
        if knows_rooms:
            state = with_rooms(state, told.get("segments"))
        return as_told(state, str(told["state"])) if told.get("state") else state

    return [
        feed(config, "state_topic", apply, "value_template"),
        feed(config, "battery_level_topic", number("battery_level"), "battery_level_template"),
        feed(config, "fan_speed_topic", choice("fan_speed"), "fan_speed_template"),
        *room_feeds(config),
    ]


def mower_feeds(config: Config) -> list[Feed]:
    """What it is doing."""
    return [feed(config, "activity_state_topic", one_of(_MOWER), "activity_value_template")]


def update_feeds(config: Config) -> list[Feed]:
    """On when a newer version than the installed one is there."""
    return [
        feed(config, "state_topic", _versions, "value_template"),
        feed(config, "latest_version_topic", _latest, "latest_version_template"),
    ]


def _versions(state: EntityState, text: str) -> EntityState:
    told = json_or(text, "installed_version")
    for key in ("installed_version", "latest_version", "title"):
        if isinstance(told.get(key), str | int | float):
            state = with_value(state, key, str(told[key])[:MAX_VALUE])
    if is_number(told.get("update_percentage")):
        state = with_value(state, "update_percentage", plain(float(str(told["update_percentage"]))))
    if isinstance(told.get("in_progress"), bool):
        state = with_value(state, "in_progress", bool(told["in_progress"]))
    return _compared(state)


def _latest(state: EntityState, text: str) -> EntityState:
    return _compared(with_value(state, "latest_version", text[:MAX_VALUE] or None))


def _compared(state: EntityState) -> EntityState:
    installed, latest = state.attributes.get("installed_version"), state.attributes.get("latest_version")
    if installed is None or latest is None:
        return state
    return replace(state, value="off" if installed == latest else "on")


def player_feeds(config: Config) -> list[Feed]:
    """What it is doing and playing, and how loud."""
    return [
        feed(config, "state_state_topic", one_of(_PLAYER)),
        feed(config, "state_title_topic", choice("title")),
        feed(config, "state_artist_topic", choice("artist")),
        feed(config, "state_album_topic", choice("album")),
        feed(config, "state_volume_topic", number("volume_pct", lambda told: round(_loudness(told)))),
    ]


def _loudness(told: float) -> float:
    """Some programs count to 1, some to 100."""
    return told * 100 if 0 <= told <= 1 else told


def nothing(_: Config) -> list[Feed]:
    """It takes commands, or pictures, and tells no state."""
    return []
