"""Names and rooms by voice."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.turn import OutcomeStatus
from tests.skills.parts import talk


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("the lamp is in the bathroom", "Bathroom"),
        ("move the lamp to the bathroom", "Bathroom"),
        ("i moved the lamp into the bathroom", "Bathroom"),
        ("call the lamp owl", "owl"),
        ("rename the lamp to reading light", "reading light"),
        ("the lamp is now called the owl", "owl"),
    ],
)
async def test_things_get_rooms_and_names(tmp_path: Path, said: str, reply: str) -> None:
    async with talk(tmp_path) as home:
        assert reply in await home.say(said)
        assert home.status is OutcomeStatus.DONE


@pytest.mark.parametrize("said", ["which room is the lamp in", "in what room is the lamp"])
async def test_it_tells_where_a_thing_is(tmp_path: Path, said: str) -> None:
    async with talk(tmp_path) as home:
        assert await home.say(said) == "The Lamp is in the Kitchen."
        await home.say("the lamp is in the bathroom")
        assert await home.say(said) == "The Lamp is in the Bathroom."


async def test_a_new_room_is_added_after_a_yes(tmp_path: Path) -> None:
    async with talk(tmp_path) as home:
        assert "no room called winter garden" in await home.say("the lamp is in the winter garden")
        assert home.asks
        assert "winter garden" in await home.say("yes")
        assert home.status is OutcomeStatus.DONE
        assert "winter garden" in await home.say("which room is the lamp in")


async def test_a_room_that_nobody_wanted_is_not_added(tmp_path: Path) -> None:
    async with talk(tmp_path) as home:
        await home.say("the lamp is in the winter garden")
        await home.say("no")
        assert await home.say("which room is the lamp in") == "The Lamp is in the Kitchen."


async def test_it_means_what_was_spoken_of(tmp_path: Path) -> None:
    async with talk(tmp_path) as home:
        await home.say("the lamp is in the bathroom")
        assert "owl" in await home.say("call it the owl")
        assert home.status is OutcomeStatus.DONE


async def test_a_name_is_forgotten(tmp_path: Path) -> None:
    async with talk(tmp_path) as home:
        await home.say("call the lamp owl")
        assert "lamp" in await home.say("forget the name of the lamp")
        assert home.status is OutcomeStatus.DONE


async def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    async with talk(tmp_path) as home:
        assert "already" in await home.say("call the chores front door")
        assert home.status is not OutcomeStatus.DONE


async def test_rooms_and_names_in_korean(tmp_path: Path) -> None:
    async with talk(tmp_path, "ko") as home:
        await home.say("Lamp 이름을 독서등으로 바꿔 줘")
        assert home.status is OutcomeStatus.DONE
