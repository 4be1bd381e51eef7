"""Being found by Home Assistant: the hub as one device in its discovery, with topics that work."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.core.clock import Clock
from assistant.core.home import EntityId, EntityState
from assistant.home.beside import Publish
from assistant.home.link import Message, Use

_LOGGER = logging.getLogger(__name__)
MAX_TEXT = 1000
"""Characters of what may be said or asked by a message."""
MAX_STATE = 255
"""Home Assistant keeps no longer state."""
PAUSE_S = 3.0
"""Home Assistant has just started: not everybody should speak at once."""
CALL_EVERY_S = 60.0
"""Devices are asked to tell of themselves no more often than that."""


class HubState(StrEnum):
    """What the hub is doing."""

    IDLE = "idle"
    LISTENING = "listening"
    SPEAKING = "speaking"
    RINGING = "ringing"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Hub:
    """Who is announced."""

    id: str
    name: str
    version: str
    prefix: str = "homeassistant"
    area: str = ""
    tells_last_heard: bool = False

    @property
    def identifier(self) -> str:
        """Of its device."""
        return f"voicehub_{self.id}"

    @property
    def base(self) -> str:
        """Where its topics begin."""
        return f"voicehub/{self.id}"

    @property
    def config_topic(self) -> str:
        """Where it is announced."""
        return f"{self.prefix}/device/{self.identifier}/config"


@dataclass(frozen=True, slots=True)
class HubCommands:
    """What a message may do; each returns at once."""

    say: Callable[[str], None]
    ask: Callable[[str], None]
    mute: Callable[[bool], None]
    volume: Callable[[int], None]
    stop: Callable[[], None]


class Announcement:
    """Use: `run()` in a task. Implements `Beside`. Once switched off (`is_on` false) it takes back what it announced
    before."""

    def __init__(self, hub: Hub, commands: HubCommands, publish: Publish, clock: Clock, *, is_on: bool = True) -> None:
        self._hub = hub
        self._publish = publish
        self._clock = clock
        self._is_on = is_on
        self._born = asyncio.Event()
        self._is_connected = False
        self._called_at_s: float | None = None
        """When devices were asked to tell of themselves."""
        self._told: dict[str, str] = {}
        """The last word of each of our topics."""
        self._commands: dict[str, Callable[[str], None]] = {
            f"{hub.base}/say/set": lambda text: commands.say(text[:MAX_TEXT]),
            f"{hub.base}/ask/set": lambda text: commands.ask(text[:MAX_TEXT]),
            f"{hub.base}/mute/set": lambda text: commands.mute(_is_on(text)),
            f"{hub.base}/volume/set": lambda text: commands.volume(_percent(text)),
            f"{hub.base}/stop/set": lambda _: commands.stop(),
        }

    @property
    def filters(self) -> Sequence[str]:
        """Its commands, and Home Assistant's birth."""
        return (f"{self._hub.prefix}/status", *self._commands) if self._is_on else ()

    @property
    def use(self) -> Use:
        """They are commands: none that the broker kept is heard."""
        return Use.COMMAND

    async def run(self) -> None:
        """Announce anew whenever Home Assistant starts."""
        while True:
            await self._born.wait()
            self._born.clear()
            await self._clock.sleep(random.uniform(0, PAUSE_S))  # noqa: S311  no secret hangs on it
            self._announce()

    def connection(self, is_connected: bool) -> None:
        """The broker is there: it may have forgotten us."""
        self._is_connected = is_connected
        if is_connected:
            self._announce()
            self._call_devices()

    def _call_devices(self) -> None:
        """As Home Assistant does at its start: many programs then tell anew what they have and how it is, and some of
        them keep none of it at the broker. Not with every connection of a bad network."""
        now_s = self._clock.monotonic()
        if self._is_on and (self._called_at_s is None or now_s - self._called_at_s >= CALL_EVERY_S):
            self._called_at_s = now_s
            self._publish(f"{self._hub.prefix}/status", "online", False)

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """Other devices are nothing to it."""

    def take(self, message: Message) -> bool:
        """True for what is ours: our own announcement is never read as a device."""
        hub = self._hub
        if message.topic == f"{hub.prefix}/status":
            if message.payload == b"online" and self._is_on:
                self._born.set()
            return True
        command = self._commands.get(message.topic)
        if command is not None:
            self._obey(command, message)
            return True
        return message.topic == hub.config_topic or self._is_copy(message)

    def tell(self, name: str, value: str, *, retain: bool = True) -> None:
        """The word of one of our topics (state, listening, mute, volume, problem, …); the same word is told once."""
        topic = f"{self._hub.base}/{name}"
        if self._is_on and self._is_connected and (not retain or self._told.get(topic) != value):
            self._publish(topic, value[:MAX_STATE], retain)
        if retain:
            self._told[topic] = value

    def tell_heard(self, text: str) -> None:
        """What was heard last, where that is wanted; the broker keeps none of it."""
        if self._hub.tells_last_heard:
            self.tell("heard", text, retain=False)

    def _obey(self, command: Callable[[str], None], message: Message) -> None:
        if message.is_retained or not self._is_on:
            return
        text = message.payload.decode("utf-8", "replace").strip()
        if not text:
            return
        try:
            command(text)
        except ValueError as error:
            _LOGGER.warning("a command by message can't be used", extra={"names": message.topic, "why": str(error)})

    def _is_copy(self, message: Message) -> bool:
        """An announcement of us under another topic."""
        if not message.topic.startswith(f"{self._hub.prefix}/") or not message.topic.endswith("/config"):
            return False
        return f'"{self._hub.identifier}"'.encode() in message.payload

    def _announce(self) -> None:
        if not self._is_on:
            self._publish(self._hub.config_topic, "", True)
            return
        self._publish(self._hub.config_topic, json.dumps(discovery_of(self._hub), ensure_ascii=False), True)
        for topic, value in self._told.items():
            self._publish(topic, value[:MAX_STATE], True)


