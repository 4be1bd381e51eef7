"""A tiny language model of random weights in the product's own graph form, where weights aren't the point."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from assistant.llm.build.architecture import Architecture, Family, Rope
from assistant.llm.build.checkpoint import Floats, Matrix, Vocabulary, shape_of
from assistant.llm.build.graph import GraphBuilder, write_graph
from assistant.llm.build.network import Network
from assistant.llm.build.weights_file import WeightsFile
from assistant.llm.form import TOKENIZER_FILE, Form, Origin, Quantization

CONTROLS = ("<|end|>", "<|start|>", "<think>")
TEMPLATE = (
    "{% for message in messages %}<|start|>{{ message.role }}\n{{ message.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
POSITIONS = 1200
VOCAB = 288


def tokenizer_json() -> str:
    """Every byte is a token of its own, and there are three control tokens."""
    characters = _byte_characters()
    vocabulary = {character: place for place, character in enumerate(characters)}
    added = [
        {
            "id": 256 + place, "content": text, "special": text != "<think>", "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False,
        }
        for place, text in enumerate(CONTROLS)
    ]  # fmt: skip
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return json.dumps(
        {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level,
            "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
        }
    )  # fmt: skip


def write_model(folder: Path, *, eos: tuple[int, ...] = (256,), seed: int = 0, is_echo: bool = False) -> Path:
    """A whole model folder; one that is an echo says its last token again and again."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = _RandomCheckpoint(seed, is_echo)
    with WeightsFile(folder) as weights:
        builder = GraphBuilder(checkpoint, Network(weights), Quantization.Q8, POSITIONS)
        write_graph(builder.build(lambda done, total: None), folder)
    (folder / TOKENIZER_FILE).write_text(tokenizer_json(), encoding="utf-8")
    shape = checkpoint.architecture
    Form(
        family="llama", quantization=Quantization.Q8, hidden=shape.hidden, layers=shape.layers, heads=shape.heads,
        kv_heads=shape.kv_heads, head_dim=shape.head_dim, vocab=shape.vocab, max_positions=POSITIONS,
        kv_type="float32", eos=eos, origin=checkpoint.origin, chat_template=TEMPLATE,
    ).write(folder)  # fmt: skip
    return folder


class _RandomCheckpoint:
    architecture = Architecture(
        family=Family.LLAMA, hidden=64, layers=2, heads=4, kv_heads=2, head_dim=16, inner=96, vocab=VOCAB,
        max_positions=POSITIONS, epsilon=1e-5, rope=Rope(1e4),
    )  # fmt: skip
    origin = Origin("tiny", "0" * 64)

    def __init__(self, seed: int, is_echo: bool) -> None:
        self.vocabulary = Vocabulary(tokenizer_json(), VOCAB, (256,), None, False, TEMPLATE)
        self._random = np.random.default_rng(seed)
        self._silent = (".o", ".down") if is_echo else ()

    def matrix(self, name: str) -> Matrix:
        rows, columns = shape_of(self.architecture, name)
        strength = 0.0 if name.endswith(self._silent) else 2 / np.sqrt(columns)
        return (self._random.standard_normal((rows, columns)) * strength).astype(np.float32)

    def vector(self, name: str) -> Floats:
        return np.ones(shape_of(self.architecture, name), np.float32)


def _byte_characters() -> list[str]:
    """The printable character that stands for each byte in byte-level vocabularies (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
