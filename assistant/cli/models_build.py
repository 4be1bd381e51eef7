"""`assistant models build`: make a language model of a GGUF file or of a published ONNX model."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from assistant.cli.terminal import current_config, err, out, print_json
from assistant.core.errors import ModelError
from assistant.llm.build.board import quantization_for, this_board
from assistant.llm.build.build import Plan
from assistant.llm.form import Form, Quantization
from assistant.models import ModelStore, Task
from assistant.models.disk import disk_faults, require_space
from assistant.models.store import seal

_SHARE = 2.5
"""The built model takes at most so many times what the source does: 4 bits become 8."""


class Quantized(StrEnum):
    """What can be asked for."""

    AUTO = "auto"
    Q8 = Quantization.Q8.value
    Q4 = Quantization.Q4.value
    DQ8 = Quantization.DQ8.value


def build(
    source: Annotated[Path, typer.Argument(help="A .gguf file, an .onnx file, or the folder of a published one.")],
    model_id: Annotated[str, typer.Option("--id", help="Name of the built model, for [llm] in the configuration.")],
    quantization: Annotated[
        Quantized, typer.Option(help="auto: what this board's processor is fast with.")
    ] = Quantized.AUTO,
    positions: Annotated[int, typer.Option(min=64, help="Tokens of prompt and answer together, at most.")] = 8192,
    check: Annotated[int, typer.Option(min=0, help="Tokens over which it is compared with float32; 0: none.")] = 1000,
    models_dir: Annotated[
        Path | None,
        typer.Option("--models-dir", help="Folder of the models [default: ASSISTANT_MODELS_DIR, else data]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Build a language model from a file of one's own, and compare it with the same weights in float32."""
    store = ModelStore((models_dir or current_config().paths.models_dir).expanduser().absolute())
    folder = _folder(store, model_id)
    chosen = quantization_for(this_board()) if quantization is Quantized.AUTO else Quantization(quantization.value)
    plan = Plan(chosen, positions, check, threads=os.cpu_count() or 1)
    _tell(_built(source.expanduser(), folder, plan), folder, as_json=as_json)


def _folder(store: ModelStore, model_id: str) -> Path:
    known = store.catalogue.find(model_id)
    if known is not None and known.task is not Task.LLM:
        raise ModelError(f"{model_id} is the name of another model", fix="choose another --id")
    folder = store.folder(model_id)
    if folder.exists() and not (folder / "form.json").exists():
        raise ModelError(f"{folder} holds something else", fix="choose another --id, or remove it")
    return folder


def _built(source: Path, folder: Path, plan: Plan) -> Form:
    # only here: they bring onnx and gguf, which other commands don't need
    from assistant.llm.build.build import build as build_model
    from assistant.llm.build.source import open_source

    with disk_faults(folder), _bars() as bars:
        checkpoint = open_source(source)
        folder.parent.mkdir(parents=True, exist_ok=True)
        require_space(folder.parent, int(_size(source) * _SHARE))
        tasks = {step: bars.add_task(step, total=None) for step in ("build", "check")}
        form = build_model(
            checkpoint, folder, plan, lambda step, done, total: bars.update(tasks[step], completed=done, total=total)
        )
        seal(folder)
    return form


def _size(source: Path) -> int:
    files = source.rglob("*") if source.is_dir() else [source]
    return sum(file.stat().st_size for file in files if file.is_file())


def _bars() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), console=err, disable=not err.is_terminal)


def _tell(form: Form, folder: Path, *, as_json: bool) -> None:
    size = _size(folder)
    checked = form.checked
    if as_json:
        figures = None if checked is None else {name: getattr(checked, name) for name in checked.__slots__}
        print_json({"folder": str(folder), "quantization": form.quantization, "size_bytes": size, "checked": figures})
        return
    out.print(f"{folder}: {form.family}, {form.quantization}, {size / 1e6:.0f} MB, {form.max_positions} positions.")
    if checked is not None:
        out.print(
            f"Against float32 over {checked.positions} tokens: KL {checked.kl:.4f}, perplexity "
            f"{checked.perplexity:.2f} ({checked.reference_perplexity:.2f}), "
            f"the same most likely token {checked.same_top:.1%}."
        )
