"""The product's decoder under load, in a process of its own: python -m benchmarks.llm_ours FOLDER LOAD."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.llm_load import (
    Load,
    Measured,
    base_mb,
    first_token_ms,
    measure_idle,
    measure_memory,
    measure_speed,
    serve,
)

if TYPE_CHECKING:  # imported when what the process held before has been looked at
    from assistant.llm.decoder import LanguageModel


def run(arguments: Sequence[str], load: Load) -> Measured:
    """Measure the model in a folder."""
    measured = Measured(base_mb=base_mb())
    folder = Path(arguments[0])
    began = time.perf_counter()
    from assistant.llm.decoder import LanguageModel

    model = LanguageModel.load(folder, load.threads)
    measured.load_ms = (time.perf_counter() - began) * 1000
    measure_speed(_Ours(model), load, measured)
    measure_memory(measured)
    measure_idle(measured, load.idle_s)
    _first_tokens(model, load, measured)
    return measured


class _Ours:
    """One context that is rewound."""

    def __init__(self, model: LanguageModel) -> None:
        self._context = model.context()

    def reset(self) -> None:
        """To the start; the buffers stay."""
        self._context.rewind(0)

    def feed(self, tokens: Sequence[int]) -> int:
        """Read more; the likeliest next token."""
        return int(self._context.feed(tokens).argmax())


def _first_tokens(model: LanguageModel, load: Load, measured: Measured) -> None:
    """Behind a beginning that stays, with the store of beginnings on disk and without."""
    from assistant.llm.prefixes import PrefixStore

    prefix, suffix = tuple(load.tokens(load.prefix)), load.tokens(load.suffix, 1)
    with tempfile.TemporaryDirectory() as folder:
        store = PrefixStore(Path(folder))
        context = model.context()
        context.feed(prefix)
        store.keep(model, prefix, context.cache)

        def restored() -> Callable[[Sequence[int]], object]:
            found = store.restore(model, prefix)
            if found is None:
                raise AssertionError("the prefix that was kept just now is not there")
            return found.feed

        for _ in range(load.repeats):
            without = first_token_ms(lambda: model.context().feed, [*prefix, *suffix])
            measured.first_token_ms.setdefault("without_store", []).append(without)
            measured.first_token_ms.setdefault("with_store", []).append(first_token_ms(restored, suffix))


if __name__ == "__main__":
    sys.exit(serve(run))
