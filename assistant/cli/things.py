"""`assistant timers` and `assistant home`: what is pending, and what stands in the home."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from assistant.cli.terminal import out, print_json, quiet_config, run_async

timers = typer.Typer(help="Timers, alarms and reminders that are still to come.", no_args_is_help=True)
home = typer.Typer(help="The devices of the home.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def _rows(command: str, key: str) -> list[dict[str, Any]]:
    from assistant.daemon.session import request

    rows: list[dict[str, Any]] = run_async(request(quiet_config(), [(command, {})]))[0][key]
    return rows


def _print(rows: list[dict[str, Any]], columns: tuple[str, ...], empty: str) -> None:
    if not rows:
        out.print(empty)
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if row[column] is None else str(row[column]) for column in columns))
    out.print(table)


@timers.callback()
def _timers_group() -> None:
    """Timers."""


@timers.command("list")
def list_timers(as_json: AsJson = False) -> None:
    """List what is pending, soonest first."""
    rows = _rows("timers", "items")
    if as_json:
        print_json(rows)
    else:
        _print(rows, ("id", "kind", "label", "due", "remaining", "paused"), "Nothing is pending.")


@home.callback()
def _home_group() -> None:
    """Home."""


@home.command("list")
def list_home(as_json: AsJson = False) -> None:
    """List entities with their areas and last known states."""
    rows = _rows("home", "entities")
    if as_json:
        print_json(rows)
    else:
        _print(rows, ("name", "area", "domain", "state", "age"), "No device has announced itself yet.")
