"""Moonshine's encoder and decoder on plain onnxruntime: audio → hidden states → one token after another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.onnx import open_session
from assistant.hearing.pcm import Samples

Tensor = NDArray[np.float32]
Cache = tuple[Tensor, ...]

START = 1
END = 2
_MIN_SAMPLES = 8_000
"""The encoder needs about half a second to say anything sensible."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the decoder attends to; `cross` is filled by the first decoder step."""

    hidden: Tensor
    mask: NDArray[np.int64]
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """The decoder after some tokens: log probabilities of the next token [batch, vocabulary], and its caches."""

    log_probs: Tensor
    own: Cache
    cross: Cache


class MoonshineModel:
    """The two graphs. Raises ModelMissing or ModelDamaged when they can't be loaded."""

    def __init__(self, folder: Path) -> None:
        self._encoder = open_session(folder / "encoder_model.ort")
        self._decoder = open_session(folder / "decoder_model_merged.ort")
        inputs = self._decoder.get_inputs()
        self._own = [i.name for i in inputs if i.name.startswith("past") and ".decoder." in i.name]
        self._cross = [i.name for i in inputs if i.name.startswith("past") and ".encoder." in i.name]
        outputs = [o.name for o in self._decoder.get_outputs()]
        self._own_out = [outputs.index(name.replace("past_key_values", "present")) for name in self._own]
        self._cross_out = [outputs.index(name.replace("past_key_values", "present")) for name in self._cross]
        past = next(i for i in inputs if i.name == self._own[0])
        self._empty = np.zeros((1, past.shape[1], 0, past.shape[3]), np.float32)

    def encode(self, samples: Samples) -> Encoded:
        """Hidden states of an utterance; short ones are padded with silence."""
        if len(samples) < _MIN_SAMPLES:
            samples = np.pad(samples, (0, _MIN_SAMPLES - len(samples)))
        mask = np.ones((1, len(samples)), np.int64)
        hidden = self._encoder.run(None, {"input_values": samples[None], "attention_mask": mask})[0]
        return Encoded(hidden, mask, len(samples) / 16_000)

    def begin(self, encoded: Encoded) -> Step:
        """The first step, from the start token."""
        empty = (self._empty,) * len(self._own)
        feeds = dict(zip(self._own, empty, strict=True)) | dict(zip(self._cross, empty, strict=True))
        outputs = self._run(encoded, np.array([[START]]), feeds, has_cache=False)
        return Step(_log_softmax(outputs[0]), self._pick(outputs, self._own_out), self._pick(outputs, self._cross_out))

    def advance(self, encoded: Encoded, step: Step, tokens: NDArray[np.int64], rows: NDArray[np.int64]) -> Step:
        """One step further: token i continues row i of `rows` (rows of the last step; they may repeat)."""
        own = tuple(tensor[rows] for tensor in step.own)
        cross = step.cross
        if cross[0].shape[0] != len(rows):
            cross = tuple(np.repeat(tensor[:1], len(rows), axis=0) for tensor in cross)
        feeds = dict(zip(self._own, own, strict=True)) | dict(zip(self._cross, cross, strict=True))
        outputs = self._run(encoded, tokens[:, None], feeds, has_cache=True)
        return Step(_log_softmax(outputs[0]), self._pick(outputs, self._own_out), cross)

    def _run(
        self, encoded: Encoded, tokens: NDArray[np.int64], feeds: dict[str, Tensor], *, has_cache: bool
    ) -> list[Tensor]:
        batch = len(tokens)
        outputs: list[Tensor] = self._decoder.run(
            None,
            {
                **feeds,
                "input_ids": tokens.astype(np.int64),
                "encoder_hidden_states": np.repeat(encoded.hidden, batch, axis=0),
                "encoder_attention_mask": np.repeat(encoded.mask, batch, axis=0),
                "use_cache_branch": np.array([has_cache]),
            },
        )
        return outputs

    @staticmethod
    def _pick(outputs: list[Tensor], places: list[int]) -> Cache:
        return tuple(outputs[place] for place in places)


def _log_softmax(logits: Tensor) -> Tensor:
    """Log probabilities after the last token: [batch, vocabulary]."""
    last = logits[:, -1, :]
    top = last.max(axis=-1, keepdims=True)
    shifted = last - top
    result: Tensor = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
