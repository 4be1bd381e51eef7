"""Lists, spoken to as people speak."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import skills.lists
from assistant.core.errors import StoreError
from assistant.core.home import HomeView
from assistant.core.turn import Command, OutcomeStatus
from assistant.sdk import Context
from assistant.testing.paper import PaperClock, PaperHome, PaperNotebook, PaperSchedule
from assistant.testing.say import NOON, Scene, talk_to
from skills.lists import Lists
from skills.lists.items import Item, added, item_and_name, items_from, near, one_less, words_for

LISTS = Path(skills.lists.__file__).parent
KOREAN = Scene(language="ko")
EN = words_for("en")


def context(notebook: PaperNotebook) -> Context:
    """What a method gets, with these notes."""
    clock, home = PaperClock(NOON), PaperHome(HomeView((), ()))
    parts = (clock, home, PaperSchedule(clock), notebook)
    return Context("lists", Command("lists.add"), "en", ZoneInfo("UTC"), None, *parts)


async def test_several_things_are_added_in_a_breath_and_read_out() -> None:
    async with talk_to(LISTS) as talk:
        answer = await talk.say("add milk, eggs and bread to my shopping list")
        assert answer.text == "Added milk, eggs and bread to the shopping list."
        assert answer.outcomes[0].status is OutcomeStatus.DONE
        assert (await talk.say("what is on my shopping list")).text == "On the shopping list: milk, eggs and bread."
        assert (await talk.say("how many things are on my list")).text == "There are 3 things on the shopping list."


@pytest.mark.parametrize(
    "sentence",
    [
        "put milk on the shopping list",
        "write milk down on the list",
        "also put milk on my grocery list",
        "add to my shopping list some milk",
        "could you add milk to my grocery list please",
    ],
)
async def test_ways_to_add_to_the_shopping_list(sentence: str) -> None:
    async with talk_to(LISTS) as talk:
        await talk.say(sentence)
        assert (await talk.say("what's on the shopping list")).text == "On the shopping list: milk."


@pytest.mark.parametrize(
    "sentence",
    [
        "we need to talk",
        "i need a break",
        "add five minutes",
        "add milk",
        "buy milk",
        "i need to buy a ticket",
        "don't add milk to my list",
        "milk",
    ],
)
async def test_what_is_no_wish_for_a_list_changes_none(sentence: str) -> None:
    async with talk_to(LISTS) as talk:
        assert not (await talk.say(sentence)).outcomes


async def test_what_is_there_already_is_said_and_not_added_twice() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk to my shopping list")
        assert (await talk.say("add milk to my shopping list")).text == "You already have milk on the shopping list."
        answer = await talk.say("add milk and tea to my shopping list")
        assert answer.text == "Put tea on the shopping list. You already had milk on it."
        assert (await talk.say("how many things are on my list")).text == "There are 2 things on the shopping list."


async def test_of_two_only_one_is_taken_off() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk to my shopping list")
        await talk.say("add another milk to my shopping list")
        assert (await talk.say("what's on my list")).text == "On the shopping list: milk 2 times."
        assert (
            await talk.say("remove milk from my shopping list")
        ).text == "Took one of 2 off the shopping list: milk."
        assert (await talk.say("remove milk from my shopping list")).text == "Took milk off the shopping list."
        assert (await talk.say("what's on my list")).text == "There is nothing on the shopping list."


async def test_both_takes_all_of_them() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk to my shopping list")
        await talk.say("add another milk to my shopping list")
        await talk.say("take all the milk off my shopping list")
        assert (await talk.say("what's on my list")).text == "There is nothing on the shopping list."


async def test_clearing_says_how_many_and_can_be_taken_back_once() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk, eggs and bread to my shopping list")
        asked = await talk.say("clear my shopping list")
        assert asked.text == "Shall I really take all 3 things off the shopping list?"
        assert (await talk.say("what's on my list")).text == "On the shopping list: milk, eggs and bread."
        await talk.say("clear my shopping list")
        cleared = await talk.say("yes")
        assert cleared.text == "I took 3 things off the shopping list. It is empty now."
        back = await talk.say("put them back")
        assert back.text == "The shopping list is as it was before, with milk, eggs and bread."
        assert (await talk.say("what's on my list")).text == "On the shopping list: milk, eggs and bread."
        assert (await talk.say("undo that")).outcomes[0].status is OutcomeStatus.NOT_FOUND


async def test_the_list_that_adding_made_is_gone_after_undoing() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add tent to my camping list")
        await talk.say("undo that")
        assert (await talk.say("what's on my camping list")).text == "There is no camping list."


async def test_an_old_change_is_taken_back_only_when_the_list_is_named() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk to my shopping list")
        await talk.say("clear my shopping list")
        await talk.say("yes")
        talk.clock.pass_time(timedelta(hours=1))
        assert (await talk.say("undo that")).outcomes[0].status is OutcomeStatus.NOT_FOUND
        assert (await talk.say("put it back on my camping list")).outcomes[0].status is OutcomeStatus.NOT_FOUND
        assert (await talk.say("restore my shopping list")).outcomes[0].status is OutcomeStatus.DONE


async def test_lists_by_name_are_kept_apart() -> None:
    async with talk_to(LISTS) as talk:
        first = await talk.say("add a tent and a torch to the camping list")
        assert first.text == "Added tent and torch to a new list, camping."
        await talk.say("add call mum to my to-do list")
        assert (await talk.say("remove the torch from the camping list")).text == "Took torch off the camping list."
        assert (await talk.say("what's on the camping list")).text == "On the camping list: tent."
        assert (await talk.say("what's on my to do list")).text == "On the to do list: call mum."
        assert (await talk.say("which lists do I have")).text == "There are 2 lists: camping and to do."
        assert (await talk.say("what's on my beach list")).text == "There is no beach list."


async def test_what_is_ticked_off_is_read_out_no_more_but_can_be_asked_for() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add tent and torch to the camping list")
        assert (await talk.say("tick tent off the camping list")).text == "Ticked off tent."
        assert (await talk.say("what's on the camping list")).text == "On the camping list: torch."
        asked = await talk.say("what have I ticked off the camping list")
        assert asked.text == "Ticked off the camping list: tent."
        await talk.say("add tent to the camping list")
        assert (await talk.say("what's on the camping list")).text == "On the camping list: torch and tent."


async def test_which_of_two_is_asked_and_the_answer_counts() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add oat milk and soy milk to my shopping list")
        question = await talk.say("remove milk from my shopping list")
        assert (question.text, question.asks) == ("Which one do you mean: oat milk and soy milk?", True)
        assert (await talk.say("the oat milk")).text == "Took oat milk off the shopping list."
        assert (await talk.say("is oat milk on my list")).text == "No, I don't see oat milk on the shopping list."
        assert (await talk.say("is soy milk on my list")).text == "Yes, the shopping list has soy milk."


async def test_a_list_can_be_made_before_anything_is_on_it() -> None:
    async with talk_to(LISTS) as talk:
        assert (await talk.say("make a new list")).text == "What shall the list be called?"
        assert (await talk.say("Camping")).text == "Made a new list: camping."
        assert (await talk.say("create a camping list")).text == "There is a camping list already."
        assert (await talk.say("what's on my camping list")).text == "There is nothing on the camping list."
        await talk.say("create a list for work")
        assert (await talk.say("which lists do I have")).text == "There are 2 lists: camping and work."


@pytest.mark.parametrize("pronoun", ["something", "this", "it"])
async def test_what_it_is_asked_when_only_pointed_at(pronoun: str) -> None:
    async with talk_to(LISTS) as talk:
        assert (await talk.say(f"add {pronoun} to the list")).text == "What shall I put on the shopping list?"
        assert (await talk.say("tea")).text == "Added tea to the shopping list."


async def test_something_to_add_is_asked_for() -> None:
    async with talk_to(LISTS) as talk:
        assert (await talk.say("add something to my camping list")).text == "What shall I put on the camping list?"
        assert (await talk.say("rope and a map")).text == "Added rope and map to a new list, camping."


async def test_part_that_is_missing_is_named() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk to my shopping list")
        answer = await talk.say("remove milk and beer from my shopping list")
        assert answer.text == "Took milk off the shopping list, but I don't see beer on it."
        assert (await talk.say("remove beer from my list")).text == "I don't see beer on the shopping list."


@pytest.mark.parametrize(
    "sentence", ["delete supper with joan from my to do list", "erase supper with joan on my to do list"]
)
async def test_deleting_one_thing_does_not_clear_the_list(sentence: str) -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add supper with joan and washing to my to do list")
        assert (await talk.say(sentence)).text == "Took supper with joan off the to do list."
        assert (await talk.say("tell me the tasks on my to do list")).text == "On the to do list: washing."


@pytest.mark.parametrize(
    "sentence",
    [
        "add milk to the shopping list and rope to the camping list",
        "add rope to the camping list and milk to the shopping list",
    ],
)
async def test_two_lists_in_one_sentence_change_neither(sentence: str) -> None:
    async with talk_to(LISTS) as talk:
        assert (await talk.say(sentence)).outcomes[0].status is OutcomeStatus.REFUSED
        assert (await talk.say("which lists do I have")).text == "There are no lists yet."


@pytest.mark.parametrize("length", [121, 10_000])
async def test_too_long_an_item_is_refused_and_nothing_kept(length: int) -> None:
    notebook = PaperNotebook()
    outcome = await Lists().add(context(notebook), "x" * length)
    assert (outcome.status, outcome.key) == (OutcomeStatus.REFUSED, "too_long")
    assert notebook.notes == {}


async def test_ten_kilobytes_as_an_answer_are_refused_in_words() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add something to my shopping list")
        assert (await talk.say("x" * 10_000)).text == "That was too long for me. Please say it in fewer words."
        assert (await talk.say("what's on my shopping list")).text == "The shopping list is empty."


async def test_too_long_a_name_of_a_list_is_refused() -> None:
    notebook = PaperNotebook()
    assert (await Lists().add(context(notebook), "milk", "x" * 41)).key == "too_long"
    assert notebook.notes == {}


async def test_a_full_list_takes_no_more_and_is_not_read_out_to_the_end() -> None:
    notebook = PaperNotebook()
    notebook.notes["list:shopping"] = json.dumps([{"text": f"thing {n}", "is_done": False} for n in range(500)])
    assert (await Lists().add(context(notebook), "milk")).key == "full"
    told = await Lists().read_out(context(notebook))
    assert told.values["more"] == 490
    assert told.values["items"] == tuple(f"thing {n}" for n in range(10))


DAMAGES = ["{", "[1]", '{"text": "milk"}', '[{"is_done": false}]', "null", '[{"text":"a","is_done":0,"count":"x"}]']


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_list_is_named_and_left_untouched(damage: str) -> None:
    notebook, lists = PaperNotebook(), Lists()
    notebook.notes["list:shopping"] = damage
    ctx = context(notebook)
    for call in (lists.add(ctx, "milk"), lists.remove(ctx, "milk"), lists.read_out(ctx), lists.clear(ctx)):
        outcome = await call
        assert (outcome.status, outcome.key) == (OutcomeStatus.FAILED, "damaged")
        assert outcome.values["list"] == "shopping"
    assert notebook.notes == {"list:shopping": damage}


async def test_damaged_notes_about_the_last_change_are_no_change() -> None:
    notebook = PaperNotebook()
    notebook.notes["undo"] = '{"key": "shopping"'
    assert (await Lists().undo(context(notebook))).key == "nothing_to_undo"


class FullNotebook(PaperNotebook):
    """Takes nothing more."""

    async def put(self, key: str, text: str) -> None:
        raise StoreError("the disk is full")


async def test_what_can_not_be_kept_is_not_claimed() -> None:
    outcome = await Lists().add(context(FullNotebook()), "milk")
    assert (outcome.status, outcome.key) == (OutcomeStatus.FAILED, "not_kept")


async def test_korean_lists() -> None:
    async with talk_to(LISTS, KOREAN) as talk:
        assert (
            await talk.say("쇼핑 목록에 우유하고 달걀 추가해줘")
        ).text == "쇼핑 목록에 추가했어요: 우유, 그리고 달걀."
        assert (await talk.say("쇼핑 목록에서 우유를 빼줘")).text == "쇼핑 목록에서 뺐어요: 우유."
        assert (
            await talk.say("사과와 배를 장보기 목록에 추가해 주세요")
        ).text == "쇼핑 목록에 추가했어요: 사과, 그리고 배."
        assert (await talk.say("쇼핑 목록 비워줘")).asks
        assert (await talk.say("네")).text == "쇼핑 목록을 비웠어요. 3개를 지웠어요."
        assert (await talk.say("되돌려줘")).text == "쇼핑 목록을 되돌렸어요: 달걀, 사과, 그리고 배."
        assert (await talk.say("쇼핑 목록에 뭐 있어")).text == "쇼핑 목록이에요: 달걀, 사과, 그리고 배."


@pytest.mark.parametrize(
    ("said", "items"),
    [
        ("milk, eggs, and bread", ["milk", "eggs", "bread"]),
        ("mac and cheese and some salt", ["mac and cheese", "salt"]),
        ("Milk and milk", ["milk"]),
        ("a pear", ["pear"]),
        ("sand and candles", ["sand", "candles"]),
        (" , and ", []),
    ],
)
def test_words_are_taken_apart_into_items(said: str, items: list[str]) -> None:
    assert items_from(said, EN) == items


def test_a_name_said_exactly_wins_over_one_that_holds_it() -> None:
    milk, oat = Item("milk"), Item("oat milk")
    assert near([oat, milk], "Milk") == [milk]
    assert near([oat], "milk") == [oat]
    assert near([oat], "") == []


def test_asking_for_another_counts_and_taking_one_off_leaves_the_rest() -> None:
    twice = added([Item("milk")], ["another milk"], EN).items
    assert twice == [Item("milk", count=2)]
    assert one_less(twice, twice) == [Item("milk")]
    assert added([Item("milk", is_done=True, count=2)], ["milk"], EN).items == [Item("milk")]


@pytest.mark.parametrize("language", ["en", "ko", "xx"])
def test_the_words_of_every_language_are_whole(language: str) -> None:
    words = words_for(language)
    assert words.default_name in words.default
    assert words.counted.format(text="x", count=2).count("x") == 1
    assert item_and_name("plain", words) == ("", "plain")
    for pattern in (*words.other_list, words.of_list):
        re.compile(pattern)


@pytest.mark.parametrize(
    ("sentence", "items"),
    [
        ("add bread butter and jam to my shopping list", "bread, butter and jam"),
        ("add bananas yogurt to my shopping list", "bananas and yogurt"),
        (
            "add half a dozen eggs and a bottle of red wine to my shopping list",
            "half a dozen eggs and bottle of red wine",
        ),
        ("add chicken soup and washing powder to my shopping list", "chicken soup and washing powder"),
        ("add a couple of lemons and a lettuce to my shopping list", "a couple of lemons and lettuce"),
    ],
)
async def test_items_without_a_comma_are_told_apart_when_each_is_one(sentence: str, items: str) -> None:
    async with talk_to(LISTS) as talk:
        assert (await talk.say(sentence)).text == f"Added {items} to the shopping list."


async def test_things_move_from_list_to_list() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add rope and milk to my shopping list")
        answer = await talk.say("move the rope from my shopping list to the camping list")
        assert answer.text == "Moved rope from the shopping list to the camping list."
        assert (await talk.say("what's on the camping list")).text == "On the camping list: rope."
        assert (await talk.say("what's on my shopping list")).text == "On the shopping list: milk."
        assert (await talk.say("move beer to the camping list")).outcomes[0].status is OutcomeStatus.NOT_FOUND


async def test_what_was_ticked_off_can_be_to_do_again() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add milk and eggs to my shopping list")
        await talk.say("tick off the eggs")
        assert (await talk.say("what's on my list")).text == "On the shopping list: milk."
        assert (await talk.say("untick the eggs")).text == "To do again: eggs."
        assert (await talk.say("what's on my list")).text == "On the shopping list: milk and eggs."


async def test_a_list_is_deleted_only_after_a_yes() -> None:
    async with talk_to(LISTS) as talk:
        await talk.say("add tent to my camping list")
        assert (await talk.say("delete the camping list")).asks
        await talk.say("no")
        assert (await talk.say("what's on the camping list")).text == "On the camping list: tent."
        await talk.say("delete the camping list")
        assert (await talk.say("yes")).text == "The camping list is deleted."
        assert (await talk.say("what's on the camping list")).text == "There is no camping list."
