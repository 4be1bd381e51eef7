"""A skill's class and its words become intents; every slip is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import SkillLoadError
from assistant.core.intents import SlotKind, SlotSpec
from assistant.skillhost.inspect import Offers, plain_examples
from assistant.skillhost.load import SkillPlace, claim_submodules, load_class
from assistant.skillhost.sentence import slots_of
from tests.skillhost.parts import write_source

SOURCE = '''
from assistant.sdk import AreaName, Context, Duration, Number, Outcome, Skill, Slots, Text, When, home_intent, intent


class Timer(Skill):
    """Sets timers.

    More about it.
    """

    words = {"en": {"set": "Timer set."}}

    @intent("set a timer for {duration}", "timer {duration} [called {label}]")
    async def set(self, ctx: Context, duration: Duration, label: Text | None = None, count: Number = 1) -> Outcome:
        """Set a timer
        for some time."""
        return Outcome.done("set")

    @intent("how long")
    async def left(self, ctx: Context, at: When | None = None, area: AreaName | None = None) -> Outcome:
        """How much is left."""
        return Outcome.told("left")

    @home_intent("HassTurnOn")
    @home_intent("HassTurnOff")
    async def switch(self, ctx: Context, slots: Slots) -> Outcome:
        """Switch things."""
        return Outcome.done("switched")

    async def helper(self) -> None:
        """No intent."""
'''

ENGLISH = """
[sentences]
left = ["what is left [of (the|my) timer]"]

[replies]
left = ["{{ time }} left.", "It's {{ time }}."]

[examples]
try = ["set a timer for ten minutes"]
"""
KOREAN = """
[sentences]
set = ["{duration} 타이머 [맞춰 줘]"]
[replies]
set = "맞췄어요."
"""


def offers_of(folder: Path, source: str = SOURCE, **files: str) -> Offers:
    """What a folder skill offers."""
    claim_submodules()
    write_source(folder / "timer" / "__init__.py", source)
    for language, text in files.items():
        (folder / "timer" / f"{language}.toml").write_text(text, encoding="utf-8")
    return load_class(SkillPlace("timer", folder / "timer", is_user=True)).offers


def test_methods_become_intents_in_their_order(tmp_path: Path) -> None:
    offers = offers_of(tmp_path, en=ENGLISH, ko=KOREAN)
    assert offers.description == "Sets timers."
    assert [offer.spec.name for offer in offers.intents] == ["timer.set", "timer.left", "HassTurnOff", "HassTurnOn"]
    assert [offer.method for offer in offers.intents] == ["set", "left", "switch", "switch"]
    spec = offers.intents[0].spec
    assert spec.description == "Set a timer for some time."
    assert spec.slots == (
        SlotSpec("duration", SlotKind.DURATION, is_required=True),
        SlotSpec("label", SlotKind.TEXT, is_required=False),
        SlotSpec("count", SlotKind.NUMBER, is_required=False),
    )


def test_sentences_come_from_the_decorator_and_the_words_files(tmp_path: Path) -> None:
    offers = offers_of(tmp_path, en=ENGLISH, ko=KOREAN)
    assert offers.intents[0].spec.sentences == {
        "en": ("set a timer for {duration}", "timer {duration} [called {label}]"),
        "ko": ("{duration} 타이머 [맞춰 줘]",),
    }
    assert offers.intents[1].spec.sentences == {"en": ("how long", "what is left [of (the|my) timer]")}


def test_replies_and_examples_come_from_class_and_files(tmp_path: Path) -> None:
    offers = offers_of(tmp_path, en=ENGLISH, ko=KOREAN)
    assert offers.replies == {
        "en": {"set": ("Timer set.",), "left": ("{{ time }} left.", "It's {{ time }}.")},
        "ko": {"set": ("맞췄어요.",)},
    }
    assert plain_examples(offers, "en") == ("set a timer for ten minutes",)


def test_without_examples_plain_sentences_are_offered(tmp_path: Path) -> None:
    assert plain_examples(offers_of(tmp_path), "en") == ("how long",)


@pytest.mark.parametrize(
    ("toml", "line", "why"),
    [
        ("[sentences]\nleft = ['how {many}']\n", 2, "{many} is no parameter"),
        ("[sentences]\nset = ['set a timer']\n", 2, "never says {duration}"),
        ("[sentences]\n\nnobody = ['x']\n", 3, "no intent 'nobody'"),
        ("[sentences]\nswitch = ['x']\n", 2, "Home Assistant's sentences"),
        ("[replies]\na = 'b'\n[repplies]\nc = 'd'\n", 3, "'repplies' is no table"),
        ("[replies]\na = 3\n", 2, "must be words"),
        ("[replies]\na = []\n", 2, "must be words"),
        ("[examples]\nsay = ['x']\n", 2, "no key 'say'"),
        ("replies = 'x'\n", 1, "must be a table"),
        ("[replies]\na = = 'b'\n", 2, "Invalid value"),
    ],
)
def test_a_slip_in_a_words_file_is_named_with_its_line(tmp_path: Path, toml: str, line: int, why: str) -> None:
    with pytest.raises(SkillLoadError) as fault:
        offers_of(tmp_path, en=toml)
    assert str(tmp_path / "timer" / "en.toml") in str(fault.value)
    assert f"line {line}" in str(fault.value)
    assert why in str(fault.value)


@pytest.mark.parametrize(
    ("method", "why"),
    [
        ("@intent('a')\n    def go(self, ctx): pass", "is no coroutine"),
        ("@intent('a {x}')\n    async def go(self, ctx, x): pass", "'x' has no slot type"),
        ("@intent('a {x}')\n    async def go(self, ctx, x: bytes): pass", "bytes"),
        ("@intent('a {x}')\n    async def go(self, ctx, x: 'Nowhere'): pass", "Nowhere"),
        ("@intent('a')\n    async def go(self, ctx, *x: str): pass", "'x' has no slot type"),
        ("@intent('a')\n    async def go(self): pass", "takes (self, ctx"),
        ("@intent()\n    async def go(self, ctx): pass", "no sentence"),
        ("@home_intent('HassTurnOn')\n    async def go(self, ctx): pass", "takes (self, ctx, slots: Slots)"),
        ("@intent('a')\n    @home_intent('HassTurnOn')\n    async def go(self, ctx, s): pass", "don't go together"),
        ("async def go(self, ctx): pass", "no method is marked"),
    ],
)
def test_a_slip_in_the_class_is_named_with_its_line(tmp_path: Path, method: str, why: str) -> None:
    source = f"from assistant.sdk import *\n\nclass A(Skill):\n    {method}\n"
    with pytest.raises(SkillLoadError) as fault:
        offers_of(tmp_path, source)
    assert str(tmp_path / "timer" / "__init__.py") in str(fault.value)
    assert "line 4" in str(fault.value) or "class A" in str(fault.value)
    assert why in str(fault.value)


@pytest.mark.parametrize(
    ("sentence", "slots"),
    [("a (b|c) [d {e}]", {"e"}), ("{a} and {b_2}", {"a", "b_2"}), ("plain", set()), ("[[a] b] (c|(d|e))", set())],
)
def test_slots_of_a_good_sentence(sentence: str, slots: set[str]) -> None:
    assert slots_of(sentence) == slots


@pytest.mark.parametrize(
    "sentence", ["", " ", "a (b", "a )b", "a [b)", "{a", "a}", "{a b}", "{a|b}", "{A}", "<x>", "{}"]
)
def test_a_sentence_that_does_not_parse_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        slots_of(sentence)
