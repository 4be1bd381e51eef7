"""`assistant home watch`: a line for every change, until Ctrl+C."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from assistant.cli.terminal import current_config, err, out, run_async
from assistant.core.errors import InputError

Row = Mapping[str, Any]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch")(watch_home)


def watch_home(
    area: Annotated[str, typer.Option(help="Only what stands in that area.")] = "",
    domain: Annotated[str, typer.Option(help="Only lights, locks, … (light, lock, …).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, the present states first.")] = False,
) -> None:
    """Show what changes in a running assistant's home as it changes; Ctrl+C ends it."""
    from assistant.daemon.session import daemon

    client = daemon(current_config())
    if client is None:
        raise InputError("no assistant is running", fix="start it: assistant run")
    watch = Watch(area, domain)
    run_async(_print(client.events("home_watch"), watch, as_json=as_json))


async def _print(events: AsyncIterator[Row], watch: Watch, *, as_json: bool) -> None:
    async for event in events:
        if event.get("event") != "changed":
            continue
        if event["first"] and not as_json:
            err.print(f"Watching {len(event['entities'])} things; Ctrl+C ends it.")
        for row in watch.news(event):
            if as_json:
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
                sys.stdout.flush()
            elif not event["first"]:
                out.print(watch.line(row, datetime.now().astimezone()), markup=False)
        watch.keep(event)


class Watch:
    """Knows what each thing was before."""

    def __init__(self, area: str = "", domain: str = "") -> None:
        self._area = area.casefold()
        self._domain = domain.casefold()
        self._before: dict[str, Row] = {}

    def news(self, event: Row) -> Iterator[Row]:
        """What changed and is asked for; things that left have `gone`."""
        for row in event["entities"]:
            if self._fits(row):
                yield row
        for each in event["gone"]:
            if each in self._before and self._fits(self._before[each]):
                yield {**self._before[each], "gone": True}

    def keep(self, event: Row) -> None:
        """Remember an event, after it was told."""
        self._before |= {row["id"]: row for row in event["entities"]}
        for each in event["gone"]:
            self._before.pop(each, None)

    def line(self, row: Row, now: datetime) -> str:
        """When, what, where, and what became what."""
        before = self._before.get(row["id"])
        place = f" ({row['area']})" if row["area"] else ""
        return f"{now:%H:%M:%S}  {row['name']}{place}: {_told(row, before)}"

    def _fits(self, row: Row) -> bool:
        is_there = not self._area or (row["area"] or "").casefold() == self._area
        return is_there and self._domain in {"", row["domain"]}


def _told(row: Row, before: Row | None) -> str:
    if row.get("gone"):
        return "gone"
    if before is None:
        return f"new, {_state(row)}"
    parts = [] if row["state"] == before["state"] else [f"{_state(before)} → {_state(row)}"]
    if row["name"] != before["name"]:
        parts.append(f"was called {before['name']}")
    for name in sorted(row["attributes"].keys() | before["attributes"].keys()):
        old, new = before["attributes"].get(name), row["attributes"].get(name)
        if old != new:
            parts.append(f"{name} {'?' if old is None else old} → {'?' if new is None else new}")
    return ", ".join(parts) or _state(row)


def _state(row: Row) -> str:
    return "unknown" if row["state"] is None else str(row["state"])
