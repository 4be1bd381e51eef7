"""Names and areas: out of discovery, the user's file, bridges and by voice; which of them wins; what is kept."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.errors import ConfigError, InputError, StoreError
from assistant.core.home import AreaId, Entity, EntityId
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home.areas import HomeFile, read_home_file
from assistant.home.names import Names, usable_name
from assistant.home.registry import Registry
from assistant.home.service import HomeService
from assistant.testing.clock import FakeClock
from tests.home.parts import House

PLUG = {"command_topic": "p/set", "state_topic": "p"}


class NamedHouse(House):
    """A home whose names come from files too."""

    def __init__(self, folder: Path, text: str = "") -> None:
        super().__init__()
        self.folder = folder
        if text:
            self.file.write_text(text, encoding="utf-8")
        self.start()

    @property
    def file(self) -> Path:
        return self.folder / "home.toml"

    def start(self) -> None:
        """As after a restart: nothing is known but the files."""
        self.names = Names(self.folder / "names.json", self.file)
        self.registry = Registry(self.names)

    def device(self, name: str, area: str = "", identifier: str = "d1") -> dict[str, Any]:
        return {"identifiers": [identifier], "name": name, "suggested_area": area}

    def lamp(self, name: str, area: str = "", identifier: str = "d1") -> EntityId:
        """A lamp with a sensor in it."""
        device = self.device(name, area, identifier)
        lamp = self.announce("light", at=identifier, name=None, unique_id=f"{identifier}_light", device=device, **PLUG)
        self.announce("sensor", at=f"{identifier}_power", name="Power", unique_id=f"{identifier}_power",
                      device=device, state_topic="p")  # fmt: skip
        return lamp

    def power(self) -> Entity:
        return next(entity for entity in self.registry.view().entities if entity.domain == "sensor")

    def areas(self) -> dict[str, str]:
        return {entity.name: str(entity.area_id or "") for entity in self.registry.view().entities}

    async def rename(self, entity_id: EntityId, name: str) -> None:
        known = self.registry.find(entity_id)
        assert known is not None
        await self.names.rename(known.announced, name)
        self.registry.rename()

    async def place(self, entity_id: EntityId, area: str) -> None:
        known = self.registry.find(entity_id)
        assert known is not None
        await self.names.place(known.announced, area)
        self.registry.rename()


# ── as announced ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("device", "suggested", "name", "area"),
    [
        ("Lamp", "Living_Room", "Lamp", "living_room"),
        ("kitchen/counter lamp", "", "counter lamp", "kitchen"),
        ("living_room/tv/left_bulb", "", "tv left bulb", "living_room"),
        ("kitchen/counter lamp", "Pantry", "counter lamp", "pantry"),
        ("AC/DC adapter", "", "AC/DC adapter", ""),
        ("on/off plug", "", "on/off plug", ""),
        ("lamp/", "", "lamp/", ""),
        ("부엌방/조명", "", "조명", "부엌방"),
    ],
)
def test_what_stands_before_a_slash_is_the_area(
    tmp_path: Path, device: str, suggested: str, name: str, area: str
) -> None:
    house = NamedHouse(tmp_path)
    lamp = house.entity(house.lamp(device, suggested))
    assert (lamp.name, lamp.area_id) == (name, AreaId(area) if area else None)
    assert house.power().name == f"{name} Power"


def test_a_name_with_its_area_can_still_be_said_whole(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    assert house.entity(house.lamp("kitchen/counter lamp")).aliases == ("kitchen counter lamp",)


# ── the user's file ──────────────────────────────────────────────────────────────────────────────

FILE = """
[areas]
Study = { aliases = ["office", "work room"], floor = "Upstairs" }
Cellar = {}
[floors]
Upstairs = { aliases = ["first floor"] }
[things."Desk lamp"]
name = "Reading light"
area = "office"
aliases = ["lamp on the desk"]
[things."plug *"]
area = "Cellar"
[things.d7]
area = "Garden"
"""


def test_the_file_names_places_and_floors(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path, FILE)
    lamp = house.entity(house.lamp("desk_lamp", "Bedroom"))
    assert (lamp.name, lamp.area_id) == ("Reading light", "study")
    assert lamp.aliases == ("lamp on the desk", "desk lamp")
    assert (house.power().name, house.power().area_id) == ("Reading light Power", "study")
    assert house.power().aliases == ("desk lamp Power",)
    view = house.names.dressed(house.registry.view())
    assert [(area.name, area.aliases, area.floor_id) for area in view.areas] == [
        ("Cellar", (), None),
        ("Study", ("office", "work room"), "upstairs"),
    ]
    assert [(floor.name, floor.aliases) for floor in view.floors] == [("Upstairs", ("first floor",))]


@pytest.mark.parametrize("named", ["light.desk_lamp", "d1_light", "DESK LAMP", "D1"])
def test_a_thing_is_known_by_name_id_and_address(tmp_path: Path, named: str) -> None:
    house = NamedHouse(tmp_path, f'[things."{named}"]\nname = "Reading light"')
    assert house.entity(house.lamp("Desk lamp")).name == "Reading light"


def test_one_entity_of_a_device_is_named_alone(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path, '[things."Desk lamp power"]\nname = "Energy meter"')
    assert house.entity(house.lamp("Desk lamp")).name == "Desk lamp"
    assert house.power().name == "Energy meter"


def test_a_star_stands_for_any_letters(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path, FILE)
    house.lamp("Plug seven", identifier="d5")
    house.lamp("Hedge", identifier="d7")
    assert set(house.areas().items()) == {
        ("Plug seven", "cellar"), ("Plug seven Power", "cellar"), ("Hedge", "garden"), ("Hedge Power", "garden"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[area]\nStudy = {}", "area is not known; did you mean areas?"),
        ("[things.Lamp]\nnam = 'x'", 'things."Lamp".nam is not known; did you mean name?'),
        ("[things.Lamp]\ncolour = 'x'", "known are name, area, aliases"),
        ("[things.Lamp]\nname = 3", 'things."Lamp".name = 3: a text of 1 to 80 letters is expected'),
        ("[things.Lamp]\nname = ''", "a text of 1 to 80 letters is expected"),
        ("[things]\nLamp = 'x'", 'things."Lamp" is no table'),
        ("things = 3", "things is no table"),
        ("[areas]\nA = { aliases = 'b' }", 'areas."A".aliases is no list of texts'),
        ("[areas]\nA = { aliases = ['c'] }\nB = { aliases = ['C'] }", '"c" names both A and B'),
        ("[areas]\n'' = {}", "a name has 1 to 80 letters"),
        ("[areas]\nA = x", "line 2"),
    ],
)
def test_faults_of_the_file_are_named(text: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_home_file(text, "home.toml")
    assert fault in str(caught.value)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ConfigError) as caught:
        read_home_file("[things.A]\nname = 1\narea = 2\n[flors]\nB = {}", "home.toml")
    assert str(caught.value).count("\n") == 3


@given(st.text() | st.dictionaries(st.sampled_from(["areas", "floors", "things"]), st.text()).map(str))
def test_any_text_is_a_file_or_a_fault(text: str) -> None:
    with suppress(ConfigError):
        assert isinstance(read_home_file(text, "home.toml"), HomeFile)


def test_a_saved_file_is_taken_over_and_a_broken_one_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    house = NamedHouse(tmp_path)
    lamp = house.lamp("Desk lamp")

    def save(text: str) -> bool:
        house.file.write_text(text, encoding="utf-8")
        os.utime(house.file, ns=(0, len(text)))
        changed = house.names.reload()
        house.registry.rename()
        return changed

    assert save('[things."Desk lamp"]\nname = "Reading light"')
    assert house.entity(lamp).name == "Reading light"
    assert not house.names.reload()
    with caplog.at_level(logging.ERROR):
        assert not save('[things."Desk lamp"]\nnam = "Bad light"')
    assert "did you mean name?" in str(caplog.records[-1].__dict__["error"])
    assert house.entity(lamp).name == "Reading light"
    house.file.unlink()
    assert house.names.reload()
    house.registry.rename()
    assert house.entity(lamp).name == "Desk lamp"


# ── by voice ─────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_said_wins_and_is_kept(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path, FILE)
    lamp = house.lamp("Desk lamp", "Bedroom")
    await house.rename(lamp, "Owl")
    await house.place(lamp, "Attic")
    house.start()
    assert house.lamp("Desk lamp", "Bedroom") == lamp
    assert house.areas() == {"Owl": "attic", "Owl Power": "attic"}
    assert "Desk lamp" in house.entity(lamp).aliases
    await house.rename(lamp, "")
    await house.place(lamp, "")
    assert house.areas() == {"Reading light": "study", "Reading light Power": "study"}
    assert json.loads((tmp_path / "names.json").read_text()) == {"version": 1, "devices": {}, "entities": []}


async def test_a_part_of_a_device_is_renamed_alone_but_stands_where_the_device_stands(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    lamp = house.lamp("Desk lamp")
    await house.rename(house.power().id, "Meter")
    await house.place(house.power().id, "Study")
    assert house.areas() == {"Desk lamp": "study", "Meter": "study"}
    assert house.entity(lamp).aliases == ()


async def test_a_name_stays_when_its_device_is_renamed_where_it_is_paired(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    lamp = house.lamp("Desk lamp")
    await house.rename(lamp, "Owl")
    assert house.lamp("Bulb 7") == lamp
    assert set(house.areas()) == {"Owl", "Owl Power"}


async def test_a_thing_without_a_device_is_named_too(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    bell = house.announce("switch", name="Bell", unique_id="bell", **PLUG)
    await house.rename(bell, "Gong")
    await house.place(bell, "Hall")
    house.start()
    house.announce("switch", name="Bell", unique_id="bell", **PLUG)
    assert house.areas() == {"Gong": "hall"}


async def test_what_can_not_be_kept_is_not_changed(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    lamp = house.lamp("Desk lamp")
    (tmp_path / "names.new").mkdir()
    with pytest.raises(StoreError):
        await house.rename(lamp, "Owl")
    house.registry.rename()
    assert house.entity(lamp).name == "Desk lamp"


@pytest.mark.parametrize("text", ["", "[]", '{"devices": {}}', '{"devices": {"d": {"name": 1}}, "entities": []}', "{"])
def test_a_damaged_store_is_put_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.json").write_text(text)
    house = NamedHouse(tmp_path)
    assert house.entity(house.lamp("Desk lamp")).name == "Desk lamp"
    assert (tmp_path / "names.damaged").read_text() == text


@pytest.mark.parametrize("name", ["x" * 81, "a\x00b", "tab\u200b"])
def test_what_nobody_can_say_is_no_name(name: str) -> None:
    with pytest.raises(InputError):
        usable_name(name)


# ── bridges ──────────────────────────────────────────────────────────────────────────────────────


def test_a_bridge_tells_areas_beside(tmp_path: Path) -> None:
    house = NamedHouse(tmp_path)
    house.lamp("Desk lamp", "Bedroom")
    assert house.names.told("bridge", {"d1": "Study"})
    assert not house.names.told("bridge", {"d1": "Study"})
    house.registry.rename()
    assert house.areas()["Desk lamp"] == "study"


# ── the service ──────────────────────────────────────────────────────────────────────────────────


async def test_names_of_what_is_not_there_are_refused() -> None:
    service = HomeService(MqttSettings(mode="off"), HomeSettings(), FakeClock(), "test")
    with pytest.raises(InputError):
        await service.rename(EntityId("light.none"), "Owl")
    with pytest.raises(InputError):
        await service.place(EntityId("light.none"), "Study")
