"""The engine: answers in order from one thread, bounded, cancelled at once, unloaded when nobody needs them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from assistant.core.clock import SystemClock
from assistant.core.errors import InputError, ModelDamaged, ModelError, ModelMissing
from assistant.llm.decoder import LanguageModel
from assistant.llm.engine import Ended, Engine, EngineOptions, Limits, Request
from assistant.llm.prefixes import PrefixStore
from assistant.llm.sampling import Sampling
from assistant.testing.clock import FakeClock
from tests.llm.says import Says
from tests.llm.tiny import POSITIONS, write_model

ONE_THREAD = EngineOptions(threads=1)
PREFIX = "You answer in one short sentence. "
LONG = "word " * 220
"""As long a prompt as the tiny model takes, and room for a short answer."""


@asynccontextmanager
async def running(folder: Path, clock: FakeClock | SystemClock | None = None, **parts: object) -> AsyncIterator[Engine]:
    engine = Engine(folder, clock or SystemClock(), options=ONE_THREAD, **parts)  # type: ignore[arg-type]  # by name
    try:
        yield engine
    finally:
        await engine.close()


def says(text: str, *others: str, is_forcing: bool = False) -> Says:
    return Says(*(list(one.encode()) for one in (text, *others)), is_forcing=is_forcing)


def endless(seconds: float = 30.0) -> Request:
    """An answer that goes on until it is stopped: by chance, so that it is no loop."""
    return Request("Tell me", limits=Limits(POSITIONS, seconds), sampling=Sampling(temperature=50.0, seed=1))


@pytest.fixture
async def engine(tiny_folder: Path) -> AsyncIterator[Engine]:
    async with running(tiny_folder) as running_engine:
        yield running_engine


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_ends_with_its_token_budget(engine: Engine) -> None:
    done = await engine.complete(Request("Hello", limits=Limits(max_tokens=5)))
    assert done.ended is Ended.LENGTH
    assert len(done.tokens) == 5
    assert done.prompt_tokens == 5
    assert 0 <= (done.first_token_s or -1) <= done.seconds


async def test_an_answer_ends_where_the_model_ends_it(tmp_path: Path, tiny: LanguageModel) -> None:
    first = int(tiny.context().feed(list(b"Hello")).argmax())
    async with running(write_model(tmp_path / "model", eos=(first,))) as engine:
        done = await engine.complete(Request("Hello"))
    assert (done.text, done.ended, done.tokens) == ("", Ended.STOP, ())


async def test_a_control_token_ends_an_answer_though_it_is_no_end(engine: Engine) -> None:
    done = await engine.complete(Request("Hello", constraint=Says([*b"Yes", 257, *b"<|start|>user"], is_forcing=False)))
    assert (done.text, done.ended) == ("Yes", Ended.STOP)


async def test_the_same_seed_gives_the_same_answer(engine: Engine) -> None:
    request = Request("Hello", limits=Limits(20), sampling=Sampling(temperature=2.0, seed=3))
    assert (await engine.complete(request)).tokens == (await engine.complete(request)).tokens


async def test_an_answer_that_goes_in_circles_is_ended_and_cut(tmp_path: Path) -> None:
    async with running(write_model(tmp_path / "echo", is_echo=True)) as engine:
        done = await engine.complete(Request("ho", limits=Limits(400)))
    assert done.ended is Ended.LOOP
    assert done.text == "o"
    assert len(done.tokens) < 20


async def test_sentences_come_while_the_answer_is_made(engine: Engine) -> None:
    request = Request("Hi", constraint=says("It **rains**. Take a coat. <think>hm</think>"), is_plain=True)
    async with engine.stream(request) as generation:
        sentences = [sentence async for sentence in generation.sentences()]
    assert sentences == ["It rains.", "Take a coat."]
    assert generation.completion.text == "It rains. Take a coat."
    assert generation.completion.removed == {"markup", "thinking"}


async def test_a_stop_text_ends_an_answer(engine: Engine) -> None:
    request = Request("Hi", constraint=says("Blue.\nUser: more"), limits=Limits(stop=("\nUser:",)))
    async with engine.stream(request) as generation:
        pieces = [piece async for piece in generation.pieces()]
    assert "".join(pieces) == "Blue."
    assert generation.completion.ended is Ended.STOP


async def test_the_completion_is_there_only_in_the_end(engine: Engine) -> None:
    async with engine.stream(endless()) as generation:
        with pytest.raises(RuntimeError):
            _ = generation.completion


# ── grammars ─────────────────────────────────────────────────────────────────────────────────────


async def test_forced_tokens_are_no_choices_and_cost_no_runs_of_their_own(engine: Engine) -> None:
    constraint = says("turn on the lamp", "turn off the lamp", is_forcing=True)
    done = await engine.complete(Request("Hi", constraint=constraint, alternative="turn off the lamp"))
    assert done.ended is Ended.STOP
    assert done.text in ("turn on the lamp", "turn off the lamp")
    assert len(done.choices) == constraint.steps == 1
    assert done.choices[0].token in b"nf"
    assert 0 < done.choices[0].allowed_mass < 1


async def test_a_choice_is_weighed_against_the_alternative(engine: Engine) -> None:
    def request(alternative: str) -> Request:
        return Request("Hi", constraint=says("[on]", "[off]", "none", is_forcing=True), alternative=alternative)

    chosen = (await engine.complete(request("none"))).text
    weighed = {text: await engine.complete(request(text)) for text in ("[on]", "[off]", "none", "other")}
    assert weighed[chosen].margin == pytest.approx(0, abs=1e-5)
    assert weighed["other"].margin is None
    likelihoods = [done.alternative_logprob for text, done in weighed.items() if text != "other"]
    assert all(likelihood is not None and likelihood <= 0 for likelihood in likelihoods)
    assert all((done.margin or 0) >= 0 for text, done in weighed.items() if text[:2] != chosen[:2])


async def test_scores_are_lower_for_more_tokens_and_leave_no_trace(engine: Engine) -> None:
    before = await engine.complete(Request("Hello", limits=Limits(5)))
    short, long = await engine.score("", "Hello", [" you", " you there"])
    assert long < short < 0
    assert (await engine.complete(Request("Hello", limits=Limits(5)))).tokens == before.tokens


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_time_budget_ends_an_answer_with_what_there_is(tiny_folder: Path) -> None:
    clock = FakeClock()
    async with (
        running(tiny_folder, clock) as engine,
        engine.stream(endless(seconds=3)) as generation,
        aclosing(generation.pieces()) as pieces,
    ):
        assert await anext(pieces)
        await clock.advance(2.9)
        assert not generation.stopper.is_stopped
        await clock.advance(0.2)
        async for _ in pieces:
            pass
    assert generation.completion.ended is Ended.TIME
    assert generation.completion.text


async def test_a_cancelled_answer_frees_the_thread_at_once(engine: Engine) -> None:
    await engine.load()
    task = asyncio.create_task(engine.complete(endless()))
    await asyncio.sleep(0)
    assert engine.is_busy
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    started_s = time.monotonic()
    done = await engine.complete(Request("Hello", limits=Limits(1)))
    assert done.ended is Ended.LENGTH
    assert time.monotonic() - started_s < 2  # the endless one would take far longer


async def test_leaving_a_stream_cancels_it(engine: Engine) -> None:
    async with engine.stream(endless()) as generation, aclosing(generation.pieces()) as pieces:
        await anext(pieces)
    await engine.complete(Request("Hello", limits=Limits(1)))
    assert generation.completion.ended is Ended.CANCELLED


async def test_a_request_that_was_cancelled_while_it_waited_never_runs(engine: Engine) -> None:
    async with engine.stream(endless()) as first, aclosing(first.pieces()) as pieces:
        await anext(pieces)
        waiting = asyncio.create_task(engine.complete(endless()))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not first.stopper.is_stopped
    assert (await engine.complete(Request("Hello", limits=Limits(1)))).ended is Ended.LENGTH
    assert not engine.is_busy


async def test_the_loop_goes_on_while_the_model_works(engine: Engine) -> None:
    async with engine.stream(endless()) as generation, aclosing(generation.pieces()) as pieces:
        await anext(pieces)
        started_s, turns = time.monotonic(), 0
        while time.monotonic() - started_s < 0.1:
            await asyncio.sleep(0)
            turns += 1
    assert turns > 20


async def test_a_prompt_that_does_not_fit_is_told(engine: Engine) -> None:
    with pytest.raises(InputError, match="too long"):
        await engine.complete(Request("x" * (POSITIONS + 1)))
    with pytest.raises(InputError, match="characters"):
        await engine.complete(Request("x" * 5_000_000))
    with pytest.raises(InputError):
        await engine.complete(Request(""))


async def test_an_answer_ends_with_the_positions_of_the_model(engine: Engine) -> None:
    done = await engine.complete(Request("x" * (POSITIONS - 3), limits=Limits(50)))
    assert (done.ended, len(done.tokens)) == (Ended.LENGTH, 3)


def count(folder: Path) -> int:
    return len(list(folder.iterdir()))


# ── what was read before ─────────────────────────────────────────────────────────────────────────


async def test_a_prefix_is_read_once_kept_on_disk_and_changes_no_answer(tiny_folder: Path, tmp_path: Path) -> None:
    request = Request("Hello", PREFIX, Limits(8))
    async with running(tiny_folder, prefixes=PrefixStore(tmp_path)) as engine:
        first = await engine.complete(request)
        second = await engine.complete(Request("Who?", PREFIX, Limits(8)))
        again = await engine.complete(request)
        await engine.unload()
        reloaded = await engine.complete(request)
    assert [done.reused_tokens for done in (first, second)] == [0, len(PREFIX)]
    assert again.reused_tokens == reloaded.reused_tokens == len(PREFIX)
    assert first.tokens == again.tokens == reloaded.tokens
    assert count(tmp_path) == 1


async def test_prefixes_can_be_read_ahead(tiny_folder: Path, tmp_path: Path) -> None:
    async with running(tiny_folder, prefixes=PrefixStore(tmp_path)) as engine:
        await engine.load([PREFIX])
        assert engine.is_loaded
        assert count(tmp_path) == 1
        assert (await engine.complete(Request("Hello", PREFIX, Limits(1)))).reused_tokens == len(PREFIX)


async def test_a_conversation_that_goes_on_is_not_read_again(engine: Engine) -> None:
    first = await engine.complete(Request("Hello", limits=Limits(4)))
    more = await engine.complete(Request("Hello" + LONG, limits=Limits(1)))
    assert first.reused_tokens == 0
    assert more.reused_tokens >= len("Hello")


# ── life ─────────────────────────────────────────────────────────────────────────────────────────


async def test_an_idle_model_leaves_the_memory_and_comes_back(tiny_folder: Path) -> None:
    clock = FakeClock()
    async with running(tiny_folder, clock) as engine:
        before = await engine.complete(Request("Hello", limits=Limits(4)))
        await clock.advance(890)
        await engine.look_after()
        assert engine.is_loaded
        await clock.advance(20)
        await engine.look_after()
        assert not engine.is_loaded
        assert (await engine.complete(Request("Hello", limits=Limits(4)))).tokens == before.tokens


async def test_what_was_read_is_forgotten_before_the_weights(tiny_folder: Path) -> None:
    clock = FakeClock()
    async with running(tiny_folder, clock) as engine:
        await engine.complete(Request("Hello", limits=Limits(1)))
        await clock.advance(130)
        await engine.look_after()
        assert engine.is_loaded
        assert (await engine.complete(Request("Hello", limits=Limits(1)))).reused_tokens == 0


async def test_a_model_that_answers_is_never_unloaded(tiny_folder: Path) -> None:
    clock = FakeClock()
    async with (
        running(tiny_folder, clock, free_bytes=lambda: 50_000_000) as engine,
        engine.stream(endless(seconds=9000)) as generation,
        aclosing(generation.pieces()) as pieces,
    ):
        await anext(pieces)
        await clock.advance(1000)
        await engine.look_after()
        assert engine.is_loaded
        assert await anext(pieces)


async def test_a_model_leaves_when_memory_is_short(tiny_folder: Path) -> None:
    clock, free = FakeClock(), [10_000_000_000]
    async with running(tiny_folder, clock, free_bytes=lambda: free[0]) as engine:
        await engine.load()
        await engine.look_after()
        assert engine.is_loaded
        free[0] = 50_000_000
        await engine.look_after()
        assert not engine.is_loaded
        free[0] = 1000
        with pytest.raises(ModelError, match="memory") as told:
            await engine.complete(Request("Hello"))
        assert told.value.may_retry


async def test_the_watch_looks_after_it_again_and_again(tiny_folder: Path) -> None:
    clock, asked = FakeClock(), [0]

    def free_bytes() -> int:
        asked[0] += 1
        return 10_000_000_000

    async with running(tiny_folder, clock, free_bytes=free_bytes) as engine:
        await engine.load()
        before = asked[0]
        watch = asyncio.create_task(engine.watch())
        await clock.advance(35)
        watch.cancel()
        assert asked[0] - before == 3


async def test_a_model_that_is_missing_or_damaged_is_told_to_everyone_who_asks(tmp_path: Path) -> None:
    async with running(tmp_path / "nothing") as engine:
        for _ in range(2):
            with pytest.raises(ModelMissing):
                await engine.complete(Request("Hello"))
        with pytest.raises(ModelMissing):
            await engine.tokenizer()
    folder = write_model(tmp_path / "model")
    (folder / "model.onnx").write_bytes(b"damaged")
    async with running(folder) as engine:
        with pytest.raises(ModelDamaged):
            await engine.load()


async def test_closing_ends_what_runs_and_what_waits(tiny_folder: Path) -> None:
    engine = Engine(tiny_folder, SystemClock(), options=ONE_THREAD)
    async with asyncio.timeout(20):
        tasks = [asyncio.create_task(engine.complete(endless())) for _ in range(3)]
        await asyncio.sleep(0)
        await engine.close()
        ended = await asyncio.gather(*tasks)
    assert [one.ended for one in ended] == [Ended.CANCELLED] * 3
    with pytest.raises(ModelError):
        await engine.complete(Request("Hello"))


async def test_the_tokenizer_comes_without_the_weights(engine: Engine) -> None:
    assert (await engine.tokenizer()).encode("Hi") == [72, 105]
    assert not engine.is_loaded
