"""Measures how far a built model is from the same weights in float32, over one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.errors import ModelError
from assistant.llm.build.checkpoint import Checkpoint, Floats
from assistant.llm.build.reference import Reference, log_softmax
from assistant.llm.form import Checked

Progress = Callable[[str, int, int], None]

_STEP = 50
"""Tokens that are run at once."""


def check_text() -> str:
    """English prose that is always at hand: what this program says about itself."""
    return str(metadata("assistant").json["description"])


def check(folder: Path, checkpoint: Checkpoint, positions: int, threads: int, progress: Progress) -> Checked:
    """Compare the model in `folder` with its checkpoint over the first `positions` of the text."""
    from tokenizers import Tokenizer

    vocabulary = checkpoint.vocabulary
    tokens = Tokenizer.from_str(vocabulary.tokenizer).encode(check_text(), add_special_tokens=False).ids
    if vocabulary.adds_bos and vocabulary.bos is not None:
        tokens = [vocabulary.bos, *tokens]
    positions = min(positions, len(tokens) - 1, checkpoint.architecture.max_positions - 1)
    tokens = tokens[: positions + 1]
    reference = Reference(checkpoint)
    states = reference.states(tokens[:-1], lambda layer: progress("check", layer, checkpoint.architecture.layers))
    return compare(reference, states, tokens, built_logits(folder, checkpoint, tokens[:-1], threads))


def compare(reference: Reference, states: Floats, tokens: list[int], built: Iterator[Floats]) -> Checked:
    """Hold the built model's logits, piece by piece, against the reference; the last token is only predicted."""
    divergence = surprise = reference_surprise = same = 0.0
    done = 0
    for logits in built:
        wanted = np.array(tokens[done + 1 : done + 1 + len(logits)])
        truth = log_softmax(reference.logits(states[done : done + len(logits)]))
        found = log_softmax(logits)
        divergence += float(np.sum(np.exp(truth) * (truth - found)))
        rows = np.arange(len(logits))
        surprise -= float(found[rows, wanted].sum())
        reference_surprise -= float(truth[rows, wanted].sum())
        same += float(np.sum(truth.argmax(axis=-1) == found.argmax(axis=-1)))
        done += len(logits)
    return Checked(
        kl=round(divergence / done, 6),
        perplexity=round(float(np.exp(surprise / done)), 4),
        reference_perplexity=round(float(np.exp(reference_surprise / done)), 4),
        same_top=round(same / done, 4),
        positions=done,
    )


def built_logits(folder: Path, checkpoint: Checkpoint, tokens: list[int], threads: int) -> Iterator[Floats]:
    """The logits that the graph in `folder` gives behind each token, in pieces [up to 50, vocab]."""
    from assistant.llm.session import SESSION_FAULTS, open_session

    session = open_session(folder, threads)
    shape = checkpoint.architecture
    names = [f"{part}_{layer}" for layer in range(shape.layers) for part in ("key", "value")]
    empty = np.zeros((1, shape.kv_heads, 0, shape.head_dim), np.float32)
    past: dict[str, Any] = {f"past_{name}": empty for name in names}
    outputs = ["logits", *(f"present_{name}" for name in names)]
    for start in range(0, len(tokens), _STEP):
        piece = np.array([tokens[start : start + _STEP]], np.int64)
        total = start + piece.shape[1]
        feed = {
            "input_ids": piece,
            "seqlens_k": np.array([total - 1], np.int32),
            "total_len": np.array(total, np.int32),
            "out_idx": np.arange(piece.shape[1]),
        }
        try:
            logits, *present = session.run(outputs, feed | past)
        except SESSION_FAULTS as error:
            raise ModelError("the built model can't be run", why=str(error), fix="try another quantization") from error
        past = {f"past_{name}": value for name, value in zip(names, present, strict=True)}
        yield logits[0]
