"""Fits the planner's score to a model: `python -m benchmarks.planner_score FOLDER`, and the text of score.toml.

The examples are invented by a seed that no training uses."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path

from assistant.core.clock import SystemClock
from assistant.llm.constrain import Grammars
from assistant.llm.engine import Engine
from assistant.llm.pointer.model import ABOUT_FILE, PointerModel
from assistant.skillhost.load import bundled_places, load_class
from assistant.understanding.examples.generate import examples
from assistant.understanding.planner.calibrate import judged, written
from assistant.understanding.planner.planner import LanguageModelPlanner
from assistant.understanding.planner.score import fitted
from assistant.understanding.pointing.planner import EncoderPlanner

LANGUAGE = "en"
MOST_WRONG = 0.03
"""Of all that is carried out, at most this share may be something else than what was meant."""


async def _text(folder: Path, count: int, seed: int) -> str:
    intents = [offer.spec for place in bundled_places() for offer in load_class(place).offers.intents]
    made = islice(examples(intents, seed, LANGUAGE), count)
    if (folder / ABOUT_FILE).is_file():
        with closing(EncoderPlanner(PointerModel.load(folder, threads=2))) as encoder:
            found, asked = await judged(encoder, intents, made, SystemClock())
    else:
        engine = Engine(folder, SystemClock())
        try:
            planner = LanguageModelPlanner(engine, Grammars.load(folder).constraint, seconds=60.0)
            found, asked = await judged(planner, intents, made, SystemClock())
        finally:
            await engine.close()
    right = sum(each.is_right for each in found)
    proposals = f"{right} of {len(found)} proposals that the guards let through were right"
    source = f"{folder.name}: {proposals}, {asked} invented examples, seed {seed}"
    return written(fitted(found, MOST_WRONG, source))


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a built model, writing or pointing")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=90_001)
    given = parser.parse_args()
    sys.stdout.write(asyncio.run(_text(given.folder, given.count, given.seed)))


if __name__ == "__main__":
    main()
