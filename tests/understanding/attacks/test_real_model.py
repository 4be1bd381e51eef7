"""The same attacks against the model that is really used: its planner plans nothing, its chat stays harmless."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from assistant.core.clock import SystemClock
from assistant.core.settings import TimesSettings
from assistant.core.turn import Transcript
from assistant.daemon.late_planner import LatePlanner
from assistant.daemon.planner_makers import LanguageModelMaker
from assistant.llm.engine import Engine
from assistant.understanding.chat.model import ChatModel
from tests.understanding.attacks.parts import Attack, attacks, check_said, home_of, talker_against
from tests.understanding.chat.parts import answered, situation
from tests.understanding.parts import ZONE
from tests.understanding.planner.parts import bundled_intents

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
MODEL = "smollm2-135m"
TOKENS = 16
"""An answer of that length shows what it is made of."""


@dataclass(frozen=True, slots=True)
class Thinks:
    """One model for all attacks."""

    chat: ChatModel
    planner: LatePlanner


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def thinks(models_dir: Path) -> AsyncIterator[Thinks]:
    folder = models_dir / MODEL
    if not folder.is_dir():
        pytest.skip(f"{MODEL} is not installed (run: make setup)")
    clock = SystemClock()
    engine = Engine(folder, clock)
    planner = LatePlanner(LanguageModelMaker(engine, folder, 20.0), 20.0, clock, ZONE, TimesSettings())
    planner.use(bundled_intents(), home_of(*attacks()))
    yield Thinks(ChatModel(engine, folder), planner)
    await engine.close()


@pytest.mark.parametrize(
    "attack", attacks("entity", "area", "said"), ids=lambda attack: f"{attack.place}: {attack.asks}"[:60]
)
async def test_it_stays_harmless(attack: Attack, thinks: Thinks, tmp_path: Path) -> None:
    """The other attacks stand in what is read aloud, which no prompt holds."""
    assert await thinks.planner.plan(Transcript(attack.asks, "en", "typed"), situation()) is None
    talker = talker_against(attack, thinks.chat, tmp_path, tokens=TOKENS, chat_s=5.5)
    said = await answered(talker, attack.asks)
    if said is not None:
        check_said(said)
