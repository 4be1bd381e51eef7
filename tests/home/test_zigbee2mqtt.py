"""What Zigbee2MQTT's bridge tells beside discovery: where devices and groups stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.home import AreaId
from assistant.home.dialects import dialects_of
from assistant.home.dialects.zigbee2mqtt import area_in
from assistant.home.intake import Intake, Taken
from assistant.home.names import Names
from assistant.home.registry import Registry
from tests.home.parts import NOON, PREFIX

LAMP = "zigbee2mqtt_0x00aa"
GROUP = "zigbee2mqtt_1221051039810110150109113116116_7"
DEVICES, GROUPS = "zigbee2mqtt/bridge/devices", "zigbee2mqtt/bridge/groups"


class Bridged:
    """A home with a bridge, a lamp and a group."""

    def __init__(self) -> None:
        names = Names()
        self.intake = Intake(dialects_of(PREFIX), Registry(names), names.told)
        for identifier, name in ((LAMP, "Bulb"), (GROUP, "All bulbs")):
            self.announce(identifier, name)

    def send(self, topic: str, payload: Any) -> Taken:
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.intake.take(topic, raw.encode(), NOON)

    def announce(self, identifier: str, name: str) -> None:
        self.send(
            f"{PREFIX}/light/{identifier}/light/config",
            {"unique_id": f"{identifier}_light", "name": None, "schema": "json", "command_topic": f"z/{name}/set",
             "device": {"identifiers": [identifier], "name": name}},
        )  # fmt: skip

    def area(self, name: str) -> AreaId | None:
        return next(each.area_id for each in self.intake.registry.view().entities if each.name == name)


def test_a_description_tells_the_area() -> None:
    home = Bridged()
    assert home.send(DEVICES, [{"ieee_address": "0x00aa", "description": "E27\nArea: Winter garden"}]).is_renamed
    assert home.send(GROUPS, [{"id": 7, "friendly_name": "All bulbs", "description": "room: attic"}]).is_renamed
    assert (home.area("Bulb"), home.area("All bulbs")) == ("winter_garden", "attic")
    assert len(home.intake.registry) == 2


def test_news_are_told_once_and_are_taken_back() -> None:
    home = Bridged()
    told = [{"ieee_address": "0x00aa", "description": "area: Attic"}]
    home.send(DEVICES, told)
    assert not home.send(DEVICES, told).is_renamed
    assert home.send(DEVICES, []).is_renamed
    assert home.area("Bulb") is None


def test_a_device_that_is_renamed_there_keeps_its_id_and_area() -> None:
    home = Bridged()
    home.send(DEVICES, [{"ieee_address": "0x00aa", "description": "area: Attic"}])
    before = {each.name: each.id for each in home.intake.registry.view().entities}
    home.announce(LAMP, "cellar/Reading lamp")
    after = {each.name: each.id for each in home.intake.registry.view().entities}
    assert after["Reading lamp"] == before["Bulb"]
    assert home.area("Reading lamp") == "attic"


@pytest.mark.parametrize(
    ("description", "area"),
    [
        ("area: Attic", "Attic"), ("  ROOM =  winter   garden ", "winter garden"), ("bought 2021, area: Attic", ""),
        ("Area: Attic, left of the door", "Attic"), ("room with a view", ""), ("area:", ""), ("", ""),
        ("first line\nroom: Hall\nlast line", "Hall"),
    ],
)  # fmt: skip
def test_only_what_is_meant_as_an_area_is_one(description: str, area: str) -> None:
    assert area_in(description) == area


@pytest.mark.parametrize("payload", ["{", "{}", "3"])
def test_a_broken_list_is_reported_and_changes_nothing(payload: str) -> None:
    home = Bridged()
    home.send(DEVICES, [{"ieee_address": "0x00aa", "description": "area: Attic"}])
    home.send(DEVICES, payload)
    assert home.area("Bulb") == "attic"
    assert len(home.intake.registry.faults) == 1


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["ieee_address", "description", "id"]), inner, max_size=3)
        ),
    )
)
def test_whatever_a_bridge_says_takes_nothing_away(payload: Any) -> None:
    home = Bridged()
    home.send(DEVICES, payload)
    assert len(home.intake.registry) == 2
