"""`assistant models`: list, pull, verify, remove and recommend the weights that the assistant runs on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from assistant.cli.adapt import adapt_model
from assistant.cli.models_build import build
from assistant.cli.terminal import current_config, err, out, print_error, print_json
from assistant.core.errors import DownloadError, ModelError, ModelMissing
from assistant.llm.build.board import quantization_for, this_board, what_is_known
from assistant.llm.build.build import build_published
from assistant.llm.form import FORM_FILE
from assistant.models import Choice, Model, ModelStore, Puller, Recommendation, Task, default_set
from assistant.models.catalogue import ModelSource
from assistant.models.fetch import Downloader
from assistant.models.registry import Registry

app = typer.Typer(
    help="The models (weights): where they come from, their licences, what is installed.", no_args_is_help=True
)
app.command()(build)
app.command("adapt")(adapt_model)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Folder = Annotated[
    Path | None, typer.Option("--models-dir", help="Folder of the models [default: ASSISTANT_MODELS_DIR, else data].")
]
Language = Annotated[
    str, typer.Option("--language", help="Language of the set [default: ASSISTANT_LANGUAGE, else the configured].")
]
Demo = Annotated[bool, typer.Option("--demo", help="Also the better voice that the demo speaks with.")]


def _store(folder: Path | None) -> ModelStore:
    return ModelStore((folder or current_config().paths.models_dir).expanduser().absolute())


def _set(language: str, demo: bool, store: ModelStore) -> Recommendation:
    chosen = language or current_config().settings.general.language
    return default_set(chosen, demo=demo, catalogue=store.catalogue)


def _state(store: ModelStore, model: Model) -> str:
    try:
        store.quick_check(model.id)
    except ModelMissing:
        return "missing"
    except ModelError:
        return "damaged"
    return "bundled" if model.bundled else "installed"


@app.command("list")
def list_models(models_dir: Folder = None, as_json: AsJson = False) -> None:
    """List the catalogue: task, languages, size, memory, licence, and what is installed."""
    store = _store(models_dir)
    rows = [_row(store, model) for model in store.catalogue.models]
    if as_json:
        print_json({"models_dir": str(store.models_dir), "models": rows, "built": _built(store)})
        return
    table = Table(Column("id", no_wrap=True), "task", "languages", "MB", "RAM MB", "licence", "state")
    for row in rows:
        licence = f"{row['licence']} (non-commercial)" if row["non_commercial"] else str(row["licence"])
        size = max(1, round(int(str(row["size_bytes"])) / 1e6))
        table.add_row(
            str(row["id"]), str(row["task"]), str(row["languages"]), str(size), str(row["ram_mb"]),
            licence, str(row["state"]),
        )  # fmt: skip
    out.print(table)
    for model in store.catalogue.models:
        if model.notice:
            out.print(f"{model.id}: {model.notice}")
    if built := _built(store):
        out.print(f"Built from files of your own: {', '.join(built)}")
    out.print(f"Folder: {store.models_dir}")


def _built(store: ModelStore) -> list[str]:
    """Language models in the folder that the catalogue doesn't know."""
    names = (file.parent.name for file in sorted(store.models_dir.glob(f"[!.]*/{FORM_FILE}")))
    return [name for name in names if store.catalogue.find(name) is None]


def _row(store: ModelStore, model: Model) -> dict[str, object]:
    return {
        "id": model.id,
        "task": model.task.value,
        "languages": " ".join(model.languages),
        "size_bytes": model.size_bytes,
        "ram_mb": model.ram_mb,
        "licence": model.licence,
        "non_commercial": model.non_commercial,
        "notice": model.notice,
        "home": model.home,
        "description": model.description,
        "state": _state(store, model),
    }


@app.command()
def pull(
    model_id: Annotated[str, typer.Argument(metavar="[ID]", help="A model; without: the set of the language.")] = "",
    language: Language = "",
    demo: Demo = False,
    models_dir: Folder = None,
) -> None:
    """Fetch a model, or the smallest complete set; what is there already is not asked for again."""
    store = _store(models_dir)
    if model_id:
        with _Bars() as bars:
            was_pulled = _puller(store, bars).pull(model_id)
        out.print(f"{model_id} is {'installed' if was_pulled else 'there already'}: {store.path(model_id)}")
        return
    wanted = _set(language, demo, store)
    with _Bars() as bars:
        puller = _puller(store, bars)
        served = [(choice.need, used) for choice in wanted.choices if (used := _pulled(puller, choice))]
    for need, used in served:
        out.print(f"{need}: {used} ({store.catalogue.get(used).licence})")


