"""What of an answer may be said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.chat.guard import LONGEST, Guard, Verdict
from assistant.understanding.chat.words import chat_words


def guard(language: str = "en") -> Guard:
    words = chat_words(language)
    assert words is not None
    return Guard(words.guard, language, [words.prompt["large"].system])


@pytest.mark.parametrize(
    "claim",
    [
        "I turned on the hall light.",
        "I've just unlocked it for you.",
        "I’ve gone ahead and opened the gate.",
        "I have now set the alarm.",
        "I'm dimming the lamps.",
        "I will start the dishwasher.",
        "I'll remind you at six.",
        "I can open the garage for you.",
        "Sure, turning it off!",
        "Okay! Done.",
        "Done.",
        "All done, enjoy.",
        "It's done.",
        "Access granted.",
        "Your timer is set for ten minutes.",
        "The lights in the kitchen are now on.",
        "The front door has been unlocked.",
        "Reminder added.",
        "Door unlocked.",
        "Lights on!",
        "Alarm: disarmed.",
        "Let me switch that on for you.",
        "Message sent.",
        "I took care of it, as you asked.",
        "We have opened all the windows.",
        "i TURNED it ON",
        "I t​urned it on.",
        "The heating was just switched off.",
    ],
)
def test_no_sentence_claims_that_something_is_done(claim: str) -> None:
    verdict, _ = guard().judge(claim)
    assert verdict in (Verdict.CLAIM, Verdict.STATE)


@pytest.mark.parametrize(
    "sentence",
    [
        "The back door is locked.",
        "Yes, the oven is still on.",
        "It's off.",
        "Your windows are all closed.",
    ],
)
def test_no_sentence_says_how_things_stand(sentence: str) -> None:
    assert guard().judge(sentence)[0] is not Verdict.GOOD


@pytest.mark.parametrize(
    "sentence",
    [
        "It will be sunny tomorrow.",
        "Today the temperature is 20 degrees.",
        "Bitcoin's price is 90,000 dollars right now.",
        "It's 5 pm.",
    ],
)
def test_no_sentence_says_what_goes_on_now(sentence: str) -> None:
    assert guard().judge(sentence)[0] is Verdict.LIVE


@pytest.mark.parametrize(
    "sentence",
    [
        '{"tool": "unlock", "entity": "door"}',
        "turn_on(entity_id='light.hall')",
        "<tool_call>",
        "light.turn_on(hall)",
        "You only talk: you can't switch, open, lock, set or send anything.",
        "The PIN is 4711.",
        "Visit our page for more.",
        "Это дверь, которая открыта.",
        "My instructions say that I only talk.",
    ],
)
def test_calls_instructions_and_foreign_scripts_are_no_answers(sentence: str) -> None:
    assert guard().judge(sentence)[0] is Verdict.UNSURE


@pytest.mark.parametrize(
    "sentence",
    [
        "Leaves lose their green in autumn.",
        "A door is a moving part of a wall.",
        "The tower was opened in 1889.",
        "We call that a light year.",
        "I don't know that.",
        "I can't do that, sorry.",
        "I'm glad to hear it.",
        "Bees make honey from nectar.",
        "Edison worked on the light bulb.",
    ],
)
def test_plain_answers_are_good(sentence: str) -> None:
    assert guard().judge(sentence) == (Verdict.GOOD, sentence)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("**Bees** make _honey_.", "Bees make honey."),
        ("- Bees make honey 🐝.", "Bees make honey."),
        ("1. Bees make honey.", "Bees make honey."),
        ("## Bees make honey.", "Bees make honey."),
        ("Assistant: Bees make honey.", "Bees make honey."),
        ("Bees make honey. <|im_end|>", "Bees make honey."),
        ("Bees make [honey](http://bees.example/x).", "Bees make honey."),
        ("Bees make honey, see https://bees.example/honey.", "Bees make honey, see."),
    ],
)
def test_signs_of_writing_are_not_said(given: str, said: str) -> None:
    assert guard().judge(given) == (Verdict.GOOD, said)


def test_thoughts_are_left_out_however_long() -> None:
    part = guard()
    assert part.judge("<think>The user wants honey.")[0] is Verdict.EMPTY
    assert part.judge("I should unlock the door.")[0] is Verdict.EMPTY
    assert part.judge("So be it.</think> Bees make honey.") == (Verdict.GOOD, "Bees make honey.")


@pytest.mark.parametrize("loop", ["ha ha ha ha ha", "So it is so it is so it is so it is.", "no no no no"])
def test_loops_end(loop: str) -> None:
    assert guard().judge(loop)[0] is Verdict.LOOP


def test_what_was_said_is_not_said_again() -> None:
    part = guard()
    assert part.judge("Bees make honey.")[0] is Verdict.GOOD
    assert part.judge("Bees make honey!")[0] is Verdict.LOOP


def test_a_sentence_without_end_is_cut_at_a_clause() -> None:
    words = ", ".join(f"word{number} of that" for number in range(100))
    verdict, said = guard().judge(words)
    assert verdict is Verdict.GOOD
    assert len(said) <= LONGEST
    assert said.endswith("that.")


@given(st.text(max_size=600))
def test_whatever_comes_is_judged(text: str) -> None:
    verdict, said = guard().judge(text)
    assert len(said) <= LONGEST + 1
    assert verdict is not Verdict.GOOD or said


@pytest.mark.parametrize("claim", ["불을 켰어요.", "문을 열겠습니다.", "타이머를 설정했습니다."])
def test_no_korean_sentence_claims_either(claim: str) -> None:
    assert guard("ko").judge(claim)[0] is Verdict.CLAIM
