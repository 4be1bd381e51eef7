"""Every turn ends in words, and in true ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest

from assistant.core.turn import (
    Chat,
    Command,
    Commands,
    DialogueAct,
    Outcome,
    OutcomeStatus,
    Question,
    QuestionKind,
    Stage,
)
from tests.acting.parts import Bench, ask, commands, said, text_of


async def test_a_command_is_done_and_told() -> None:
    bench = Bench()
    bench.skills.table["home", "did", "en"] = ["{{ verb }} {{ names }}."]
    bench.understander.plans["lamp"] = commands("on lamp")
    turn = await ask(bench.conversation(), "lamp")
    assert text_of(turn) == "on lamp."
    assert bench.home.sent == [("lamp", "on")]
    assert list(turn.stages) == [Stage.TRANSCRIPT, Stage.PLAN, Stage.ACTED, Stage.REPLY]
    assert not turn.error


async def test_what_is_dangerous_needs_a_yes() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["unlock"] = commands("unlock front")
    turn = await ask(conversation, "unlock")
    assert text_of(turn) == "Shall I really unlock the front door?"
    assert turn.reply is not None
    assert turn.reply.expects_answer
    assert bench.home.sent == []
    assert text_of(await ask(conversation, "yes")) == "Did it."
    assert bench.home.sent == [("front", "unlock")]


async def test_no_does_nothing_and_a_later_yes_neither() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["unlock"] = commands("unlock front")
    await ask(conversation, "unlock")
    assert text_of(await ask(conversation, "no")) == "All right, I leave it as it is."
    assert (await ask(conversation, "yes")).outcomes == ()
    assert bench.home.sent == []


async def test_a_plan_cannot_confirm_itself() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["sly"] = Commands((Command("home.do", {"do": "unlock front"}, is_confirmed=True),))
    assert (await ask(conversation, "sly")).outcomes[0].status is OutcomeStatus.ASKED
    bench.understander.plans["slyer"] = Commands((Command("home.do", {"do": "unlock back"}, is_confirmed=True),))
    assert (await ask(conversation, "slyer")).outcomes[0].status is OutcomeStatus.ASKED
    assert bench.home.sent == []


async def test_an_open_question_expires() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["unlock"] = commands("unlock front")
    await ask(conversation, "unlock")
    bench.clock.seconds += 31
    await ask(conversation, "yes")
    assert bench.home.sent == []


async def test_another_partner_cannot_answer_the_question() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["unlock"] = commands("unlock front")
    await ask(conversation, "unlock", channel="kitchen")
    await ask(conversation, "yes", channel="street")
    assert bench.home.sent == []
    await ask(conversation, "yes", channel="kitchen")
    assert bench.home.sent == [("front", "unlock")]


async def test_words_nobody_understood_leave_the_question_open_but_another_command_closes_it() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans |= {"unlock": commands("unlock front"), "lamp": commands("on lamp")}
    await ask(conversation, "unlock")
    mumbled = await ask(conversation, "mumble")
    assert mumbled.reply is not None
    assert mumbled.reply.expects_answer
    await ask(conversation, "lamp")
    await ask(conversation, "yes")
    assert bench.home.sent == [("lamp", "on")]


async def test_the_dangerous_command_of_a_plan_is_asked_and_the_others_run() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["all"] = commands("unlock front", "on lamp", "unlock back")
    turn = await ask(conversation, "all")
    assert bench.home.sent == [("lamp", "on")]
    assert [outcome.status for outcome in turn.outcomes] == [
        OutcomeStatus.ASKED,
        OutcomeStatus.DONE,
        OutcomeStatus.REFUSED,
    ]
    await ask(conversation, "yes")
    assert bench.home.sent == [("lamp", "on"), ("front", "unlock")]


async def test_a_missing_slot_is_asked_with_the_skills_words() -> None:
    bench = Bench()
    question = Question(QuestionKind.SLOT, "timer", "how_long", Command("timer.set"), slot="duration")
    bench.skills.table["timer", "how_long", "en"] = ["For how long?"]
    bench.understander.plans["timer"] = question
    turn = await ask(bench.conversation(), "timer")
    assert text_of(turn) == "For how long?"
    assert turn.reply is not None
    assert turn.reply.expects_answer


async def test_a_failing_understander_still_gives_words() -> None:
    bench = Bench()
    bench.understander.plans["boom"] = ZeroDivisionError("inside")
    turn = await ask(bench.conversation(), "boom")
    assert text_of(turn) == "Something went wrong inside me, and I could not finish that."
    assert turn.error == "ZeroDivisionError: inside"


async def test_what_was_done_before_a_failure_is_told() -> None:
    bench = Bench()
    bench.skills.outcomes["bad"] = RuntimeError("broken")
    bench.understander.plans["both"] = Commands((*commands("on lamp").commands, Command("bad")))
    turn = await ask(bench.conversation(), "both")
    assert text_of(turn) == "Did it. Something went wrong inside me, and I could not finish that."
    assert turn.outcomes[0].status is OutcomeStatus.DONE


async def test_a_turn_that_takes_too_long_ends_in_words() -> None:
    bench = Bench(turn_s=0.02)
    bench.skills.hang.add("slow")
    bench.understander.plans["both"] = Commands((*commands("on lamp").commands, Command("slow")))
    turn = await ask(bench.conversation(), "both")
    assert text_of(turn) == "Did it. That is taking too long, so I stopped waiting for it."
    assert "0.02" in turn.error


async def test_a_time_out_inside_a_stage_is_no_slow_turn() -> None:
    bench = Bench()
    bench.understander.plans["late"] = TimeoutError()
    assert "wrong inside me" in text_of(await ask(bench.conversation(), "late"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("  ", "I didn't hear anything."), ("a" * 501, "That was too long for me. Please say it in fewer words.")],
)
async def test_empty_and_endless_words_are_not_even_understood(text: str, words: str) -> None:
    bench = Bench()
    assert text_of(await ask(bench.conversation(), text)) == words
    assert bench.understander.situations == []


async def test_partial_failure_is_told_in_one_answer() -> None:
    bench = Bench()
    bench.skills.outcomes = {
        "one": Outcome(OutcomeStatus.DONE, "did", {}, "home"),
        "two": Outcome(OutcomeStatus.UNAVAILABLE, "unavailable", {"names": ("fan",)}),
    }
    bench.understander.plans["both"] = Commands((Command("one"), Command("two")))
    assert text_of(await ask(bench.conversation(), "both")) == "Did it. fan can't be reached."


async def test_repeat_says_the_last_reply_again() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans |= {"again": DialogueAct.REPEAT, "lamp": commands("on lamp")}
    assert text_of(await ask(conversation, "again")) == "I haven't said anything yet."
    await ask(conversation, "lamp")
    assert text_of(await ask(conversation, "again")) == "Did it."


async def test_stop_silences_what_sounds_and_says_so() -> None:
    bench = Bench()
    sounding = [True]
    conversation = bench.conversation(stop_sound=lambda: bool(sounding) and sounding.pop())
    bench.understander.plans["stop"] = DialogueAct.STOP
    assert text_of(await ask(conversation, "stop")) == "Stopped."
    assert text_of(await ask(conversation, "stop")) == "There is nothing to stop."


class Talker:
    """Says three sentences, with a pause that lasts for ever when told so."""

    def __init__(self, hangs: bool = False) -> None:
        self.hangs = hangs
        self.is_closed = False

    async def answer(self, prompt: str, language: str) -> AsyncGenerator[str, None]:
        try:
            yield f"You said {prompt}."
            if self.hangs:
                await asyncio.Event().wait()
            yield "Good."
        finally:
            self.is_closed = True


async def test_chat_answers_in_free_words_and_does_nothing() -> None:
    bench = Bench()
    bench.understander.plans["hi"] = Chat("hi")
    assert text_of(await ask(bench.conversation(chatter=Talker()), "hi")) == "You said hi. Good."
    assert text_of(await ask(bench.conversation(), "hi")) == "I don't know that."


async def test_a_chat_that_hangs_is_closed_and_keeps_what_it_said() -> None:
    bench = Bench(turn_s=0.02)
    bench.understander.plans["hi"] = Chat("hi")
    talker = Talker(hangs=True)
    turn = await ask(bench.conversation(chatter=talker), "hi")
    assert text_of(turn).startswith("You said hi. That is taking too long")
    assert talker.is_closed


async def test_turns_of_one_partner_wait_for_each_other_and_others_do_not() -> None:
    bench = Bench(turn_s=0.05)
    conversation = bench.conversation()
    bench.skills.hang.add("slow")
    bench.understander.plans |= {"slow": Commands((Command("slow"),)), "lamp": commands("on lamp")}
    slow = asyncio.create_task(conversation.take(said("slow")))
    after = asyncio.create_task(conversation.take(said("lamp")))
    await conversation.take(said("lamp", channel="other"))
    assert bench.home.sent == [("lamp", "on")]
    await asyncio.gather(slow, after)
    assert bench.home.sent == [("lamp", "on")] * 2


async def test_the_trace_keeps_the_last_turns_as_text_and_json() -> None:
    bench = Bench()
    conversation = bench.conversation()
    bench.understander.plans["lamp"] = commands("on lamp")
    for _ in range(51):
        turn = await ask(conversation, "lamp")
    assert len(bench.trace.turns()) == 50
    assert bench.trace.last() is turn
    plain = json.loads(json.dumps(bench.trace.as_json(turn)))
    assert plain["transcript"]["text"] == "lamp"
    assert plain["outcomes"][0]["values"] == {"verb": "on", "names": ["lamp"]}
    assert set(plain["stage_ms"]) == {"plan", "acted", "reply"}
    text = bench.trace.as_text(turn)
    assert "heard    'lamp'" in text
    assert "reply    'Did it.'" in text
