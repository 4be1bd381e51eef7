"""Composes adaptation: intents → examples → rows in a file → training → an adapter, measured on new homes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from assistant.core.errors import ModelDamaged
from assistant.core.intents import IntentSpec
from assistant.llm.adapt.adapter import Adapter
from assistant.llm.adapt.training import Plan, Report
from assistant.skillhost.load import bundled_places, load_class
from assistant.understanding.examples.generate import examples
from assistant.understanding.examples.pairs import Writer, Written
from assistant.understanding.examples.sieve import Sieve

ROWS_FILE, COUNTS_FILE = "rows.jsonl", "counts.json"
HELD_OUT_SEED = 1_000_003
"""Added to the seed: homes that training never sees."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to make."""

    work: Path
    """Examples and checkpoints: training goes on from what lies here."""
    out: Path
    examples: int
    plan: Plan
    language: str = "en"
    leave_out: Path | None = None
    """Folder of sentences that measure the assistant: none of them is learnt."""
    held_out: int = 500


class Pupil(Protocol):
    """A kind of model that can be adapted."""

    kind: str

    def row(self, written: Written) -> dict[str, Any] | None:
        """An example as it lies in the file; None for one that this kind can't learn."""
        ...

    def learn(self, rows: Sequence[dict[str, Any]], plan: Plan, work: Path, report: Report, recipe: Any) -> Adapter:
        """Train, or go on with it."""
        ...

    def judge(self, adapter: Adapter, held_out: Sequence[Written], work: Path, /) -> dict[str, float]:
        """Shares of examples of new homes, after `learn`: right, and where it can be told wrong (something else is
        done) and missed."""
        ...


@dataclass(slots=True)
class Counts:
    """How many examples there were, and what became of them."""

    wanted: int
    seed: int
    known_sentences: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    """By kind: those that equal a sentence to be left out."""
    unwritable: int = 0
    rows: int = 0


def intents() -> tuple[IntentSpec, ...]:
    """Of the bundled skills."""
    return tuple(offer.spec for place in bundled_places() for offer in load_class(place).offers.intents)


def adapt(pupil: Pupil, order: Order, say: Say, report: Report) -> Adapter:
    """Make the adapter, in as many sittings as it takes, and keep it in `order.out`. Raises ModelError, OSError."""
    specs = intents()
    folder = order.work / pupil.kind
    folder.mkdir(parents=True, exist_ok=True)
    counts = _counted(pupil, order, specs, folder, say)
    rows = [json.loads(line) for line in (folder / ROWS_FILE).read_text(encoding="utf-8").splitlines()]
    recipe = {"plan": asdict(order.plan), "examples": asdict(counts)}
    adapter = pupil.learn(rows, order.plan, folder, report, recipe)
    fresh = Writer(specs, order.language, order.plan.seed + HELD_OUT_SEED, is_shuffled=False)
    kept = fresh.written(islice(examples(specs, order.plan.seed + HELD_OUT_SEED, order.language), order.held_out))
    judged = pupil.judge(adapter, list(kept), folder)
    say(", ".join(f"{name} {share:.1%}" for name, share in judged.items()) + " of new homes' examples")
    about = adapter.about
    told = Adapter(type(about)(**{**asdict(about), "recipe": {**about.recipe, "held_out": judged}}), adapter.parts)
    told.write(order.out)
    return told


def _counted(pupil: Pupil, order: Order, specs: Sequence[IntentSpec], folder: Path, say: Say) -> Counts:
    """Make the rows, unless they lie there: whole or not at all."""
    known = folder / COUNTS_FILE
    if known.is_file() and (folder / ROWS_FILE).is_file():
        counts = _read(known)
        if (counts.wanted, counts.seed) == (order.examples, order.plan.seed):
            say(f"{counts.rows} examples lie in {folder}")
            return counts
    sieve = Sieve.of(order.leave_out, order.language) if order.leave_out else Sieve(frozenset(), order.language)
    say(f"{len(sieve.known)} sentences are left out" if sieve.known else "no sentences are given to be left out")
    counts = Counts(order.examples, order.plan.seed, len(sieve.known))
    fresh = folder / f"{ROWS_FILE}.new"
    writer = Writer(specs, order.language, order.plan.seed)
    with fresh.open("w", encoding="utf-8") as stream:
        made = islice(examples(specs, order.plan.seed, order.language), order.examples)
        for row in _rows(pupil, writer.written(sieve.passed(made)), writer.unwritable):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            counts.rows += 1
    counts.dropped, counts.unwritable = dict(sieve.dropped), writer.unwritable.total()
    say(f"{counts.rows} examples; {sieve.dropped.total()} left out, {counts.unwritable} no call can say")
    fresh.replace(folder / ROWS_FILE)
    known.write_text(json.dumps(asdict(counts)) + "\n", encoding="utf-8")
    return counts


def _rows(pupil: Pupil, written: Iterator[Written], unwritable: Counter[str]) -> Iterator[dict[str, Any]]:
    for each in written:
        row = pupil.row(each)
        if row is None:
            unwritable[f"not for {pupil.kind}"] += 1
        else:
            yield row


def _read(path: Path) -> Counts:
    try:
        return Counts(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ModelDamaged(f"{path} can't be read", why=str(error), fix="delete the folder") from error
