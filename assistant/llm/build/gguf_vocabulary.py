"""Rebuilds a tokenizer, as the tokenizers library reads it, from the metadata of a GGUF file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.checkpoint import Vocabulary

Ask = Callable[..., Any]
"""Metadata by key, with a default."""

_WORDS_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_WORDS_QWEN2 = _WORDS_LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
_BYTES: dict[str, Any] = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
_GPT2 = [_BYTES | {"use_regex": True}]
_SPLITS: dict[str, list[dict[str, Any]]] = {
    "default": _GPT2,
    "gpt-2": _GPT2,
    "smollm": [{"type": "Digits", "individual_digits": True}, *_GPT2],
    "llama-bpe": [
        {"type": "Split", "pattern": {"Regex": _WORDS_LLAMA3}, "behavior": "Isolated", "invert": False},
        _BYTES,
    ],
    "qwen2": [{"type": "Split", "pattern": {"Regex": _WORDS_QWEN2}, "behavior": "Isolated", "invert": False}, _BYTES],
}
"""How text is cut before merging, by the name that GGUF files give it (llama.cpp, src/llama-vocab.cpp)."""
_END_NAMES = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>")


class _Kind(IntEnum):
    """Token types of the GGUF specification."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER = 4
    UNUSED = 5
    BYTE = 6


def vocabulary_of(ask: Ask, size: int) -> Vocabulary:
    """The vocabulary of a file whose embedding has `size` rows. Raises ModelDamaged, ModelError."""
    from tokenizers import Tokenizer

    tokens = _strings(ask, "tokenizer.ggml.tokens")
    kinds = [int(kind) for kind in ask("tokenizer.ggml.token_type", [])] or [int(_Kind.NORMAL)] * len(tokens)
    if not tokens or len(kinds) != len(tokens) or len(tokens) > size:
        raise _damaged(f"{len(tokens)} tokens, {len(kinds)} token types, and an embedding of {size}")
    match ask("tokenizer.ggml.model"):
        case "gpt2":
            parts = _byte_pairs(ask, tokens)
        case "llama":
            parts = _sentence_pieces(ask, tokens)
        case other:
            raise ModelError(f"vocabularies of the kind {other!r} can't be built here", fix="gpt2 and llama can")
    text = _json({"version": "1.0", "truncation": None, "padding": None, "post_processor": None} | parts, tokens, kinds)
    try:
        Tokenizer.from_str(text)
    except Exception as error:
        raise _damaged(str(error)) from error
    bos = ask("tokenizer.ggml.bos_token_id")
    # the specification: byte-pair vocabularies add no bos unless the file says so, sentence pieces do
    adds_bos = bool(ask("tokenizer.ggml.add_bos_token", ask("tokenizer.ggml.model") == "llama"))
    return Vocabulary(
        tokenizer=text,
        size=len(tokens),
        eos=_ends(ask, tokens, kinds),
        bos=None if bos is None else int(bos),
        adds_bos=adds_bos and bos is not None,
        chat_template=str(ask("tokenizer.chat_template", "")),
    )


def _json(parts: dict[str, Any], tokens: Sequence[str], kinds: Sequence[int]) -> str:
    import json

    added = [
        {
            "id": index, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": kind != _Kind.USER,
        }
        for index, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_Kind.CONTROL, _Kind.USER, _Kind.UNKNOWN)
    ]  # fmt: skip
    return json.dumps(parts | {"added_tokens": added}, ensure_ascii=False)


def _byte_pairs(ask: Ask, tokens: Sequence[str]) -> dict[str, Any]:
    name = str(ask("tokenizer.ggml.pre", "default"))
    if name not in _SPLITS:
        raise ModelError(f"text cut as {name!r} can't be built here", fix=f"one of {', '.join(_SPLITS)}")
    merges = [merge.split(" ") for merge in _strings(ask, "tokenizer.ggml.merges")]
    if any(len(merge) != 2 for merge in merges):
        raise _damaged("a merge is not two tokens")
    return {
        "normalizer": {"type": "NFC"} if name == "qwen2" else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": _SPLITS[name]},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": _model(tokens, merges, ignore_merges=name == "llama-bpe", byte_fallback=False, unknown=None),
    }


def _sentence_pieces(ask: Ask, tokens: Sequence[str]) -> dict[str, Any]:
    """Pieces with scores as byte pairs: of two pieces that make a third, the one of the best score merges first."""
    scores = [float(score) for score in ask("tokenizer.ggml.scores", [])]
    if len(scores) != len(tokens):
        raise _damaged(f"{len(scores)} scores for {len(tokens)} tokens")
    unknown = int(ask("tokenizer.ggml.unknown_token_id", 0))
    normalizers: list[dict[str, Any]] = [{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]
    strips: list[dict[str, Any]] = []
    if ask("tokenizer.ggml.add_space_prefix", True):
        normalizers.insert(0, {"type": "Prepend", "prepend": "▁"})
        strips.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    back = {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}
    return {
        "normalizer": {"type": "Sequence", "normalizers": normalizers},
        "pre_tokenizer": None,
        "decoder": {"type": "Sequence", "decoders": [back, {"type": "ByteFallback"}, {"type": "Fuse"}, *strips]},
        "model": _model(
            tokens, _merges(tokens, scores), ignore_merges=False, byte_fallback=True, unknown=tokens[unknown]
        ),
    }


def _merges(tokens: Sequence[str], scores: Sequence[float]) -> list[list[str]]:
    index = {token: place for place, token in enumerate(tokens)}
    found: list[tuple[float, int, int, list[str]]] = []
    for place, token in enumerate(tokens):
        for cut in range(1, len(token)):
            left, right = token[:cut], token[cut:]
            if left in index and right in index:
                found.append((-scores[place], index[left], index[right], [left, right]))
    found.sort(key=lambda one: one[:3])
    return [pair for *_, pair in found]


def _model(
    tokens: Sequence[str], merges: list[list[str]], *, ignore_merges: bool, byte_fallback: bool, unknown: str | None
) -> dict[str, Any]:
    return {
        "type": "BPE", "dropout": None, "unk_token": unknown, "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": byte_fallback, "byte_fallback": byte_fallback,
        "ignore_merges": ignore_merges, "vocab": {token: place for place, token in enumerate(tokens)}, "merges": merges,
    }  # fmt: skip


def _ends(ask: Ask, tokens: Sequence[str], kinds: Sequence[int]) -> tuple[int, ...]:
    """The tokens that end an answer: what the file names, and the well-known ends of a turn or a text."""
    named = [ask(f"tokenizer.ggml.{name}_token_id") for name in ("eos", "eot")]
    ends = [int(token) for token in named if token is not None]
    for token, kind in enumerate(kinds):
        if kind == _Kind.CONTROL and tokens[token] in _END_NAMES:
            ends.append(token)
    if not ends:
        raise _damaged("no token ends an answer")
    return tuple(dict.fromkeys(ends))


def _strings(ask: Ask, key: str) -> list[str]:
    return [str(value) for value in ask(key, [])]


def _damaged(why: str) -> ModelDamaged:
    return ModelDamaged("the vocabulary of the model can't be used", why=why, fix="fetch the file again")
