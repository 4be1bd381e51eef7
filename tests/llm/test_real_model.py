"""The language model itself, where it was pulled or built: words, sentences, prefixes, an end to what nobody wants."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.llm.chat_template import ChatTemplate, Message
from assistant.llm.engine import Ended, Engine, Limits, Request
from assistant.llm.form import Form
from assistant.llm.prefixes import PrefixStore

pytestmark = pytest.mark.models

SYSTEM = Message("system", "You answer in one short sentence. " * 12)


@pytest.fixture(scope="module")
def folder(models_dir: Path) -> Path:
    found = models_dir / "smollm2-135m"
    if not (found / "form.json").is_file():
        pytest.skip("the language model was not pulled (assistant models pull smollm2-135m)")
    return found


@pytest.fixture
async def engine(folder: Path, tmp_path: Path) -> AsyncIterator[Engine]:
    running = Engine(folder, SystemClock(), PrefixStore(tmp_path))
    yield running
    await running.close()


async def asked(engine: Engine, folder: Path, question: str, limits: Limits) -> Request:
    template = ChatTemplate(Form.read(folder).chat_template)
    rendered = template.render([SYSTEM, Message("user", question)], (await engine.tokenizer()).harmless)
    return Request(rendered.prompt, rendered.prefix, limits, is_plain=True)


async def test_a_question_is_answered_in_sentences_and_words_of_its_subject(engine: Engine, folder: Path) -> None:
    request = await asked(engine, folder, "What is the capital of France?", Limits(40))
    async with engine.stream(request) as generation:
        sentences = [sentence async for sentence in generation.sentences()]
    assert "Paris" in sentences[0]
    assert sentences[0].endswith(".")
    assert generation.completion.ended in (Ended.STOP, Ended.LENGTH, Ended.LOOP)


async def test_a_stored_prefix_saves_most_of_the_time_and_changes_no_word(engine: Engine, folder: Path) -> None:
    request = await asked(engine, folder, "Name a colour.", Limits(12))
    computed = await engine.complete(request)
    await engine.unload()
    await engine.load()
    restored = await engine.complete(request)
    assert restored.tokens == computed.tokens
    assert restored.reused_tokens > 0.8 * restored.prompt_tokens
    assert (restored.first_token_s or 9) < (computed.first_token_s or 0) / 2


async def test_a_long_prompt_is_given_up_at_once(engine: Engine) -> None:
    await engine.load()
    reading = asyncio.create_task(engine.complete(Request("The quick brown fox. " * 350)))
    await asyncio.sleep(0.05)  # it takes half a second and more
    assert engine.is_busy
    began_s = time.monotonic()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await engine.load()  # the next in the queue
    assert time.monotonic() - began_s < 0.25  # 50 ms, and what a busy machine takes
