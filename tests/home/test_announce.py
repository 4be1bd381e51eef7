"""Being found by Home Assistant: what is announced, when, and that its topics work."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.home.announce import PAUSE_S, Announcement, Hub, HubCommands
from assistant.home.discovery import read_discovery
from assistant.home.link import Message
from assistant.testing.clock import FakeClock

HUB = Hub("h1", "Hub", "1.0", area="Hall")
CONFIG = "homeassistant/device/voicehub_h1/config"
STATUS = "homeassistant/status"


@dataclass
class House:
    """An announcement, what it sent and what it was commanded."""

    announcement: Announcement
    clock: FakeClock
    sent: list[tuple[str, str | bytes, bool]]
    done: list[tuple[str, object]] = field(default_factory=list)

    def hear(self, topic: str, payload: bytes, *, is_retained: bool = False) -> bool:
        return self.announcement.take(Message(topic, payload, is_retained))

    def config(self) -> dict[str, Any]:
        return json.loads(next(payload for topic, payload, _ in self.sent if topic == CONFIG))  # type: ignore[no-any-return]


def house(hub: Hub = HUB, *, is_on: bool = True) -> House:
    clock = FakeClock()
    sent: list[tuple[str, str | bytes, bool]] = []
    done: list[tuple[str, object]] = []
    commands = HubCommands(
        lambda text: done.append(("say", text)),
        lambda text: done.append(("ask", text)),
        lambda muted: done.append(("mute", muted)),
        lambda percent: done.append(("volume", percent)),
        lambda: done.append(("stop", None)),
    )
    announcement = Announcement(hub, commands, lambda *each: sent.append(each), clock, is_on=is_on)
    return House(announcement, clock, sent, done)


def test_it_is_one_device_with_all_its_parts() -> None:
    made = house()
    made.announcement.connection(True)
    config = made.config()
    platforms = {key: part["platform"] for key, part in config["components"].items()}
    assert platforms == {
        "say": "notify",
        "command": "text",
        "heard": "sensor",
        "state": "sensor",
        "listening": "binary_sensor",
        "mute": "switch",
        "volume": "number",
        "stop": "button",
        "problem": "binary_sensor",
    }
    assert config["availability_topic"] == "voicehub/h1/status"
    assert config["device"]["suggested_area"] == "Hall"
    assert all(retain for topic, _, retain in made.sent if topic != STATUS)


def test_what_was_heard_is_not_told_unless_wanted() -> None:
    made = house()
    made.announcement.connection(True)
    made.announcement.tell_heard("my secret")
    assert made.config()["components"]["heard"] == {"platform": "sensor"}
    assert not any(b"secret" in str(payload).encode() for _, payload, _ in made.sent)
    open_one = house(Hub("h1", "Hub", "1.0", tells_last_heard=True))
    open_one.announcement.connection(True)
    open_one.announcement.tell_heard("my words")
    assert open_one.config()["components"]["heard"]["state_topic"] == "voicehub/h1/heard"
    assert ("voicehub/h1/heard", "my words", False) in open_one.sent


def test_its_discovery_can_be_read_by_others() -> None:
    made = house()
    made.announcement.connection(True)
    discovery = read_discovery("homeassistant", CONFIG, json.dumps(made.config()).encode())
    assert {each.component for each in discovery.components} >= {"switch", "sensor", "binary_sensor", "button"}


def test_it_never_imports_itself() -> None:
    made = house()
    made.announcement.connection(True)
    payload = json.dumps(made.config()).encode()
    assert made.hear(CONFIG, payload)
    assert made.hear("homeassistant/device/renamed/config", payload)
    assert not made.hear("homeassistant/light/lamp/config", b'{"device": {"identifiers": ["lamp"]}}')
    assert made.done == []


async def test_it_announces_anew_after_home_assistant_started_but_not_at_once() -> None:
    made = house()
    made.announcement.connection(True)
    made.sent.clear()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.announcement.run())
        made.hear("homeassistant/status", b"online")
        await made.clock.settle()
        assert made.sent == []
        await made.clock.advance(PAUSE_S)
        assert [topic for topic, _, _ in made.sent] == [CONFIG]
        task.cancel()


async def test_devices_are_asked_to_tell_of_themselves_but_not_with_every_connection() -> None:
    made = house()
    for _ in range(3):
        made.announcement.connection(True)
        made.announcement.connection(False)
    await made.clock.advance(61)
    made.announcement.connection(True)
    assert [each for each in made.sent if each[0] == STATUS] == [(STATUS, "online", False)] * 2


def test_states_are_told_once_and_again_to_a_new_broker() -> None:
    made = house()
    made.announcement.tell("state", "idle")
    assert made.sent == []
    made.announcement.connection(True)
    made.announcement.tell("state", "idle")
    made.announcement.tell("state", "speaking")
    told = [(topic, payload) for topic, payload, _ in made.sent if topic.endswith("/state")]
    assert told == [("voicehub/h1/state", "idle"), ("voicehub/h1/state", "speaking")]


@pytest.mark.parametrize(
    ("topic", "payload", "done"),
    [
        ("say", b"dinner is ready", ("say", "dinner is ready")),
        ("ask", b"turn on the lamp", ("ask", "turn on the lamp")),
        ("mute", b"ON", ("mute", True)),
        ("mute", b"off", ("mute", False)),
        ("volume", b"42.4", ("volume", 42)),
        ("volume", b"900", ("volume", 100)),
        ("stop", b"PRESS", ("stop", None)),
    ],
)
def test_its_commands_work(topic: str, payload: bytes, done: tuple[str, object]) -> None:
    made = house()
    assert made.hear(f"voicehub/h1/{topic}/set", payload)
    assert made.done == [done]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("mute", b"maybe"), ("volume", b"loud"), ("volume", b"nan"), ("volume", b"inf"), ("say", b"  "), ("ask", b"")],
)
def test_what_is_no_command_does_nothing(topic: str, payload: bytes) -> None:
    made = house()
    made.hear(f"voicehub/h1/{topic}/set", payload)
    assert made.done == []


def test_a_command_that_was_kept_from_before_does_nothing() -> None:
    made = house()
    made.hear("voicehub/h1/say/set", b"hello", is_retained=True)
    assert made.done == []


def test_switched_off_it_takes_back_what_it_announced() -> None:
    made = house(is_on=False)
    made.announcement.connection(True)
    assert made.sent == [(CONFIG, "", True)]
    assert made.announcement.filters == ()
