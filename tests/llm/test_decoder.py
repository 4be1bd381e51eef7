"""The decoder: keys and values in place, in whatever portions the tokens come."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import psutil
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from assistant.core.errors import InputError, ModelDamaged, ModelMissing
from assistant.llm.cache import KvCache
from assistant.llm.decoder import CHUNK_TOKENS, Cancelled, Context, LanguageModel, Stopper
from assistant.llm.sampling import log_probability
from assistant.llm.session import fault_of
from tests.llm.tiny import POSITIONS, VOCAB, tokenizer_json, write_model

ROUNDING = 0.3
"""Activations are rounded to 8 bits: another order of sums moves a logit (they spread over ten) by so much."""
TEXT = list(b"The kettle is on and the windows are shut, so nobody heard the door." * 9)


def test_a_prompt_gives_the_same_in_one_run_and_in_portions(tiny: LanguageModel) -> None:
    whole, parts = tiny.context(), tiny.context()
    expected = whole.feed(TEXT)
    for start in range(0, len(TEXT) - 1, 97):
        parts.feed(TEXT[start : min(start + 97, len(TEXT) - 1)])
    assert_allclose(parts.feed(TEXT[-1:]), expected, atol=ROUNDING)
    assert parts.tokens == tuple(TEXT)


def test_logits_of_every_token_are_those_that_feeding_one_by_one_gives(tiny: LanguageModel) -> None:
    each = tiny.context().feed_each(TEXT[:300])
    one_by_one = tiny.context()
    assert each.shape == (300, VOCAB)
    assert_allclose(each, np.stack([one_by_one.feed([token]) for token in TEXT[:300]]), atol=ROUNDING)


def test_a_rewound_context_is_one_that_never_read_further(tiny: LanguageModel) -> None:
    context, fresh = tiny.context(), tiny.context()
    context.feed(TEXT)
    context.rewind(40)
    fresh.feed(TEXT[:40])
    assert context.tokens == tuple(TEXT[:40])
    assert_allclose(context.feed([7, 8, 9]), fresh.feed([7, 8, 9]), atol=ROUNDING)


def test_a_fork_goes_its_own_way(tiny: LanguageModel) -> None:
    context = tiny.context()
    context.feed(TEXT[:50])
    fork = context.fork()
    fork.feed([1, 2, 3])
    expected = tiny.context()
    expected.feed(TEXT[:50])
    assert_allclose(context.feed([9]), expected.feed([9]), atol=ROUNDING)
    assert fork.tokens == (*TEXT[:50], 1, 2, 3)
    assert tiny.context().fork().tokens == ()


def test_buffers_grow_with_what_is_read_and_keep_it(tiny: LanguageModel) -> None:
    context, fresh = tiny.context(), tiny.context()
    context.feed(TEXT[:10])
    small = context.cache.room
    context.feed(TEXT[10:600])
    assert small < 600 <= context.cache.room
    assert_allclose(context.feed([1]), fresh.feed([*TEXT[:600], 1]), atol=ROUNDING)


def test_untouched_room_costs_no_memory(tiny: LanguageModel) -> None:
    cache = KvCache(replace(tiny.form, layers=8, head_dim=64, max_positions=60_000))
    before = psutil.Process().memory_info().rss
    cache.reserve(50_000, used=0)
    assert sum(buffer.nbytes for buffer in cache.buffers) == 60_000 * cache.position_bytes > 400_000_000
    assert psutil.Process().memory_info().rss - before < 20_000_000


def test_more_than_the_positions_of_the_model_is_refused(tiny: LanguageModel) -> None:
    context = tiny.context()
    with pytest.raises(InputError, match="too long"):
        context.feed([1] * (POSITIONS + 1))
    context.feed([1] * POSITIONS)
    with pytest.raises(InputError):
        context.feed([1])
    assert len(context.tokens) == POSITIONS


def test_nothing_to_read_is_told(tiny: LanguageModel) -> None:
    with pytest.raises(InputError):
        tiny.context().feed([])


def test_scores_are_the_probabilities_of_the_continuations(tiny: LanguageModel) -> None:
    context = tiny.context()
    context.feed(TEXT[:30])
    scores = context.score([[5], [6, 7, 8], [6, 7]])
    assert context.tokens == tuple(TEXT[:30])
    follower = tiny.context()
    logits = follower.feed_each([*TEXT[:30], 6, 7])
    expected = [log_probability(logits[29], 6), log_probability(logits[30], 7), log_probability(logits[31], 8)]
    assert_allclose(scores[0], log_probability(logits[29], 5), atol=ROUNDING)
    assert_allclose(scores[1:], [sum(expected), sum(expected[:2])], atol=ROUNDING)


def test_a_graph_that_takes_lengths_scores_all_in_one_run(tiny: LanguageModel, tmp_path: Path) -> None:
    model = LanguageModel.load(with_lengths(write_model(tmp_path / "model")), threads=1)
    continuations = [[5, 6, 7], [8, 9], [1, 2, 3], [8, 9, 10]]
    scores = []
    for one in (tiny, model):
        context = one.context()
        context.feed(TEXT[:30])
        scores.append(context.score(continuations))
        assert context.tokens == tuple(TEXT[:30])
    assert model.has_lengths
    assert not tiny.has_lengths
    assert_allclose(scores[1], scores[0], atol=ROUNDING)


def with_lengths(folder: Path) -> Path:
    """Give the graph the optional input: how many tokens of each sequence count."""
    graph = onnx.load(folder / "model.onnx", load_external_data=False)
    graph.graph.input.append(onnx.helper.make_tensor_value_info("query_lens", onnx.TensorProto.INT32, ["batch"]))
    for node in graph.graph.node:
        if node.op_type == "GroupQueryAttention":
            node.input.extend([""] * (16 - len(node.input)) + ["query_lens"])
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    return folder


@pytest.mark.parametrize("continuations", [[[]], [[1], []]])
def test_nothing_to_weigh_is_told(tiny: LanguageModel, continuations: list[list[int]]) -> None:
    context = tiny.context()
    context.feed([1])
    with pytest.raises(InputError):
        context.score(continuations)
    with pytest.raises(InputError):
        tiny.context().score([[1]])


def test_a_stopped_context_reads_no_further_and_goes_on_with_another_stopper(tiny: LanguageModel) -> None:
    context = tiny.context()
    context.feed(TEXT[:20])
    context.stopper.stop()
    with pytest.raises(Cancelled):
        context.feed(TEXT[20:40])
    assert context.tokens == tuple(TEXT[:20])
    context.stopper = Stopper()
    assert_array_equal(context.feed(TEXT[20:40]), tiny.context().feed(TEXT[:40]))


def test_a_run_is_stopped_from_another_thread_in_its_midst(tiny: LanguageModel) -> None:
    context = tiny.context()
    timer = threading.Timer(0.005, context.stopper.stop)
    timer.start()
    with pytest.raises(Cancelled):
        _read_for_ever(context)
    timer.join()
    assert len(context.tokens) in range(0, len(TEXT), CHUNK_TOKENS)


def _read_for_ever(context: Context) -> None:
    while True:
        context.rewind(0)
        context.feed(TEXT)


def test_a_model_that_was_never_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        LanguageModel.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "form.json"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff garbage", b"{}"])
def test_a_damaged_file_of_a_model_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    folder = write_model(tmp_path / "model")
    (folder / name).write_bytes(content)
    with pytest.raises(ModelDamaged):
        LanguageModel.load(folder)


def test_weights_that_are_cut_short_are_told(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    weights = folder / "weights.bin"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(ModelDamaged):
        LanguageModel.load(folder)


@pytest.mark.parametrize(
    "change", [{"layers": 3}, {"layers": 1}, {"kv_heads": 4}, {"vocab": 300}, {"kv_type": "float16"}, {"kv_type": "x"}]
)
def test_a_form_of_another_graph_is_told(tiny: LanguageModel, tmp_path: Path, change: dict[str, int]) -> None:
    folder = write_model(tmp_path / "model")
    replace(tiny.form, **change).write(folder)
    with pytest.raises(ModelDamaged, match="belong together"):
        LanguageModel.load(folder)


def test_a_tokenizer_of_another_model_is_told(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    other = json.loads(tokenizer_json())
    other["model"]["vocab"] |= {f"word{number}": 1000 + number for number in range(VOCAB)}
    (folder / "tokenizer.json").write_text(json.dumps(other), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="belong together"):
        LanguageModel.load(folder)


def test_too_little_memory_is_told_apart_from_damage() -> None:
    short = fault_of("it failed", RuntimeError("Failed to allocate memory for requested buffer of size 9000000"))
    assert short.may_retry
    assert "memory" in short.why
    assert not isinstance(short, ModelDamaged)
    assert isinstance(fault_of("it failed", RuntimeError("bad shape")), ModelDamaged)


def test_another_build_of_a_model_has_another_key(tiny: LanguageModel, tmp_path: Path) -> None:
    other = LanguageModel.load(write_model(tmp_path / "other", seed=1), threads=1)
    assert other.key != tiny.key
