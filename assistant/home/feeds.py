"""Which topics tell the state of a component, and what a message on them changes; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home import feeds_air, feeds_events, feeds_lights, feeds_machines, feeds_openings
from assistant.home.config import Config
from assistant.home.discovery import Announced
from assistant.home.feeds_parts import Feed
from assistant.home.payload import Payload
from assistant.home.template import read_value

__all__ = ["FEEDS", "Feed", "apply_feed", "feeds_of"]

FEEDS: Mapping[str, Callable[[Config], list[Feed]]] = {
    "alarm_control_panel": feeds_machines.alarm_feeds,
    "binary_sensor": feeds_machines.switch_feeds,
    "button": feeds_machines.nothing,
    # pictures are large, and nobody asks for them by voice
    "camera": feeds_machines.nothing,
    "climate": feeds_air.climate_feeds,
    "cover": feeds_openings.cover_feeds,
    "device_automation": feeds_events.trigger_feeds,
    "device_tracker": feeds_events.tracker_feeds,
    "event": feeds_events.event_feeds,
    "fan": feeds_air.fan_feeds,
    "humidifier": feeds_air.humidifier_feeds,
    "image": feeds_machines.nothing,
    "lawn_mower": feeds_machines.mower_feeds,
    "light": feeds_lights.light_feeds,
    "lock": feeds_openings.lock_feeds,
    "media_player": feeds_machines.player_feeds,
    "notify": feeds_machines.nothing,
    "number": feeds_machines.sensor_feeds,
    "scene": feeds_machines.nothing,
    "select": feeds_machines.select_feeds,
    "sensor": feeds_machines.sensor_feeds,
    "siren": feeds_machines.siren_feeds,
    "switch": feeds_machines.switch_feeds,
    "tag": feeds_events.tag_feeds,
    "text": feeds_machines.sensor_feeds,
    "update": feeds_machines.update_feeds,
    "vacuum": feeds_machines.vacuum_feeds,
    "valve": feeds_openings.cover_feeds,
    "water_heater": feeds_air.climate_feeds,
}
"""Components that are known here; others are passed over."""


def feeds_of(announced: Announced) -> list[Feed]:
    """All state topics of a component. Raises ConfigFault for keys that can't be used."""
    make = FEEDS[announced.component]
    feeds = [feed for feed in make(announced.config) if feed.topic]
    return feeds + [replace(feed, topic=topic) for feed in feeds for topic in announced.also_topics]


def apply_feed(feed: Feed, state: EntityState, payload: Payload) -> EntityState:
    """The state after one message. Raises TemplateFault when the message can't be read; the state then stays."""
    value = read_value(feed.template, payload)
    if value == "" and feed.template:
        return state
    return feed.apply(state, value)
