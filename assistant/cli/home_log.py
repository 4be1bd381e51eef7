"""`assistant home log`: what was done to the home, when, by whom, and what the devices said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import out, print_json, quiet_config, run_async
from assistant.core.errors import InputError
from assistant.daemon.config import Config
from assistant.daemon.zone import home_zone

EMPTY = "Nothing was done to the home."
_SPAN = re.compile(r"(\d{1,5}) ?([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_STYLES = {"failed": "red", "unavailable": "red", "refused": "yellow", "asked": "dim"}
Row = Mapping[str, Any]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("log")(show_log)


def show_log(
    entity: Annotated[str, typer.Option(help="Only what was done to this, by name or id.")] = "",
    since: Annotated[str, typer.Option(help="Not before: 2h, 30m, 3d, 14:00, 2026-05-01 or 2026-05-01T14:00.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=5000, help="The newest so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what was done to the home: what, when, who asked, and what the device said."""
    config = quiet_config()
    zone = home_zone(config.settings.general)
    begin = since_of(since, datetime.now(zone))
    rows = _rows(config, entity, begin, limit)
    if as_json:
        print_json(rows)
    else:
        out.print(render(rows, zone))


def _rows(config: Config, entity: str, since: datetime | None, limit: int) -> Sequence[Row]:
    """From the running daemon; without one its file is read as it lies there."""
    from assistant.daemon.session import ask_daemon, daemon

    if daemon(config) is not None:
        asked = {"entity": entity, "since": since.isoformat() if since else "", "limit": limit}
        rows: Sequence[Row] = run_async(ask_daemon(config, "home_log", **asked))["actions"]
        return rows

    from assistant.daemon.fencing import action_log_file
    from assistant.daemon.home_commands import row_of
    from assistant.home.actionlog import Wanted, read_actions

    wanted = Wanted(frozenset({entity.casefold()} - {""}), since, limit)
    return [row_of(action) for action in read_actions(action_log_file(config), wanted)]


def local_zone() -> tzinfo:
    """The zone that times are shown in."""
    return home_zone(quiet_config().settings.general)


def since_of(text: str, now: datetime) -> datetime | None:
    """A span back from now, a time of today, a day or an instant. Raises InputError."""
    text = text.strip()
    if not text:
        return None
    try:
        if span := _SPAN.fullmatch(text.casefold()):
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        if clock := _CLOCK.fullmatch(text):
            return now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        begin = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text!r} is no time", fix="give 2h, 30m, 3d, 14:00, or a day such as 2026-05-01") from error
    return begin if begin.tzinfo else begin.replace(tzinfo=now.tzinfo)


def render(rows: Sequence[Row], zone: tzinfo) -> RenderableType:
    """A table, oldest first."""
    table = Table("when", "what", "did", "became", "who asked")
    for row in rows:
        at = datetime.fromisoformat(row["at"]).astimezone(zone)
        who = " ".join(part for part in (row["who"]["source"], row["who"]["turn_id"]) if part)
        cells = (f"{at:%Y-%m-%d %H:%M:%S}", row["name"] or row["entity_id"], _did(row), _became(row), who)
        # names come from devices: what looks like markup is none
        table.add_row(*(Text(cell, overflow="fold") for cell in cells), style=_STYLES.get(row["status"], ""))
    return table if rows else EMPTY


def _did(row: Row) -> str:
    values = ", ".join(f"{name} {value}" for name, value in row["values"].items())
    return f"{row['verb']} {values}".strip()


def _became(row: Row) -> str:
    state = "" if row["state"] is None else f", {row['state']}"
    took = f" ({row['took_ms']} ms)" if row["took_ms"] else ""
    detail = f": {row['detail']}" if row["detail"] else ""
    return f"{row['status']}{detail}{state}{took}"
