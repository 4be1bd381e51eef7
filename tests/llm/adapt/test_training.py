from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.core.errors import ModelError
from assistant.llm.adapt.batches import Pair, Tokens, batches, tokens_of
from assistant.llm.build.architecture import Family
from assistant.llm.build.reference import Reference
from tests.llm.build.tiny import tiny

torch = pytest.importorskip("torch", reason="adaptation is an extra")

from assistant.llm.adapt.network import Network, Rank  # noqa: E402 – only where torch is
from assistant.llm.adapt.training import Plan, Progress, train  # noqa: E402

_ROWS = [Tokens(tuple(range(at, at + 6 + at % 5)), 4) for at in range(30)]
_PLAN = Plan(steps=6, batch=4, rate=0.01, warm_steps=2, save_s=0.0)


class _Stopped(Exception):
    """Stands for the kill."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums are then always added in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _network() -> Network:
    return Network(tiny(Family.LLAMA), Rank(4, 1.0), seed=2)


def _silent(_: Progress) -> None:
    """Nobody listens."""


def _parts(network: Network) -> dict[str, Any]:
    return {name: part.detach().numpy().copy() for name, part in network.parts.items()}


def test_the_network_is_the_decoder_before_it_learns() -> None:
    checkpoint, tokens = tiny(Family.LLAMA), [3, 9, 1, 14, 7, 7, 2]
    reference = Reference(checkpoint)
    wanted = reference.logits(reference.states(tokens))
    network = Network(checkpoint, Rank(4, 1.0), seed=2)
    with torch.no_grad():
        columns = torch.arange(len(tokens))
        logits = network.logits(torch.tensor([tokens]), torch.zeros(len(tokens), dtype=torch.long), columns)
    tolerance = 2e-2 if "bfloat16" in str(network.dtype) else 1e-3
    np.testing.assert_allclose(logits.numpy(), wanted, atol=tolerance)


def test_training_lowers_the_loss_of_the_answers(tmp_path: Path) -> None:
    network = _network()
    before = float(network.loss(_ROWS).detach())
    train(network, _ROWS, Plan(steps=20, batch=6, rate=0.03, warm_steps=2), tmp_path, _silent)
    assert float(network.loss(_ROWS).detach()) < before - 0.5


@pytest.mark.parametrize("stop_after", [1, 4])
def test_training_cut_off_anywhere_ends_as_if_it_had_not_been(stop_after: int, tmp_path: Path) -> None:
    whole = _network()
    train(whole, _ROWS, _PLAN, tmp_path / "whole", _silent)

    def kill(progress: Progress) -> None:
        if progress.step == stop_after + 1:
            raise _Stopped

    with pytest.raises(_Stopped):
        train(_network(), _ROWS, _PLAN, tmp_path / "cut", kill)
    resumed, steps = _network(), []
    train(resumed, _ROWS, _PLAN, tmp_path / "cut", lambda progress: steps.append(progress.step))
    assert steps == list(range(stop_after + 1, _PLAN.steps + 1))
    for name, values in _parts(whole).items():
        np.testing.assert_array_equal(values, _parts(resumed)[name])


def test_a_kill_while_it_saves_leaves_the_checkpoint_before(tmp_path: Path) -> None:
    train(_network(), _ROWS, _PLAN, tmp_path, _silent)
    (tmp_path / "training.new").write_bytes(b"half")
    steps: list[int] = []
    train(_network(), _ROWS, _PLAN, tmp_path, lambda progress: steps.append(progress.step))
    assert steps == []


def test_a_checkpoint_of_another_plan_is_told(tmp_path: Path) -> None:
    train(_network(), _ROWS, _PLAN, tmp_path, _silent)
    with pytest.raises(ModelError, match="another plan"):
        train(_network(), _ROWS[1:], _PLAN, tmp_path, _silent)


def test_a_family_that_cannot_be_adapted_is_told() -> None:
    with pytest.raises(ModelError, match="can't be adapted"):
        Network(tiny(Family.GEMMA3), Rank(), seed=1)


def test_what_was_learnt_is_what_the_network_computes(tmp_path: Path) -> None:
    network = Network(tiny(Family.LLAMA), Rank(4, 3.0), seed=2)
    train(network, _ROWS, _PLAN, tmp_path, _silent)
    learnt = network.learnt()
    down, up = network.factors["layer.0.q"]
    product = 3.0 * (up.detach().numpy() @ down.detach().numpy())
    np.testing.assert_allclose(learnt["layer.0.q.up"] @ learnt["layer.0.q.down"], product, atol=1e-6)


def test_only_the_answer_is_learnt() -> None:
    row = tokens_of(Pair("ab", "cd", "ef"), lambda text: [ord(letter) for letter in text], 0)
    assert (row.ids[: row.start], row.ids[row.start :]) == ((97, 98, 99, 100), (101, 102, 0))


def test_each_round_has_every_row_once() -> None:
    many = -(-len(_ROWS) // 4)
    for start in (0, many):
        taken: Sequence[list[Tokens]] = list(islice(batches(_ROWS, 4, 1), start, start + many))
        assert sorted(row.ids for batch in taken for row in batch) == sorted(row.ids for row in _ROWS)
    assert list(islice(batches(_ROWS, 4, 1), 3)) == list(islice(batches(_ROWS, 4, 1), 3))
