"""What a component must have to be of any use, and what it can do beyond the basics; pure."""

from __future__ import annotations

from assistant.home.command import features_of
from assistant.home.config import ConfigFault
from assistant.home.discovery import Announced

__all__ = ["NEEDED", "can_work", "features_of", "is_for_people"]

_COMMAND = ("command_topic",)
_STATE = ("state_topic",)
_TOPIC = ("topic",)
NEEDED: dict[str, tuple[str, ...]] = {
    "sensor": _STATE,
    "binary_sensor": _STATE,
    "event": _STATE,
    "device_automation": _TOPIC,
    "tag": _TOPIC,
    "camera": _TOPIC,
    "image": ("image_topic", "url_topic"),
    "device_tracker": ("state_topic", "json_attributes_topic"),
    "media_player": ("state_state_topic", "command_play_topic", "command_playpause_topic", "command_volume_topic"),
    # these may be announced without any topic: of no use, but no fault either
    **dict.fromkeys(("update", "cover", "valve", "climate", "water_heater", "vacuum", "lawn_mower"), ()),
}
"""One of these topics at least; components that are not here need a command topic."""
UNSPOKEN = frozenset({"camera", "device_automation", "image", "tag"})
"""Components that nobody means by name."""
SPOKEN_SETTINGS = frozenset({"button", "update"})
"""What people name although it stands on a device's page of settings: restart it, update it."""


def can_work(announced: Announced) -> None:
    """Raises ConfigFault for a component without the topics it lives by, or with a broken command topic."""
    config = announced.config
    needed = NEEDED.get(announced.component, _COMMAND)
    if needed and not any(config.topic_filter(key) for key in needed):
        raise ConfigFault(f"it has no {' or '.join(needed[:2])}")
    config.topic("command_topic")


def is_for_people(announced: Announced) -> bool:
    """False for the settings of a device, and for what it announces switched off: nobody means those by name."""
    config = announced.config
    if (
        announced.component in UNSPOKEN
        or not config.has_topics()
        or config.text("enabled_by_default").casefold() == "false"
    ):
        return False
    return config.text("entity_category") != "config" or announced.component in SPOKEN_SETTINGS
