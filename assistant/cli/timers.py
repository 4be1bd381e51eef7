"""`assistant timers`: what is still to come."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from assistant.cli.terminal import out, print_json, quiet_config, run_async

app = typer.Typer(help="Timers, alarms and reminders that are still to come.", no_args_is_help=True)
COLUMNS = ("id", "kind", "label", "due", "remaining", "paused")


@app.callback()
def _group() -> None:
    """Timers."""


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List what is pending, soonest first."""
    from assistant.daemon.session import request

    rows: list[dict[str, Any]] = run_async(request(quiet_config(), [("timers", {})]))[0]["items"]
    if as_json:
        print_json(rows)
    elif not rows:
        out.print("Nothing is pending.")
    else:
        table = Table(*COLUMNS)
        for row in rows:
            table.add_row(*("" if row[column] is None else str(row[column]) for column in COLUMNS))
        out.print(table)
