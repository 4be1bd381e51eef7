"""Reads what a published repository says beside its weights: config.json, tokenizer and chat template."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelDamaged, ModelError
from assistant.llm.build.architecture import Architecture, Family, Rope
from assistant.llm.build.checkpoint import Vocabulary

_FAMILIES = {
    "llama": Family.LLAMA,
    "qwen2": Family.QWEN2,
    "qwen3": Family.QWEN3,
    "gemma3_text": Family.GEMMA3,
}
"""By `model_type`; what is not listed differs in ways that no graph here has."""
_ENDS = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>")
Table = Mapping[str, Any]


def read_table(path: Path, *, needed: bool = True) -> Table:
    """A JSON object; empty when the file isn't there and isn't needed. Raises ModelDamaged."""
    if not needed and not path.exists():
        return {}
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(table, dict):
        raise _damaged(path, "it is no table")
    return table


def architecture_of(folder: Path) -> Architecture:
    """The shape that config.json describes. Raises ModelError for an unknown one, ModelDamaged."""
    path = folder / "config.json"
    config = read_table(path)
    kind = config.get("model_type")
    family = _FAMILIES.get(str(kind))
    if family is None:
        raise ModelError(
            f"models of the kind {kind!r} can't be built here", why=str(path), fix=f"one of {', '.join(_FAMILIES)}"
        )
    try:
        return _architecture(config, family)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def _architecture(config: Table, family: Family) -> Architecture:
    hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    head_dim = int(config.get("head_dim") or hidden // heads)
    is_gemma = family is Family.GEMMA3
    scale = config.get("query_pre_attn_scalar", head_dim)
    if is_gemma and int(scale) != head_dim:
        raise ValueError(f"queries scaled by {scale} with heads of {head_dim}")
    return Architecture(
        family=family,
        hidden=hidden,
        layers=int(config["num_hidden_layers"]),
        heads=heads,
        kv_heads=int(config.get("num_key_value_heads") or heads),
        head_dim=head_dim,
        inner=int(config["intermediate_size"]),
        vocab=int(config["vocab_size"]),
        max_positions=int(config["max_position_embeddings"]),
        epsilon=float(config["rms_norm_eps"]),
        rope=_rope(config, head_dim),
        local_rope=Rope(_local_base(config)) if is_gemma else None,
        window=int(config["sliding_window"]) if is_gemma else 0,
        window_pattern=_window_pattern(config) if is_gemma else 0,
        is_tied=bool(config.get("tie_word_embeddings", is_gemma)),
    )


def _window_pattern(config: Table) -> int:
    """Which layer in how many looks back over everything."""
    kinds = config.get("layer_types")
    if kinds:
        pattern = kinds.index("full_attention") + 1 if "full_attention" in kinds else len(kinds) + 1
        expected = ["full_attention" if (i + 1) % pattern == 0 else "sliding_attention" for i in range(len(kinds))]
        if kinds != expected:
            raise ValueError("layers with and without a window follow no pattern")
        return int(pattern)
    return int(config.get("sliding_window_pattern", 6))


def _positions(config: Table, kind: str) -> Table:
    """How positions rotate; newer files have a table per kind of layer."""
    given: Table = config.get("rope_parameters", {}) or {}
    table: Table = given.get(kind, given)
    return table


def _local_base(config: Table) -> float:
    named = _positions(config, "sliding_attention").get("rope_theta") if config.get("rope_parameters") else None
    return float(named or config.get("rope_local_base_freq", 10_000.0))


def _rope(config: Table, head_dim: int) -> Rope:
    table = _positions(config, "full_attention")
    base = float(table.get("rope_theta") or config.get("rope_theta", 10_000.0))
    scaling: Table = table or config.get("rope_scaling", {}) or {}
    kind = scaling.get("rope_type") or scaling.get("type") or "default"
    match kind:
        case "default":
            return Rope(base)
        case "linear":
            return Rope(base, (float(scaling["factor"]),) * (head_dim // 2))
        case "llama3":
            return Rope(base, _llama3_factors(scaling, base, head_dim))
        case _:
            raise ValueError(f"positions scaled as {kind!r} can't be built here")


def _llama3_factors(scaling: Table, base: float, head_dim: int) -> tuple[float, ...]:
    """Slow rotations are slowed by `factor`, quick ones left, those between blended (the Llama 3.1 model card)."""
    factor, length = float(scaling["factor"]), float(scaling["original_max_position_embeddings"])
    low, high = float(scaling["low_freq_factor"]), float(scaling["high_freq_factor"])
    factors = []
    for pair in range(head_dim // 2):
        turns = length * base ** (-2 * pair / head_dim) / (2 * math.pi)
        smooth = min(1.0, max(0.0, (turns - low) / (high - low)))
        factors.append(1 / ((1 - smooth) / factor + smooth))
    return tuple(factors)


def vocabulary_of(folder: Path, size: int) -> Vocabulary:
    """Tokenizer, ends and chat template of a repository whose embedding has `size` rows. Raises ModelDamaged."""
    path = folder / "tokenizer.json"
    tokenizer, text = _tokenizer(path)
    if tokenizer.get_vocab_size() > size:
        raise _damaged(path, f"it has {tokenizer.get_vocab_size()} tokens, the embedding {size}")
    config = read_table(folder / "config.json")
    generation = read_table(folder / "generation_config.json", needed=False)
    settings = read_table(folder / "tokenizer_config.json", needed=False)
    named = generation.get("eos_token_id", config.get("eos_token_id"))
    ends = [named] if isinstance(named, int) else list(named or [])
    ends += [token for token in map(tokenizer.token_to_id, _ENDS) if token is not None]
    if not ends or any(not isinstance(end, int) or not 0 <= end < size for end in ends):
        raise _damaged(folder / "config.json", f"the tokens that end an answer are {ends}")
    bos = generation.get("bos_token_id", config.get("bos_token_id"))
    first = tokenizer.encode("a", add_special_tokens=True).ids[:1]
    return Vocabulary(
        tokenizer=text,
        size=tokenizer.get_vocab_size(),
        eos=tuple(dict.fromkeys(ends)),
        bos=bos if isinstance(bos, int) else None,
        adds_bos=isinstance(bos, int) and first == [bos],
        chat_template=_chat_template(folder, settings),
    )


def _tokenizer(path: Path) -> tuple[Any, str]:
    from tokenizers import Tokenizer

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error
    try:
        return Tokenizer.from_str(text), text
    except Exception as error:  # the library raises nothing narrower
        raise _damaged(path, str(error)) from error


def _chat_template(folder: Path, settings: Table) -> str:
    given = settings.get("chat_template")
    if isinstance(given, str):
        return given
    if isinstance(given, list):
        named = {str(one["name"]): str(one["template"]) for one in given if isinstance(one, dict)}
        return named.get("default", "")
    file = folder / "chat_template.jinja"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _damaged(path: Path, why: str) -> ModelDamaged:
    return ModelDamaged(f"{path} can't be used", why=why, fix="fetch the repository again")
