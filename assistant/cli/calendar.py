"""`assistant calendar`: events, and the calendars that are followed."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.agenda import AsJson, Ids, ask, group, show, tell
from assistant.cli.terminal import current_config, run_async
from assistant.daemon.session import ask_daemon

app = group("calendar", "Events of the calendar.")
COLUMNS = ("id", "label", "start", "end", "repeats", "source")
SOURCE_COLUMNS = ("name", "events", "error", "refused", "read_at")


@app.command("list")
def list_events(
    days: Annotated[int, typer.Option(help="How far to look ahead.", min=1, max=3660)] = 14,
    as_json: AsJson = False,
) -> None:
    """List what takes place in the coming days."""
    show(ask("events", days=days)["events"], COLUMNS, f"Nothing in the next {days} days.", as_json=as_json)


@app.command("cancel")
def cancel(ids: Ids = None, as_json: AsJson = False) -> None:
    """Remove events by number, with all their days and the reminders that hang on them."""
    answer = ask("cancel", part="calendar", ids=ids or [])
    tell(answer, f"{answer['cancelled']} cancelled.", as_json=as_json)


@app.command("sources")
def sources(as_json: AsJson = False) -> None:
    """How the calendars from elsewhere are doing that a running assistant follows."""
    rows = run_async(ask_daemon(current_config(), "calendars"))["calendars"]
    show(rows, SOURCE_COLUMNS, "No calendar from elsewhere is followed.", as_json=as_json)