def discovery_of(hub: Hub) -> dict[str, object]:
    """The announcement, in the device form of Home Assistant's MQTT discovery."""
    device: dict[str, object] = {
        "identifiers": [hub.identifier],
        "name": hub.name,
        "model": "Voice assistant",
        "sw_version": hub.version,
    }
    if hub.area:
        device["suggested_area"] = hub.area
    components = {key: {**more, "unique_id": f"{hub.identifier}_{key}"} for key, more in _components(hub).items()}
    # a part with a platform alone takes back what was there before
    if not hub.tells_last_heard:
        components["heard"] = {"platform": "sensor"}
    return {
        "device": device,
        "origin": {"name": "voicehub", "sw_version": hub.version},
        "availability_topic": f"{hub.base}/status",
        "qos": 1,
        "components": components,
    }


def _components(hub: Hub) -> dict[str, dict[str, object]]:
    base = hub.base
    diagnostic = {"entity_category": "diagnostic"}
    return {
        "say": {"platform": "notify", "name": "Say", "command_topic": f"{base}/say/set"},
        "command": {
            "platform": "text",
            "name": "Command",
            "command_topic": f"{base}/ask/set",
            "state_topic": f"{base}/answer",
            "max": MAX_STATE,
        },
        "heard": {
            "platform": "sensor",
            "name": "Last heard",
            "state_topic": f"{base}/heard",
            "icon": "mdi:ear-hearing",
        },
        "state": {
            "platform": "sensor",
            "name": "State",
            "state_topic": f"{base}/state",
            "device_class": "enum",
            "options": [each.value for each in HubState],
        },
        "listening": {"platform": "binary_sensor", "name": "Listening", "state_topic": f"{base}/listening"},
        "mute": {
            "platform": "switch",
            "name": "Mute",
            "command_topic": f"{base}/mute/set",
            "state_topic": f"{base}/mute",
            "icon": "mdi:microphone-off",
        },
        "volume": {
            "platform": "number",
            "name": "Volume",
            "command_topic": f"{base}/volume/set",
            "state_topic": f"{base}/volume",
            "min": 0,
            "max": 100,
            "step": 1,
            "unit_of_measurement": "%",
        },
        "stop": {"platform": "button", "name": "Stop", "command_topic": f"{base}/stop/set"},
        "problem": {
            "platform": "binary_sensor",
            "name": "Problem",
            "state_topic": f"{base}/problem",
            "device_class": "problem",
            **diagnostic,
        },
    }


def _is_on(text: str) -> bool:
    match text.upper():
        case "ON":
            return True
        case "OFF":
            return False
        case _:
            raise ValueError("neither ON nor OFF")


def _percent(text: str) -> int:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no number")
    return min(100, max(0, round(number)))
