"""Writes a tiny decoder the way ONNX repositories publish one: config.json, tokenizer and a graph of named nodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from assistant.llm.build.architecture import Architecture, Family
from assistant.llm.build.checkpoint import Floats
from assistant.llm.build.gguf_vocabulary import vocabulary_of
from tests.llm.build.tiny import TEMPLATE, Tiny, metadata_of

NORMS = {
    "attention_norm": "input_layernorm", "feed_norm": "post_attention_layernorm", "q_norm": "q_norm.layernorm",
    "k_norm": "k_norm.layernorm",
}  # fmt: skip
GEMMA_NORMS = NORMS | {
    "attention_post_norm": "post_attention_layernorm", "feed_norm": "pre_feedforward_layernorm",
    "feed_post_norm": "post_feedforward_layernorm",
}  # fmt: skip


class Publisher:
    """Collects nodes and weights; `truth` is what a reader should find, weight by weight."""

    def __init__(self, model: Tiny, kind: str) -> None:
        """`kind`: q4 (MatMulNBits, zero points), q8 (MatMulNBits), int8 (MatMulInteger) or float (plain, float16)."""
        self._model = model
        self._kind = kind
        self._nodes: list[Any] = []
        self._weights: list[Any] = []
        self.truth: dict[str, Floats] = {}

    def write(self, folder: Path) -> Path:
        """The graph in `folder`/onnx, with its weights in a file of their own; returns the folder."""
        shape = self._model.architecture
        for name, values in self._model.weights.items():
            self._add(name, values)
        (folder / "onnx").mkdir(parents=True)
        graph = helper.make_graph(self._nodes, "published", [], [], self._weights)
        file = folder / "onnx/model.onnx"
        onnx.save(
            helper.make_model(graph), file, save_as_external_data=True, location="model.onnx_data", size_threshold=64
        )
        (folder / "config.json").write_text(json.dumps(config_of(shape)))
        asked = metadata_of(shape)
        text = vocabulary_of(lambda key, default=None: asked.get(key, default), shape.vocab).tokenizer
        (folder / "tokenizer.json").write_text(text)
        (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
        return folder

    def _add(self, name: str, values: Floats) -> None:
        *layer, part = name.split(".")
        at = f"model.layers.{layer[1]}." if layer else "model."
        if part == "norm":
            self._norm(f"{at}layers.{self._model.architecture.layers}.final_norm_layernorm.weight", name, values)
        elif part.endswith("_norm"):
            norms = GEMMA_NORMS if self._model.architecture.family is Family.GEMMA3 else NORMS
            attention = "attn." if part in ("q_norm", "k_norm") else ""
            self._norm(f"{at}{attention}{norms[part]}.weight", name, values)
        elif part.endswith("_bias"):
            self._weight(f"{at}attn.{part[0]}_proj.Add.bias", values)
            self.truth[name] = values
        elif part == "embed":
            self._embed(name, values)
        else:
            room = (
                "lm_head"
                if part == "head"
                else f"{at}{'mlp' if part in ('gate', 'up', 'down') else 'attn'}.{part}_proj"
            )
            self._product(room, name, values)

    def _norm(self, weight: str, name: str, values: Floats) -> None:
        self._weight(weight, values)
        self._node("SimplifiedLayerNormalization", "/" + weight.replace(".", "/"), ["x", weight])
        self.truth[name] = values

    def _embed(self, name: str, values: Floats) -> None:
        if self._kind != "q4":
            self._weight("model.embed_tokens.weight", values.astype(np.float16))
            self._node("Gather", "/model/embed_tokens/Gather", ["model.embed_tokens.weight", "input_ids"])
            self.truth[name] = values.astype(np.float16).astype(np.float32)
            return
        packed, scales, zeros, self.truth[name] = four_bits(values)
        inputs = [f"model.embed_tokens.weight_{part}" for part in ("Q4", "scales", "zp")]
        for one, array in zip(inputs, (packed, scales, zeros), strict=True):
            self._weight(one, array)
        self._node(
            "GatherBlockQuantized", "/model/embed_tokens/Gather_Q4", [inputs[0], "input_ids", *inputs[1:]],
            block_size=32, gather_axis=0, quantize_axis=1, bits=4,
        )  # fmt: skip

    def _product(self, room: str, name: str, values: Floats) -> None:
        weight, node = f"{room}.MatMul.weight", "/" + room.replace(".", "/") + "/MatMul"
        match self._kind:
            case "q4":
                packed, scales, zeros, self.truth[name] = four_bits(values)
                arrays = {"_Q4": packed.reshape(len(values), -1, 16), "_scales": scales, "_zp": zeros}
            case "q8":
                scales = np.abs(values.reshape(len(values), -1, 32)).max(-1) / np.float32(127)
                codes = np.rint(values / np.repeat(scales, 32, axis=1))
                self.truth[name] = (codes * np.repeat(scales, 32, axis=1)).astype(np.float32)
                arrays = {"_Q8": (codes + 128).astype(np.uint8).reshape(len(values), -1, 32), "_scales": scales}
            case "int8":
                scale = np.abs(values).max() / np.float32(127)
                codes = np.rint(values / scale).astype(np.int8)
                self.truth[name] = codes.astype(np.float32) * scale
                for end, array in (("_quantized", codes.T), ("_scale", scale), ("_zero_point", np.int8(0))):
                    self._weight(weight + end, np.ascontiguousarray(array))
                self._node(
                    "MatMulInteger",
                    node + "_quant",
                    ["x_quantized", weight + "_quantized", "x_zero", weight + "_zero_point"],
                )
                return
            case _:
                half = np.ascontiguousarray(values.T).astype(np.float16)
                self._weight(weight, half)
                self.truth[name] = half.T.astype(np.float32)
                self._node("MatMul", node, ["x", weight])
                return
        for end, array in arrays.items():
            self._weight(weight + end, array)
        self._node(
            "MatMulNBits", node + "_Q4", ["x", *(weight + end for end in arrays)], K=values.shape[1], N=len(values),
            bits=4 if self._kind == "q4" else 8, block_size=32,
        )  # fmt: skip

    def _weight(self, name: str, values: Any) -> None:
        self._weights.append(numpy_helper.from_array(np.asarray(values), name))

    def _node(self, kind: str, name: str, inputs: list[str], **attributes: int) -> None:
        self._nodes.append(helper.make_node(kind, inputs, [f"y{len(self._nodes)}"], name, **attributes))


def four_bits(values: Floats) -> tuple[Any, Floats, Any, Floats]:
    """Packed codes [rows, columns / 2], scales, packed zero points, and the values that come out again."""
    blocks = values.reshape(len(values), -1, 32)
    low, high = np.minimum(blocks.min(-1), 0), np.maximum(blocks.max(-1), 0)
    scales = ((high - low) / 15).astype(np.float32)
    zeros = np.clip(np.rint(-low / scales), 0, 15).astype(np.uint8)
    codes = np.clip(np.rint(blocks / scales[..., None]) + zeros[..., None], 0, 15).astype(np.uint8)
    truth = (codes.astype(np.float32) - zeros[..., None]) * scales[..., None]
    flat = codes.reshape(len(values), -1)
    even = np.pad(zeros, ((0, 0), (0, zeros.shape[1] % 2)))
    return flat[:, ::2] | flat[:, 1::2] << 4, scales, even[:, ::2] | even[:, 1::2] << 4, truth.reshape(values.shape)


def config_of(shape: Architecture) -> dict[str, Any]:
    """config.json as the family's repositories have it."""
    kinds = {Family.GEMMA3: "gemma3_text"}
    config: dict[str, Any] = {
        "model_type": kinds.get(shape.family, shape.family.value), "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim, "intermediate_size": shape.inner, "vocab_size": shape.vocab,
        "max_position_embeddings": shape.max_positions, "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope.base, "tie_word_embeddings": shape.is_tied, "eos_token_id": [286], "bos_token_id": 285,
    }  # fmt: skip
    if shape.rope.factors:
        config["rope_scaling"] = {"rope_type": "linear", "factor": shape.rope.factors[0]}
    if shape.window:
        config |= {
            "sliding_window": shape.window,
            "sliding_window_pattern": shape.window_pattern,
            "rope_local_base_freq": 10_000.0,
        }
    return config
