"""`assistant skills`: what is loaded, and what failed."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from assistant.cli.terminal import out, print_json, quiet_config, run_async

app = typer.Typer(help="Skills: what is loaded, and what failed.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Skills."""


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List skills with their state and a sentence to try."""
    from assistant.daemon.session import request

    rows: list[dict[str, Any]] = run_async(request(quiet_config(), [("skills", {})]))[0]["skills"]
    if as_json:
        print_json(rows)
        return
    table = Table("skill", "state", "try")
    for row in rows:
        state = "[green]serving[/]" if row["state"] == "serving" else f"[red]{row['state']}[/]"
        table.add_row(row["name"], state, row["error"] or (row["examples"] or [""])[0])
    out.print(table)
