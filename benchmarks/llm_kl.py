"""How far a built model, and llama.cpp, are from the same weights in float32: python -m benchmarks.llm_kl."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.llm.build.check import built_logits, check_text, compare
from assistant.llm.build.checkpoint import Checkpoint
from assistant.llm.build.reference import Reference
from assistant.llm.build.source import open_source
from assistant.llm.form import Checked
from benchmarks.llm_peer import logits_of


@dataclass(frozen=True, slots=True)
class Text:
    """What is read, and the reference's states behind it."""

    checkpoint: Checkpoint
    reference: Reference
    tokens: list[int]

    @classmethod
    def of(cls, gguf: Path, positions: int) -> Text:
        """The text that builds are checked with, in the tokens of this file."""
        from tokenizers import Tokenizer

        checkpoint = open_source(gguf)
        tokens = Tokenizer.from_str(checkpoint.vocabulary.tokenizer).encode(check_text(), add_special_tokens=False).ids
        return cls(checkpoint, Reference(checkpoint), tokens[: positions + 1])


def differences(gguf: Path, folder: Path, positions: int, threads: int, *, has_peer: bool) -> dict[str, Checked]:
    """Ours, and the peer's: as far from the reference over the same text."""
    text = Text.of(gguf, positions)
    read = text.tokens[:-1]
    states = text.reference.states(read)
    ours = compare(text.reference, states, text.tokens, built_logits(folder, text.checkpoint, read, threads))
    if not has_peer:
        return {"ours": ours}
    theirs = compare(text.reference, states, text.tokens, logits_of(str(gguf), read, threads))
    return {"ours": ours, "peer": theirs}


def main(arguments: Sequence[str]) -> int:
    """GGUF, folder, positions, threads, and "peer" or nothing; prints JSON."""
    gguf, folder, positions, threads, *peer = arguments
    found = differences(Path(gguf), Path(folder), int(positions), int(threads), has_peer=bool(peer))
    print(json.dumps({name: asdict(checked) for name, checked in found.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
