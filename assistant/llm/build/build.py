"""Builds a model folder from a checkpoint: graph, weights, tokenizer, form; checked, then renamed into place."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.llm.build.architecture import Architecture
from assistant.llm.build.board import quantization_for, this_board
from assistant.llm.build.checkpoint import BLOCK, Checkpoint
from assistant.llm.form import TOKENIZER_FILE, Checked, Form, Quantization

_DEFAULT_POSITIONS = 8192
_PULL_POSITIONS = 250
"""Checked when a known model is pulled: enough to see that this board's kernels multiply as they should."""
_HEAD_STEP = 16
"""onnxruntime rotates heads of multiples of 16 numbers."""
_LIMITS = {Quantization.Q8: (0.006, 0.01), Quantization.Q4: (0.006, 0.01), Quantization.DQ8: (0.02, 0.02)}
"""The largest KL, and the share by which the perplexity may differ from the reference."""
_PERPLEXITY_POSITIONS = 1000
"""Over fewer, chance alone moves the perplexity by more than that."""

Progress = Callable[[str, int, int], None]
"""Called with the step (build or check), what is done and what there is in all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build, and how thoroughly it is checked."""

    quantization: Quantization = Quantization.Q8
    max_positions: int = _DEFAULT_POSITIONS
    """Prompt and answer together are never longer; 0: what the source allows."""
    check_positions: int = 1000
    """Tokens of the text that is compared; 0: no check."""
    threads: int = 2


def build(checkpoint: Checkpoint, folder: Path, plan: Plan, progress: Progress) -> Form:
    """Make `folder` hold the built model; one that is there already is replaced when all went well.

    Raises ModelError when the check fails, ModelDamaged for a source that isn't whole, OSError for the disk.
    """
    with _staged(folder) as staging:
        return fill(checkpoint, staging, plan, progress)


def fill(checkpoint: Checkpoint, folder: Path, plan: Plan, progress: Progress) -> Form:
    """Write a built model into an empty folder and check it there. Raises as `build` does."""
    from assistant.llm.build.graph import GraphBuilder, write_graph
    from assistant.llm.build.network import Network
    from assistant.llm.build.weights_file import WeightsFile

    shape, vocabulary = checkpoint.architecture, checkpoint.vocabulary
    _require_blocks(shape)
    positions = min(plan.max_positions or shape.max_positions, shape.max_positions)
    with WeightsFile(folder) as weights:
        builder = GraphBuilder(checkpoint, Network(weights), plan.quantization, positions)
        graph = builder.build(lambda done, total: progress("build", done, total))
    write_graph(graph, folder)
    (folder / TOKENIZER_FILE).write_text(vocabulary.tokenizer, encoding="utf-8")
    form = Form(
        family=shape.family.value,
        quantization=plan.quantization,
        hidden=shape.hidden,
        layers=shape.layers,
        heads=shape.heads,
        kv_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        vocab=shape.vocab,
        max_positions=positions,
        kv_type="float32",
        eos=vocabulary.eos,
        origin=checkpoint.origin,
        bos=vocabulary.bos,
        adds_bos=vocabulary.adds_bos,
        chat_template=vocabulary.chat_template,
    )
    if plan.check_positions:
        form = replace(form, checked=_check(checkpoint, folder, plan, progress))
    form.write(folder)
    return form


def _require_blocks(shape: Architecture) -> None:
    widths = (shape.hidden, shape.inner, shape.heads * shape.head_dim)
    if any(width % BLOCK for width in widths) or shape.heads % shape.kv_heads or shape.head_dim % _HEAD_STEP:
        raise ModelError(
            "a model of this shape can't be built here",
            why=f"its widths are {widths}, with {shape.heads} heads of {shape.head_dim} on {shape.kv_heads}",
            fix=f"widths must be multiples of {BLOCK}, heads multiples of {_HEAD_STEP} and of those they share",
        )


def _check(checkpoint: Checkpoint, folder: Path, plan: Plan, progress: Progress) -> Checked:
    from assistant.llm.build.check import check

    checked = check(folder, checkpoint, plan.check_positions, plan.threads, progress)
    require_close(checked, plan.quantization)
    return checked


def require_close(checked: Checked, quantization: Quantization) -> None:
    """Raise ModelError unless the built model says nearly what the reference says."""
    kl, share = _LIMITS[quantization]
    drift = checked.perplexity / checked.reference_perplexity - 1
    has_drifted = checked.positions >= _PERPLEXITY_POSITIONS and abs(drift) > share
    if checked.kl <= kl and not has_drifted and math.isfinite(drift):
        return
    raise ModelError(
        "the built model differs too much from its source",
        why=f"KL {checked.kl:.4f} (at most {kl}), perplexity {drift:+.1%} (at most {share:.0%})"
        f" over {checked.positions} positions",
        fix="try another quantization, or a source with finer weights",
    )


def build_published(weights: Path, folder: Path, progress: Callable[[int, int], None]) -> None:
    """Fill an empty folder out of published weights, in the form that suits this board (see `DecoderBuilder`)."""
    from assistant.llm.build.source import open_source

    plan = Plan(quantization_for(this_board()), check_positions=_PULL_POSITIONS)
    fill(open_source(weights), folder, plan, lambda _, done, total: progress(done, total))


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder` that takes its place at the end, or is gone after an error."""
    staging, old = (folder.with_name(f".{kind}-{folder.name}") for kind in ("build", "old"))
    for rest in (staging, old):
        if rest.exists():
            shutil.rmtree(rest)
    staging.mkdir(parents=True)
    try:
        yield staging
        _on_disk(staging)
        if folder.exists():
            folder.rename(old)
        staging.rename(folder)
    finally:
        for rest in (staging, old):
            if rest.exists():
                shutil.rmtree(rest)


def _on_disk(folder: Path) -> None:
    """Wait until every file is written: a power cut must not leave names without bytes."""
    for file in folder.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