def _pulled(puller: Puller, choice: Choice) -> str:
    """The id that serves a need; empty, and told, when what can be done without can't be had."""
    try:
        return puller.pull_choice(choice)
    except (DownloadError, ModelError) as error:
        if not choice.is_optional:
            raise
        err.print(f"Without a {choice.need} for now:")
        print_error(error)
        return ""


@app.command()
def verify(
    model_id: Annotated[str, typer.Argument(metavar="[ID]", help="A model; without: all that are there.")] = "",
    models_dir: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Read every byte and compare it with the catalogue's checksums; exit code 1 when one differs."""
    store = _store(models_dir)
    ids = [model_id] if model_id else [m.id for m in store.catalogue.models if _state(store, m) != "missing"]
    faults: dict[str, ModelError] = {}
    for one in ids:
        try:
            store.verify(one)
        except ModelError as error:
            faults[one] = error
    if as_json:
        print_json({one: {"sound": one not in faults, "fault": str(faults.get(one, ""))} for one in ids})
    else:
        for one in ids:
            if one in faults:
                print_error(faults[one])
            else:
                out.print(f"{one}: sound")
        if not ids:
            out.print("No model is installed.")
    if faults:
        raise typer.Exit(1)


@app.command()
def remove(model_id: Annotated[str, typer.Argument(metavar="ID", help="A model.")], models_dir: Folder = None) -> None:
    """Delete a model from the disk."""
    store = _store(models_dir)
    store.remove(model_id)
    out.print(f"{model_id} is removed.")


@app.command()
def recommend(language: Language = "", demo: Demo = False, models_dir: Folder = None, as_json: AsJson = False) -> None:
    """Say which models this board should have, and whether they fit its memory."""
    store = _store(models_dir)
    wanted = _set(language, demo, store)
    if as_json:
        print_json(
            {
                "language": wanted.language,
                "models": [
                    {"need": choice.need, "ids": list(choice.ids), "why": choice.why} for choice in wanted.choices
                ],
                "size_bytes": wanted.size_bytes,
                "ram_mb": wanted.ram_mb,
                "board_ram_mb": wanted.board_ram_mb,
                "fits": wanted.fits,
            }
        )
        return
    for choice in wanted.choices:
        out.print(f"{choice.need}: {', else '.join(choice.ids)}. {choice.why}.")
        if store.catalogue.get(choice.ids[0]).task is Task.LLM:
            out.print(f"  Its form here: {what_is_known(quantization_for(this_board()))}.")
    verdict = "fits" if wanted.fits else "is tight"
    out.print(
        f"{wanted.size_bytes / 1e6:.0f} MB on disk, about {wanted.ram_mb} MB of memory: "
        f"{verdict} on this board ({wanted.board_ram_mb} MB)."
    )


def _puller(store: ModelStore, bars: _Bars) -> Puller:
    """A puller that trusts what pip trusts where requests has no setting of its own."""
    own = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    downloader = Downloader(ca_bundle=own or os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE") or "")
    return Puller(store, downloader, Registry(downloader), bars, build_published)


class _Bars:
    """Tells on standard error how a pull goes: bars on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            console=err, disable=not err.is_terminal,
        )  # fmt: skip
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def waiting(self, model: Model) -> None:
        """Another pull is at work."""
        err.print(f"Another pull of {model.id} is at work; waiting for it.")

    def trying(self, model: Model, source: ModelSource) -> None:
        """A source is asked."""
        err.print(f"{model.id}: {source.size_bytes / 1e6:.0f} MB from {source.label} ({model.licence})")

    def progress(self, model: Model, step: str, done: int, total: int) -> None:
        """Move the bar of this step."""
        task = self._tasks.get((model.id, step))
        if task is None:
            task = self._tasks[model.id, step] = self._progress.add_task(f"{model.id} {step}", total=total)
        self._progress.update(task, completed=done, total=total)

    def source_failed(self, model: Model, source: ModelSource, error: DownloadError) -> None:
        """Say why a source gave nothing."""
        err.print(f"{model.id}: {source.label} did not serve:")
        print_error(error)

    def installed(self, model: Model) -> None:
        """Say that it is in place."""
        err.print(f"{model.id}: installed, every byte checked.")

    def using_instead(self, wanted: Model, used: Model, why: str) -> None:
        """Say which model serves in another's place, and why."""
        err.print(
            f"[bold]{used.id} is used, because {wanted.id} could not be fetched.[/] {why}. "
            f"For {wanted.id} later: `assistant models pull {wanted.id}`."
        )
