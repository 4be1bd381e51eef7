"""The training loop: resumable at any moment, also after a kill."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from assistant.core.errors import ModelError
from assistant.llm.adapt.batches import AnyRow, batches
from assistant.llm.adapt.library import torch

STATE_FILE = "training.pt"
Fed = TypeVar("Fed", contravariant=True)


class Learner(Protocol[Fed]):
    """What learns."""

    @property
    def parts(self) -> Mapping[str, Any]:
        """Tensors that learn, by name."""
        ...

    def loss(self, batch: Sequence[Fed]) -> Any:
        """A tensor of one number, to be made smaller."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train; the same plan on the same rows gives the same steps."""

    steps: int
    batch: int = 8
    rate: float = 1e-3
    warm_steps: int = 20
    seed: int = 1
    save_s: float = 120.0
    """Seconds between checkpoints."""
    clip: float = 1.0

    def rate_at(self, step: int) -> float:
        """Rises in `warm_steps`, then falls along half a cosine to a twentieth."""
        if step < self.warm_steps:
            return self.rate * (step + 1) / self.warm_steps
        done = (step - self.warm_steps) / max(1, self.steps - self.warm_steps)
        fall: float = 0.05 + 0.95 * 0.5 * (1 + float(torch().cos(torch().tensor(done * torch().pi))))
        return self.rate * fall


@dataclass(frozen=True, slots=True)
class Progress:
    """After one step."""

    step: int
    steps: int
    loss: float
    """Smoothed, nats per token."""
    tokens_per_s: float


Report = Callable[[Progress], None]


def train(learner: Learner[AnyRow], rows: Sequence[AnyRow], plan: Plan, folder: Path, report: Report) -> None:
    """Go on from the checkpoint in `folder`, or begin; returns when all steps are done. The learner's parts learn.

    Raises ModelError where the checkpoint belongs to another plan or other rows."""
    optimizer = torch().optim.AdamW(_ordered(learner.parts), lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.99))
    mark: dict[str, Any] = {**asdict(plan), "rows": len(rows), "tokens": sum(row.length for row in rows)}
    run = _Run(learner.parts, optimizer, folder / STATE_FILE, mark)
    step, loss = run.resume()
    saved = began = time.monotonic()
    tokens = 0
    for at, batch in enumerate(islice(batches(rows, plan.batch, plan.seed), step, plan.steps), start=step):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate_at(at)
        new = _step(learner, optimizer, batch, plan.clip)
        loss = new if at == 0 else 0.95 * loss + 0.05 * new
        tokens += sum(row.length for row in batch)
        report(Progress(at + 1, plan.steps, loss, tokens / (time.monotonic() - began)))
        if time.monotonic() - saved > plan.save_s or at + 1 == plan.steps:
            run.save(at + 1, loss)
            saved = time.monotonic()


@dataclass(slots=True)
class _Run:
    """What is kept between sittings."""

    parts: Mapping[str, Any]
    optimizer: Any
    path: Path
    mark: dict[str, Any]

    def save(self, step: int, loss: float) -> None:
        """Whole or not at all: a kill while it writes leaves the one before."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        parts = {name: part.detach() for name, part in self.parts.items()}
        state = {"mark": self.mark, "step": step, "loss": loss, "parts": parts}
        torch().save({**state, "optimizer": self.optimizer.state_dict()}, fresh)
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        fresh.replace(self.path)

    def resume(self) -> tuple[int, float]:
        """The step to go on from, and the loss so far."""
        if not self.path.is_file():
            return 0, 0.0
        state = torch().load(self.path, weights_only=True)
        if state["mark"] != self.mark:
            raise ModelError(
                f"{self.path} was begun with another plan or other examples",
                fix="finish it as it was begun, or delete it",
            )
        with torch().no_grad():
            for name, part in state["parts"].items():
                self.parts[name].copy_(part)
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["step"]), float(state["loss"])


def _step(learner: Learner[AnyRow], optimizer: Any, batch: Sequence[AnyRow], clip: float) -> float:
    optimizer.zero_grad(set_to_none=True)
    loss = learner.loss(batch)
    loss.backward()
    torch().nn.utils.clip_grad_norm_(_ordered(learner.parts), clip)
    optimizer.step()
    return float(loss.detach())


def _ordered(parts: Mapping[str, Any]) -> list[Any]:
    return [parts[name] for name in sorted(parts)]
