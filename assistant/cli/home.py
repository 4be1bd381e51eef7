"""`assistant home`: what stands in the home, and how it is right now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import current_config, out, print_json, quiet_config, run_async

app = typer.Typer(help="The devices of the home.", no_args_is_help=True)
COLUMNS = ("name", "area", "domain", "state", "age")
EVERY_S = 1.0
EMPTY = "No device has announced itself yet."
Row = Mapping[str, Any]
"""One entity, as the daemon's command `home` tells it."""


@app.callback()
def _group() -> None:
    """Home."""


@app.command("list")
def list_home(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List entities with their areas and last known states."""
    from assistant.daemon.session import request

    rows: list[Row] = run_async(request(quiet_config(), [("home", {})]))[0]["entities"]
    if as_json:
        print_json(rows)
    else:
        out.print(render(rows))


@app.command("watch")
def watch_home() -> None:
    """Show the states of a running assistant's home as they change; Ctrl+C ends it."""
    from assistant.daemon.session import ask_daemon

    config = current_config()

    async def ask() -> Sequence[Row]:
        rows: list[Row] = (await ask_daemon(config, "home"))["entities"]
        return rows

    run_async(watch(ask, out))


async def watch(ask: Callable[[], Awaitable[Sequence[Row]]], console: Console, every_s: float = EVERY_S) -> None:
    """Ask again and again, and mark what changed since the last time."""
    before: dict[str, object] = {}
    with Live(console=console, auto_refresh=False) as live:
        while True:
            rows = await ask()
            now = {row["id"]: _told(row) for row in rows}
            changed = {each for each, told in now.items() if before and before.get(each) != told}
            live.update(render(rows, changed), refresh=True)
            before = now
            await asyncio.sleep(every_s)


def render(rows: Iterable[Row], changed: Collection[str] = ()) -> RenderableType:
    """A table, sorted by area; those that changed stand out."""
    table = Table(*COLUMNS)
    for row in sorted(rows, key=lambda row: (row["area"] or "~", row["name"])):
        style = "bold" if row["id"] in changed else "dim" if row["state"] == "unavailable" else ""
        # names come from devices: what looks like markup is none
        table.add_row(*(Text("" if row[column] is None else str(row[column])) for column in COLUMNS), style=style)
    return table if table.row_count else EMPTY


def _told(row: Row) -> object:
    return row["name"], row["area"], row["state"], row["attributes"]
