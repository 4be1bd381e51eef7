from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.errors import ModelDamaged, ModelMissing
from assistant.llm.pointer.layout import Shown, layout
from assistant.llm.pointer.model import PointerForm
from assistant.llm.pointer.safetensors import read_tensors
from assistant.llm.pointer.shape import CALLS, HEADS, KEYS, LINEARS, Shape, linear

torch = pytest.importorskip("torch", reason="adaptation is an extra")

from assistant.llm.pointer.export import merged  # noqa: E402 – only where torch is
from assistant.llm.pointer.graph import write_graph  # noqa: E402
from assistant.llm.pointer.learning import Goal, Learner, Lesson  # noqa: E402

_SHAPE = Shape(hidden=16, heads=2, layers=2, inner=24)
_SHOWN = Shown("turn on the lamp", ("lamp", "fan"), ("attic",), ())


def _encode(text: str) -> list[int]:
    return [110 + sum(map(ord, text)) % 40]


def _base() -> dict[str, Any]:
    random = np.random.default_rng(1)
    sizes = {
        "embeddings.word_embeddings.weight": (160, 16), "embeddings.position_embeddings.weight": (64, 16),
        "embeddings.token_type_embeddings.weight": (2, 16), "embeddings.LayerNorm.weight": (16,),
        "embeddings.LayerNorm.bias": (16,),
    }  # fmt: skip
    for layer in range(_SHAPE.layers):
        for part in LINEARS:
            rows = 24 if part == "intermediate.dense" else 16
            columns = 24 if part == "output.dense" else 16
            sizes |= {f"{linear(layer, part)}.weight": (rows, columns), f"{linear(layer, part)}.bias": (rows,)}
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            sizes |= {f"{linear(layer, norm)}.weight": (16,), f"{linear(layer, norm)}.bias": (16,)}
    return {name: random.normal(size=size).astype(np.float32) for name, size in sizes.items()}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _learner() -> Learner:
    learner = Learner(_base(), _SHAPE, classes=3, rank=4, seed=1)
    with torch.no_grad():
        for name, part in learner.parts.items():
            if name.endswith(".up"):
                part.normal_(0, 0.3)
    return learner


def test_the_graph_computes_what_was_trained(tmp_path: Path) -> None:
    import onnxruntime

    learner = _learner()
    parts = {name: part.detach().numpy() for name, part in learner.parts.items()}
    write_graph(merged(_base(), parts, _SHAPE), _SHAPE, tmp_path / "pointer.onnx")
    laid = layout(_SHOWN, _encode)
    places = {"words": laid.words, "queries": laid.queries, "things": laid.things, "places": laid.places}
    feeds = {name: np.array(at, np.int64) for name, at in {"ids": laid.ids, **places}.items()}
    session = onnxruntime.InferenceSession(tmp_path / "pointer.onnx", providers=["CPUExecutionProvider"])
    found = dict(zip(("classes", *HEADS), session.run(["classes", *HEADS], feeds), strict=True))
    with torch.no_grad():
        values = learner.encoded(torch.tensor([laid.ids]), torch.ones(1, len(laid.ids), dtype=torch.bool))
        words = values[:, list(laid.words[1:])]
        keys = {"thing": values[:, list(laid.things)], "place": values[:, list(laid.places)], "first": words}
        for call in range(CALLS):
            classes, pointed = learner.scores(values[:, laid.queries[call]], {**keys, "last": words})
            for name, logits in (("classes", classes), *pointed.items()):
                wanted = torch.log_softmax(logits, -1).numpy()[0]
                np.testing.assert_allclose(found[name][call], wanted, atol=1e-4)
    assert set(KEYS.values()) == {"thing", "place", "first", "last"}


def test_the_loss_does_not_depend_on_what_stands_beside_in_a_batch() -> None:
    learner = _learner()
    short = Lesson(layout(Shown("dim", (), (), ()), _encode), Goal((0, 0), {}))
    long = Lesson(layout(_SHOWN, _encode), Goal((1, 0), {(0, "named0"): 1}))
    with torch.no_grad():
        alone = [float(learner.loss([each])) for each in (short, long)]
        assert float(learner.loss([short, long])) == pytest.approx(sum(alone) / 2, abs=1e-4)


def _safetensors(header: bytes, data: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header + data


def test_tensors_are_read(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    header = json.dumps({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {}})
    (tmp_path / "m").write_bytes(_safetensors(header.encode(), values.tobytes()))
    np.testing.assert_array_equal(read_tensors(tmp_path / "m")["a"], values)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.binary(max_size=40).map(lambda body: _safetensors(body, b"1234")))
def test_any_bytes_are_read_or_told_to_be_damaged(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(data)
    try:
        read_tensors(tmp_path / "m")
    except ModelDamaged:
        return


def test_a_form_is_read_back_or_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        PointerForm.read(tmp_path)
    form = PointerForm(("", "turn_on"), "ab")
    form.write(tmp_path)
    assert PointerForm.read(tmp_path) == form
    (tmp_path / "pointer.json").write_text('{"version": 7}', encoding="utf-8")
    with pytest.raises(ModelDamaged):
        PointerForm.read(tmp_path)
