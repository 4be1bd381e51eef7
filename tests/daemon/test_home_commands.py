"""What the control socket answers about the home, and what it does to it."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.acting.pin import PinLock
from assistant.acting.policy import Fence
from assistant.core.errors import InputError, NotAllowed, StoreError
from assistant.core.home import ActionStatus, EntityId, EntityState, HomeView
from assistant.core.settings import SafetySettings
from assistant.daemon.brain import Brain
from assistant.daemon.config import Config, load_config
from assistant.daemon.control import Message
from assistant.daemon.fencing import fence_for, keep_pin, pin_file, stored_pin
from assistant.daemon.home_commands import WATCH_S, HomeCommands
from assistant.home.actionlog import ActionLogFile
from assistant.testing.clock import FakeClock
from assistant.testing.home import FakeHome, small_home, thing


@dataclass
class HomeOnly:
    """Of a brain what these commands need."""

    home: FakeHome
    fence: Fence
    actions: ActionLogFile
    config: Config
    clock: FakeClock = field(default_factory=FakeClock)


class Desk:
    """Asks, and gathers what is told before the answer."""

    def __init__(self, folder: Path) -> None:
        self.home = small_home()
        config = load_config({"ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_CONFIG": str(folder / "none.toml")})
        actions = ActionLogFile(folder / "actions.jsonl")
        safety = SafetySettings(pin=("garage",), deny=("Coffee Machine",))
        self.clock = FakeClock()
        fence = Fence(self.home, safety, self.clock, actions, PinLock(lambda: "8642", self.clock, tries=2))
        self.brain = HomeOnly(self.home, fence, actions, config, self.clock)
        self.table = HomeCommands(cast(Brain, self.brain)).table()
        self.events: list[Message] = []

    async def ask(self, command: str, **values: object) -> Message:
        async def emit(event: Message) -> None:
            self.events.append(event)

        return await self.table[command](dict(values), emit)

    def acted(self) -> list[tuple[str, str]]:
        return [(action.entity_id, action.verb) for action in self.home.acted]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_things_are_listed_with_their_rooms_and_states(desk: Desk) -> None:
    rows = {row["id"]: row for row in (await desk.ask("home"))["entities"]}
    assert rows["light.desk_lamp"]["area"] == "Bedroom"
    assert rows["lock.front_door"]["state"] == "unlocked"
    assert rows["scene.movie_night"]["state"] is None
    assert rows["scene.movie_night"]["age"] is None


async def test_rooms_are_counted(desk: Desk) -> None:
    desk.home.add(thing("switch", "Odd One"), "off")
    answer = await desk.ask("home_areas")
    assert {row["name"]: row["entities"] for row in answer["areas"]}["Garage"] == 1
    assert answer["nowhere"] == 1


@pytest.mark.parametrize("name", ["Desk Lamp", "desk lamp", "light.desk_lamp"])
async def test_one_thing_is_shown_by_name_or_id(desk: Desk, name: str) -> None:
    await desk.ask("home_set", entity=name, verb="on", values={"brightness_pct": 30})
    answer = await desk.ask("home_show", entity=name)
    assert (
        answer["entity"]["commands"] == ["toggle", "turn_off", "turn_on"] or "turn_on" in answer["entity"]["commands"]
    )
    assert answer["entity"]["features"] == ["brightness"]
    (action,) = answer["actions"]
    assert (action["verb"], action["status"], action["state"]) == ("turn_on", "confirmed", "on")
    assert action["who"] == {"source": "command line", "turn_id": ""}


async def test_what_is_not_there_or_there_twice_is_told_with_what_to_take(desk: Desk) -> None:
    with pytest.raises(InputError, match="did you mean: desk lamp"):
        await desk.ask("home_show", entity="desk lmap")
    with pytest.raises(InputError, match="nothing called"):
        await desk.ask("home_show", entity="")
    desk.home.add(replace(thing("switch", "Desk Lamp"), id=EntityId("switch.other")), "off")
    with pytest.raises(InputError, match=r"light\.desk_lamp, switch\.other"):
        await desk.ask("home_set", entity="desk lamp", verb="on")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"entity": "Desk Lamp", "verb": "unlock"}, "it knows: "),
        ({"entity": "Bedroom Temperature", "verb": "on"}, "takes no commands"),
        ({"entity": "Desk Lamp", "verb": "on", "values": {"x": []}}, "plain values"),
        ({"entity": "Desk Lamp", "verb": "on", "values": [1]}, "plain values"),
    ],
)
async def test_what_a_thing_can_not_do_is_refused_before_anything_is_sent(
    desk: Desk, request_: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        await desk.ask("home_set", **request_)
    assert desk.acted() == []


async def test_a_device_that_does_not_obey_is_told(desk: Desk) -> None:
    desk.home.script(EntityId("light.desk_lamp"), ActionStatus.UNAVAILABLE)
    answer = await desk.ask("home_set", entity="desk lamp", verb="on")
    assert (answer["status"], answer["state"]) == ("unavailable", "unavailable")


async def test_what_is_guarded_waits_for_a_yes(desk: Desk) -> None:
    asked = await desk.ask("home_set", entity="front door", verb="unlock")
    assert asked == {"needs": "yes", "name": "Front Door", "verb": "unlock"}
    assert desk.acted() == []
    assert (await desk.ask("home_set", entity="front door", verb="unlock", confirmed=True))["status"] == "confirmed"
    assert (await desk.ask("home_set", entity="front door", verb="lock"))["needs"] is None


async def test_what_a_pin_guards_opens_with_the_pin_only(desk: Desk) -> None:
    for more in ({}, {"confirmed": True}):
        assert (await desk.ask("home_set", entity="garage door", verb="open", **more))["needs"] == "pin"
    with pytest.raises(InputError, match="not the PIN"):
        await desk.ask("home_set", entity="garage door", verb="open", pin="1111")
    assert (await desk.ask("home_set", entity="garage door", verb="open", pin="8642"))["status"] == "confirmed"
    for _ in range(2):
        with pytest.raises(InputError, match="not the PIN"):
            await desk.ask("home_set", entity="garage door", verb="open", pin="2222")
    with pytest.raises(InputError, match="too many wrong"):
        await desk.ask("home_set", entity="garage door", verb="open", pin="8642")
    assert desk.acted() == [("cover.garage_door", "open")]


async def test_what_is_denied_is_not_done_from_the_command_line_either(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        await desk.ask("home_set", entity="coffee machine", verb="on", confirmed=True)
    assert desk.acted() == []


async def test_a_thing_is_renamed_and_put_elsewhere(desk: Desk) -> None:
    answer = await desk.ask("home_rename", entity="desk lamp", name=" Reading Light ", area="Study")
    assert (answer["entity"]["name"], answer["entity"]["area"]) == ("Reading Light", "Study")
    assert (await desk.ask("home_show", entity="reading light"))["entity"]["id"] == "light.desk_lamp"
    with pytest.raises(InputError, match="nothing to change"):
        await desk.ask("home_rename", entity="reading light")
    with pytest.raises(NotAllowed):
        await desk.ask("home_rename", entity="coffee machine", name="kettle")


async def test_the_log_is_asked_by_thing_and_time(desk: Desk) -> None:
    await desk.ask("home_set", entity="desk lamp", verb="on")
    await desk.clock.advance(3600)
    await desk.ask("home_set", entity="front door", verb="lock")
    now = desk.clock.now()
    assert [row["name"] for row in (await desk.ask("home_log"))["actions"]] == ["Desk Lamp", "Front Door"]
    assert [row["verb"] for row in (await desk.ask("home_log", entity="DESK LAMP"))["actions"]] == ["turn_on"]
    assert [row["verb"] for row in (await desk.ask("home_log", since=now.isoformat()))["actions"]] == ["lock"]
    for wrong in ({"limit": 0}, {"limit": "7"}, {"since": "yesterday"}):
        with pytest.raises(InputError):
            await desk.ask("home_log", **wrong)


async def test_who_watches_sees_everything_first_and_then_what_changes(desk: Desk) -> None:
    watching = asyncio.create_task(desk.ask("home_watch"))
    await desk.clock.settle()
    assert [event["first"] for event in desk.events] == [True]
    assert len(desk.events[0]["entities"]) == len(desk.home.view().entities)
    desk.home.states[EntityId("light.desk_lamp")] = EntityState("on", {"brightness_pct": 20})
    await desk.clock.advance(WATCH_S)
    assert [row["state"] for row in desk.events[-1]["entities"]] == ["on"]
    desk.home._view = HomeView(desk.home.view().entities[1:], desk.home.view().areas)
    await desk.clock.advance(WATCH_S)
    assert desk.events[-1]["gone"] == ["light.kitchen_light"]
    count = len(desk.events)
    await desk.clock.advance(WATCH_S * 30)
    idle = desk.events[count:]
    assert 1 <= len(idle) <= 3
    assert all(not event["entities"] and not event["gone"] for event in idle)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_everything_is_exported(desk: Desk) -> None:
    answer = await desk.ask("home_export")
    assert len(answer["entities"]) == len(desk.home.view().entities)
    blind = next(row for row in answer["entities"] if row["id"] == "cover.living_room_blind")
    assert (blind["device_class"], blind["features"], blind["attributes"]) == ("blind", ["position"], {"position": 0})


def kept(file: Path) -> tuple[int, str]:
    return stat.S_IMODE(file.stat().st_mode), file.read_text()


async def test_a_new_pin_is_kept_as_a_hash_that_nobody_else_can_read(desk: Desk) -> None:
    mode, text = kept(Path((await desk.ask("home_pin", pin="97531"))["file"]))
    assert mode == 0o600
    assert "97531" not in text
    fence, _ = fence_for(desk.brain.config, desk.home, desk.clock)
    assert fence.pin.is_set()
    assert await fence.pin.check("97531") == "right"
    with pytest.raises(InputError):
        await desk.ask("home_pin", pin="12")
    assert await fence.pin.check("97531") == "right", "a refused PIN leaves the old one"


def test_a_pin_may_come_from_a_credential(desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    credential = tmp_path / "credential"
    config = load_config(
        {
            "ASSISTANT_DATA_DIR": str(tmp_path),
            "ASSISTANT_SAFETY_PIN_FILE": str(credential),
            "ASSISTANT_CONFIG": str(tmp_path / "none.toml"),
        }
    )
    assert stored_pin(config) == ""
    credential.write_text("24680\n")
    credential.chmod(0o644)
    assert stored_pin(config) == "24680"
    assert "chmod 600" in caplog.text
    assert "24680" not in caplog.text
    assert pin_file(config) == credential


def test_a_folder_that_refuses_the_pin_is_told(tmp_path: Path) -> None:
    config = load_config(
        {"ASSISTANT_SAFETY_PIN_FILE": str(tmp_path / "no" / "pin"), "ASSISTANT_CONFIG": str(tmp_path / "none.toml")}
    )
    with pytest.raises(StoreError, match=r"safety\.pin_file"):
        keep_pin(config, "1357")
