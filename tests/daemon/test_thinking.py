"""Which language model thinks, and that all else works without one."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.home import HomeView
from assistant.core.settings import LlmSettings, Settings
from assistant.core.turn import Situation, Source, Transcript
from assistant.daemon.thinking import Thinking, chosen_model, thinking_for
from assistant.models import ModelStore
from assistant.testing.clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
MODEL = "smollm2-135m"


def thinking(models_dir: Path, store: Path, **llm: object) -> Thinking:
    settings = Settings(llm=LlmSettings(**llm))  # type: ignore[arg-type]  # whatever a test sets
    return thinking_for(settings, ModelStore(models_dir), FakeClock(), BERLIN, store)


def own_model(models_dir: Path, name: str = "mine") -> Path:
    """A folder put there by hand: taken as it is, until it is loaded."""
    folder = models_dir / name
    folder.mkdir(parents=True)
    return folder


async def test_without_a_model_chat_knows_what_it_needs_none_for(tmp_path: Path) -> None:
    made = thinking(tmp_path / "models", tmp_path / "prompts")
    assert "no language model was pulled" in made.why_not
    assert made.planner is None
    assert made.parts(FakeClock(), "en") == {}
    assert made.chat is not None
    made.use((), HomeView((), ()))
    said = Transcript("will it rain", "en", "typed")
    assert await made.chat.plan(said, Situation("en", Source.TYPED)) is not None
    assert made.counts()["llm_loaded"] == 0
    await made.close()


def test_no_model_of_that_name_is_told_and_costs_the_model_only(tmp_path: Path) -> None:
    made = thinking(tmp_path / "models", tmp_path / "prompts", model="nowhere")
    assert "nowhere" in made.why_not
    assert made.chat is not None
    assert made.planner is None


async def test_what_is_switched_off_is_not_there(tmp_path: Path) -> None:
    own_model(tmp_path / "models")
    made = thinking(tmp_path / "models", tmp_path / "prompts", model="mine", planner=False, chat=False)
    assert (made.chat, made.planner, made.engines) == (None, None, {})


async def test_both_tiers_share_one_model_unless_they_are_given_two(tmp_path: Path) -> None:
    own_model(tmp_path / "models")
    own_model(tmp_path / "models", "other")
    shared = thinking(tmp_path / "models", tmp_path / "prompts", model="mine", planner=True)
    assert list(shared.engines) == ["mine"]
    assert shared.planner is not None
    apart = thinking(tmp_path / "models", tmp_path / "prompts", model="mine", planner=True, planner_model="other")
    assert list(apart.engines) == ["mine", "other"]
    assert not apart.engines["mine"].is_loaded  # nothing is loaded before it is needed
    await shared.close()
    await apart.close()


async def test_an_encoder_plans_and_does_not_talk(tmp_path: Path) -> None:
    own_model(tmp_path / "models")
    (own_model(tmp_path / "models", "points") / "pointer.json").write_text("{}")
    made = thinking(tmp_path / "models", tmp_path / "prompts", model="mine", planner=True, planner_model="points")
    assert list(made.engines) == ["mine"]
    assert made.planner is not None
    said = Transcript("make it cosy", "en", "typed")
    assert await made.planner.plan(said, Situation("en", Source.TYPED)) is None  # it is damaged
    assert made.planner.why == "the language model can't be used"
    await made.close()
    made = thinking(tmp_path / "models", tmp_path / "prompts", model="points")
    assert "llm.planner_model" in made.why_not


async def test_a_damaged_model_is_an_honest_answer_and_no_plan(tmp_path: Path) -> None:
    own_model(tmp_path / "models")
    made = thinking(tmp_path / "models", tmp_path / "prompts", model="mine", planner=True)
    situation = Situation("en", Source.TYPED)
    assert made.planner is not None
    assert made.chat is not None
    assert await made.planner.plan(Transcript("make it cosy", "en", "typed"), situation) is None
    assert made.planner.why == "the language model can't be used"
    said = [sentence async for sentence in made.chat.answer("why is the sky blue", situation)]
    assert said == ["I can't think about that just now."]
    await made.close()


def test_the_smallest_model_that_was_pulled_is_taken(tmp_path: Path) -> None:
    assert chosen_model("", ModelStore(tmp_path)) is None


@pytest.mark.models
async def test_the_pulled_model_is_loaded_behind_the_start_and_given_back(models_dir: Path, tmp_path: Path) -> None:
    if not (models_dir / MODEL).is_dir():
        pytest.skip(f"{MODEL} is not installed (run: make setup)")
    made = thinking(models_dir, tmp_path / "prompts", model=MODEL)
    assert made.chat is not None
    await made.chat.prepare("en")
    assert made.counts()["llm_loaded"] == 1
    said = [sentence async for sentence in made.chat.answer("what is an apple", Situation("en", Source.TYPED))]
    assert said
    assert made.counts()["chat_free"] == 1
    await made.close()
