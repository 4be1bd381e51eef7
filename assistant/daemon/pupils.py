"""The two kinds of models that can be adapted: an encoder that points, and a language model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.llm.adapt.adapter import About, Adapter, sha256_of
from assistant.llm.adapt.batches import Pair, tokens_of
from assistant.llm.adapt.library import torch
from assistant.llm.adapt.network import Network, Rank
from assistant.llm.adapt.training import Plan, Report, train
from assistant.llm.build.gguf_file import GgufFile
from assistant.llm.form import Origin
from assistant.llm.pointer.export import Base, build_pointer
from assistant.llm.pointer.learning import Learner
from assistant.llm.pointer.lessons import LessonRow, lesson_of
from assistant.llm.pointer.model import PointerModel
from assistant.llm.pointer.shape import Shape
from assistant.llm.tokens import Tokenizer
from assistant.understanding.examples.pairs import Written
from assistant.understanding.planner.prompt import NONE, PREFIX
from assistant.understanding.planner.tools import Toolbox
from assistant.understanding.pointing.lessons import row_of
from assistant.understanding.pointing.planner import EncoderPlanner
from assistant.understanding.pointing.signatures import classes_of

ENCODER_RANK = 32


class EncoderPupil:
    """A BERT encoder becomes a planner that points."""

    kind = "encoder"

    def __init__(self, base: Path, base_id: str, toolbox: Toolbox, threads: int) -> None:
        """`base` is a folder with model.safetensors and tokenizer.json. Raises ModelMissing, ModelDamaged."""
        self._base = Base.read(base)
        self._base_id = base_id
        self._classes = classes_of(toolbox.tools)
        self._threads = threads

    def row(self, written: Written) -> dict[str, Any] | None:
        """See Pupil."""
        row = row_of(written)
        return None if row is None else row.plain()

    def learn(self, rows: Sequence[dict[str, Any]], plan: Plan, work: Path, report: Report, recipe: Any) -> Adapter:
        """See Pupil."""
        torch().set_num_threads(self._threads)
        known = {name: at for at, name in enumerate(self._classes)}
        encode = _kept(Tokenizer(self._base.tokenizer).encode)
        lessons = [lesson_of(LessonRow.read(row), known, encode) for row in rows]
        learner = Learner(self._base.weights, Shape(), len(self._classes), ENCODER_RANK, plan.seed)
        train(learner, [lesson for lesson in lessons if lesson is not None], plan, work, report)
        about = About(
            self._base_id, self._base.sha256, sha256_of(self._base.tokenizer), ENCODER_RANK,
            classes=self._classes, recipe=recipe,
        )  # fmt: skip
        return Adapter(about, {name: part.detach().numpy() for name, part in learner.parts.items()})

    def judge(self, adapter: Adapter, held_out: Sequence[Written], work: Path) -> dict[str, float]:
        """See Pupil."""
        folder = work / "built"
        build_pointer(self._base, adapter, folder)
        planner = EncoderPlanner(PointerModel.load(folder, self._threads))
        found: Counter[str] = Counter()
        for each in held_out:
            answer = planner.proposed(each.shown).answer
            found["right" if answer == each.answer else "missed" if answer == NONE else "wrong"] += 1
        planner.close()
        return {name: round(found[name] / max(1, len(held_out)), 4) for name in ("right", "wrong", "missed")}


class LanguageModelPupil:
    """A decoder of the llama family learns to write calls."""

    kind = "language-model"

    def __init__(self, base: Path, base_id: str, rank: Rank, threads: int) -> None:
        """`base` is a GGUF file. Raises ModelError, ModelDamaged, ModelMissing."""
        self._checkpoint = GgufFile(base, Origin(base_id, hashlib.sha256(base.read_bytes()).hexdigest()))
        self._rank = rank
        self._threads = threads
        self._network: Network | None = None

    def row(self, written: Written) -> dict[str, Any] | None:
        """See Pupil."""
        return {"prompt": written.prompt, "answer": written.answer}

    def learn(self, rows: Sequence[dict[str, Any]], plan: Plan, work: Path, report: Report, recipe: Any) -> Adapter:
        """See Pupil."""
        torch().set_num_threads(self._threads)
        vocabulary = self._checkpoint.vocabulary
        encode = _kept(Tokenizer(vocabulary.tokenizer).encode)
        pairs = [Pair(PREFIX, row["prompt"], row["answer"]) for row in rows]
        network = self._network = Network(self._checkpoint, self._rank, plan.seed)
        train(network, [tokens_of(pair, encode, vocabulary.eos[0]) for pair in pairs], plan, work, report)
        origin = self._checkpoint.origin
        about = About(
            origin.id, origin.sha256, sha256_of(vocabulary.tokenizer), self._rank.size,
            prompt_sha256=sha256_of(PREFIX), recipe=recipe,
        )  # fmt: skip
        return Adapter(about, network.learnt())

    def judge(self, _: Adapter, held_out: Sequence[Written], __: Path) -> dict[str, float]:
        """See Pupil; right is an answer whose every token is the likeliest."""
        vocabulary = self._checkpoint.vocabulary
        encode = _kept(Tokenizer(vocabulary.tokenizer).encode)
        rows = [tokens_of(Pair(PREFIX, each.prompt, each.answer), encode, vocabulary.eos[0]) for each in held_out]
        network = self._network
        if network is None or not rows:
            return {}
        return {"right": round(sum(network.is_sure_of(row) for row in rows) / len(rows), 4)}


def _kept(encode: Callable[[str], list[int]]) -> Callable[[str], list[int]]:
    """Remembers what it encoded: words and names come again and again."""
    known: dict[str, list[int]] = {}

    def encoded(text: str) -> list[int]:
        if text not in known:
            known[text] = encode(text)
        return known[text]

    return encoded
