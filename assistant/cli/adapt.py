"""`assistant models adapt`: trains a planner's model on examples made from the skills' own sentences."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.terminal import out, print_error
from assistant.core.errors import AssistantError

Base = Annotated[
    Path, typer.Argument(help="A folder with model.safetensors and tokenizer.json (an encoder), or a .gguf file.")
]
Work = Annotated[Path, typer.Option(help="Examples and checkpoints; a training that was cut off goes on from here.")]
LeaveOut = Annotated[
    Path | None, typer.Option(help="Folder of JSON files with sentences that measure the assistant: none is learnt.")
]


def adapt_model(
    base: Base,
    work: Work,
    out_folder: Annotated[Path, typer.Option("--out", help="Where the adapter is written.")],
    base_id: Annotated[str, typer.Option(help="Name of the base, kept in the adapter.")] = "",
    leave_out: LeaveOut = None,
    examples: Annotated[int, typer.Option(min=10, help="Examples to make.")] = 20_000,
    steps: Annotated[int, typer.Option(min=1, help="Training steps.")] = 4_000,
    batch: Annotated[int, typer.Option(min=1, help="Examples a step.")] = 16,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 1.5e-3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same examples and the same training.")] = 1,
    threads: Annotated[int, typer.Option(min=1)] = 2,
) -> None:
    """Adapt a model to the skills' commands. Needs torch (pip install 'assistant[adapt]'); takes minutes to hours."""
    from assistant.daemon.adapting import Order, adapt, intents
    from assistant.daemon.pupils import EncoderPupil, LanguageModelPupil
    from assistant.llm.adapt.network import Rank
    from assistant.llm.adapt.training import Plan, Progress
    from assistant.understanding.planner.tools import Toolbox

    def report(progress: Progress) -> None:
        if progress.step % 20 == 0 or progress.step == progress.steps:
            out.print(
                f"step {progress.step}/{progress.steps} loss {progress.loss:.3f} {progress.tokens_per_s:.0f} tok/s"
            )

    os.nice(10)
    plan = Plan(steps, batch, rate, seed=seed)
    order = Order(work, out_folder, examples, plan, leave_out=leave_out)
    try:
        name = base_id or base.stem
        is_decoder = base.suffix == ".gguf"
        pupil = (
            LanguageModelPupil(base, name, Rank(), threads)
            if is_decoder
            else EncoderPupil(base, name, Toolbox(intents(), order.language), threads)
        )
        adapt(pupil, order, out.print, report)
    except AssistantError as error:
        print_error(error)
        raise typer.Exit(1) from error
    out.print(f"adapter: {out_folder}")
