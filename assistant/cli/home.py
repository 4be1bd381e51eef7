"""`assistant home`: what stands in the home, how it is right now, and what was done to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from assistant.cli import home_import, home_log, home_set, home_watch
from assistant.cli.home_reach import ask_home
from assistant.cli.terminal import out, print_json
from assistant.core.errors import InputError

app = typer.Typer(help="The devices of the home.", no_args_is_help=True)
COLUMNS = ("name", "area", "domain", "state", "age")
EMPTY = "No device has announced itself yet."
Row = Mapping[str, Any]
"""One entity, as the daemon tells it."""
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Named = Annotated[str, typer.Argument(help="Name or id of a thing, as `list` shows it.")]
_STANDARD = Path("-")


@app.callback()
def _group() -> None:
    """Home."""


home_set.register(app)
home_watch.register(app)
home_log.register(app)
home_import.register(app)


@app.command("list")
def list_home(
    area: Annotated[str, typer.Option(help="Only what stands in that area.")] = "",
    domain: Annotated[str, typer.Option(help="Only lights, locks, … (light, lock, …).")] = "",
    as_json: AsJson = False,
) -> None:
    """List entities with their areas and last known states."""
    rows = [row for row in ask_home("home")["entities"] if _fits(row, area, domain)]
    if as_json:
        print_json(rows)
    else:
        out.print(render(rows))


@app.command("show")
def show_one(name: Named, as_json: AsJson = False) -> None:
    """Show all that is known of one thing, and what was done to it last."""
    answer = ask_home("home_show", entity=name)
    if as_json:
        print_json({"entity": answer["entity"], "actions": answer["actions"]})
        return
    out.print(render_one(answer["entity"]))
    if answer["actions"]:
        out.print(home_log.render(answer["actions"], home_log.local_zone()))


@app.command("rename")
def rename_one(
    name: Named,
    to: Annotated[str | None, typer.Argument(help="What it is called; '' for what its device says.")] = None,
    area: Annotated[str | None, typer.Option(help="Where it stands; '' for what its device says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Call a thing by another name, or put it into an area; kept, and stronger than what devices say."""
    entity = ask_home("home_rename", entity=name, name=to, area=area)["entity"]
    if as_json:
        print_json(entity)
    else:
        place = f", in the area {entity['area']}" if entity["area"] else ""
        out.print(f"{entity['id']} is called {entity['name']}{place}.", markup=False)


@app.command("areas")
def list_areas(as_json: AsJson = False) -> None:
    """List areas, with how many things stand in each."""
    answer = ask_home("home_areas")
    if as_json:
        print_json(answer["areas"])
        return
    table = Table("area", "also called", "things")
    for row in answer["areas"]:
        table.add_row(Text(row["name"]), Text(", ".join(row["aliases"])), str(row["entities"]))
    if answer["nowhere"]:
        table.add_row(Text("in no area", style="dim"), "", str(answer["nowhere"]))
    out.print(table if table.row_count else EMPTY)


@app.command("export")
def export_home(
    file: Annotated[Path, typer.Argument(help="The JSON file to write; - for standard output.")] = _STANDARD,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write areas, entities and their states to a JSON file."""
    if file != _STANDARD and file.exists() and not force:
        raise InputError(f"{file} is there already", fix="give another name, or --force")
    answer = ask_home("home_export")
    exported = {key: answer[key] for key in ("at", "areas", "entities")}
    if file == _STANDARD:
        print_json(exported)
        return
    draft = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        draft.write_text(json.dumps(exported, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{file} can't be written", why=error.strerror or str(error)) from error


def render(rows: Iterable[Row]) -> RenderableType:
    """A table, sorted by area."""
    table = Table(*COLUMNS)
    for row in sorted(rows, key=lambda row: (row["area"] or "~", row["name"])):
        style = "dim" if row["state"] == "unavailable" else ""
        # names come from devices: what looks like markup is none
        table.add_row(*(_cell(row[column]) for column in COLUMNS), style=style)
    return table if table.row_count else EMPTY


def render_one(row: Row) -> RenderableType:
    """Every field of an entity on a line of its own; empty ones are left out."""
    table = Table(show_header=False)
    attributes = {f"  {name}": value for name, value in row["attributes"].items()}
    fields = {name: value for name, value in row.items() if name != "attributes"} | attributes
    for name, value in fields.items():
        if value not in (None, "", []):
            table.add_row(_cell(name), _cell(", ".join(map(str, value)) if isinstance(value, list) else value))
    return table


def _cell(value: object) -> Text:
    return Text("" if value is None else str(value), overflow="fold")


def _fits(row: Row, area: str, domain: str) -> bool:
    return (not area or (row["area"] or "").casefold() == area.casefold()) and domain.casefold() in {"", row["domain"]}
