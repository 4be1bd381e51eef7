"""Chat from words to words: what is answered, by what, within which bounds."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.core.errors import ModelMissing
from assistant.core.home import AreaId
from assistant.core.turn import Command, Question, QuestionKind, Situation, Source, Transcript
from assistant.llm.answer import Ended
from tests.understanding.chat.parts import ScriptedModel, answered, situation, talker


async def test_a_question_is_answered_by_the_model_sentence_by_sentence() -> None:
    model = ScriptedModel("Leaves have a green dye.", "It goes in autumn.")
    part = talker(model)
    assert await answered(part, "why do leaves turn yellow") == ["Leaves have a green dye.", "It goes in autumn."]
    assert part.counts["free"] == 1


async def test_a_small_model_is_told_the_moment_and_the_home_only_where_that_matters() -> None:
    model = ScriptedModel("Fine.")
    part = talker(model)
    await answered(part, "how are mirrors made")
    assert model.told[0][-1].content == "how are mirrors made"
    await answered(part, "what is special about today", area_id=None)
    assert model.told[1][-1].content == (
        "It is Monday, January 5, 10 AM. The rooms of this home: Pantry, Loft. what is special about today"
    )


async def test_a_larger_model_is_told_always() -> None:
    model = ScriptedModel("Fine.")
    model.is_small = False
    await answered(talker(model), "how are mirrors made")
    assert "We are in the Pantry. The rooms of this home: Pantry, Loft." in model.told[0][-1].content
    assert "Juniper" in model.told[0][0].content


async def test_only_so_many_sentences_are_said() -> None:
    model = ScriptedModel(*(f"Sentence {word}." for word in ("one", "two", "three", "four", "five")))
    assert await answered(talker(model), "tell me a story") == ["Sentence one.", "Sentence two."]
    assert model.answers[0].is_closed


async def test_a_claim_is_replaced_and_ends_the_answer() -> None:
    said = await answered(talker(ScriptedModel("I turned on the light.", "Enjoy.")), "why is it dark")
    assert said is not None
    assert len(said) == 1
    assert "plain command" in said[0]


async def test_a_claim_behind_good_sentences_is_left_out() -> None:
    model = ScriptedModel("Leaves have a green dye.", "I have now opened the window.", "Bye.")
    assert await answered(talker(model), "why do leaves turn yellow") == ["Leaves have a green dye."]


async def test_an_answer_of_nothing_is_an_honest_sentence() -> None:
    for model in (ScriptedModel(), ScriptedModel("🎉", "<think>hm"), ScriptedModel("***")):
        said = await answered(talker(model), "why do leaves turn yellow")
        assert said in (["I don't have a good answer to that."], ["I'm not able to answer that well."])


async def test_a_model_that_hangs_is_told_in_time_and_closed() -> None:
    model = ScriptedModel(None)
    said = await asyncio.wait_for(answered(talker(model, chat_s=0.5), "why do leaves turn yellow"), 3)
    assert said is not None
    assert "too long" in said[0]
    assert model.answers[0].is_closed


async def test_what_was_said_before_a_hang_stands() -> None:
    model = ScriptedModel("Leaves have a green dye.", None)
    assert await answered(talker(model, chat_s=0.5), "why do leaves turn yellow") == ["Leaves have a green dye."]


async def test_a_model_that_is_missing_or_broken_is_told() -> None:
    said = await answered(talker(ScriptedModel(error=ModelMissing("gone"))), "why do leaves turn yellow")
    assert said == ["I can't think about that just now."]


async def test_a_cut_off_end_is_left_out() -> None:
    model = ScriptedModel("Leaves have a green dye.", "It goes in the", ended=Ended.LENGTH)
    assert await answered(talker(model), "why do leaves turn yellow") == ["Leaves have a green dye."]
    model = ScriptedModel("Leaves have a green dye that goes in the", ended=Ended.LENGTH)
    assert await answered(talker(model), "why do leaves turn yellow") == ["Leaves have a green dye that goes in the."]


async def test_closing_the_answer_closes_the_model() -> None:
    model = ScriptedModel("Leaves have a green dye.", None)
    part = talker(model)
    async with aclosing(part.answer("why do leaves turn yellow", situation())) as sentences:
        assert await anext(sentences) == "Leaves have a green dye."
    assert model.answers[0].is_closed


async def test_a_fresh_answer_is_gone_on_from_and_a_stale_or_foreign_one_is_not() -> None:
    model = ScriptedModel("Leaves have a green dye.")
    part = talker(model)
    assert await answered(part, "tell me more", area_id=AreaId("loft")) is not None
    assert await answered(part, "and in winter") is None
    await answered(part, "why do leaves turn yellow")
    assert await answered(part, "and in winter") is not None
    assert [message.content for message in model.told[-1][-3:-1]] == [
        "why do leaves turn yellow",
        "Leaves have a green dye.",
    ]
    await answered(part, "how are mirrors made")
    assert len(model.told[-1]) == 2  # a new question needs no old answer


@pytest.mark.parametrize("text", ["open the hatch", "flurble the lamp", "carrot seven"])
async def test_what_is_no_talk_is_left_alone(text: str) -> None:
    model = ScriptedModel("I opened it.")
    assert await answered(talker(model), text) is None
    assert model.told == []


@pytest.mark.parametrize("text", ["will it rain", "what is your pin", "where are my keys", "is the cellar door locked"])
async def test_what_cannot_be_known_never_reaches_the_model(text: str) -> None:
    model = ScriptedModel("Yes.")
    said = await answered(talker(model), text)
    assert said is not None
    assert model.told == []


async def test_without_a_model_what_needs_none_is_answered_and_the_rest_left_alone() -> None:
    part = talker(None)
    assert await answered(part, "who are you") == ["I'm Juniper, a voice assistant. I run on this device alone."]
    assert await answered(part, "which room is this") == ["I'm in the Pantry."]
    assert await answered(part, "which room is this", area_id=None) == ["I wasn't told which room I'm in."]
    assert await answered(part, "why do leaves turn yellow") is None


async def test_a_language_that_the_model_does_not_speak_is_left_alone() -> None:
    part = talker(ScriptedModel("Hello."))
    assert await answered(part, "고양이는 왜 우나요", "ko") is None
    assert await answered(part, "warum ist der Himmel blau", "de") is None
    assert await answered(part, "오늘 날씨 어때", "ko") is not None


async def test_a_note_answers_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "bikes.md").write_text("The lock of the red bicycle opens with 7 2 9.")
    model = ScriptedModel("No.")
    said = await answered(talker(model, notes=tmp_path), "how does the lock of the red bicycle open")
    assert said == ["Your note bikes says: The lock of the red bicycle opens with 7 2 9."]
    assert model.told == []


async def test_a_note_that_was_asked_for_needs_to_fit_less(tmp_path: Path) -> None:
    (tmp_path / "bikes.md").write_text("The lock of the red bicycle opens with 7 2 9.")
    part = talker(None, notes=tmp_path)
    assert await answered(part, "what do my notes say about the bicycle of my aunt") is not None
    assert await answered(part, "what colour is the bicycle of my aunt in Spain") != [
        "Your note bikes says: The lock of the red bicycle opens with 7 2 9."
    ]


async def test_an_open_question_is_none_of_chats_business() -> None:
    part = talker(ScriptedModel("Yes."))
    question = Question(QuestionKind.CONFIRM, "", "confirm", Command("x"))
    asked = Situation("en", Source.TYPED, open_question=question)
    assert await part.plan(Transcript("why do leaves turn yellow", "en", "typed"), asked) is None


async def test_preparing_tells_the_model_what_stays() -> None:
    model = ScriptedModel()
    await talker(model).prepare("ko")
    assert not model.is_prepared
    await talker(model).prepare("en")
    assert model.is_prepared
