"""llama.cpp, where it is installed (make bench-peers), reads the same out of the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.llm.build.architecture import Family
from assistant.llm.build.reference import Reference
from assistant.llm.build.source import open_source
from tests.llm.build.tiny import TOKENS, tiny, write_gguf

pytestmark = pytest.mark.slow
TEXT = [40, 3, 17, 200, 5, 9, 41, 77, 3, 3, 250, 12, 13, 14, 99, 120, 7, 8, 60, 61, 62, 63, 90, 5]


@pytest.mark.parametrize("family", list(Family))
def test_the_reference_agrees_with_another_implementation(family: Family, tmp_path: Path) -> None:
    peer = pytest.importorskip("llama_cpp", reason="llama-cpp-python is only there to measure (make bench-peers)")
    model = tiny(family, vocab=len(TOKENS))
    head = {f"{family.value}.rope.dimension_count": model.architecture.head_dim}
    file = write_gguf(tmp_path / "tiny.gguf", model, **head)
    other = peer.Llama(str(file), n_ctx=64, logits_all=True, n_threads=1, verbose=False)
    try:
        other.eval(TEXT)
        found = np.array(other.scores[: len(TEXT)])
    finally:
        other.close()
    reference = Reference(open_source(file))
    wanted = reference.logits(reference.states(TEXT))
    assert np.abs(found - wanted).max() < 0.005 * np.abs(wanted).max()  # it keeps keys and values in 16 bits
