"""`assistant lists`: shopping and other lists."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.agenda import AsJson, Phrase, add_phrase, ask, group, show, tell

app = group("lists", "The shopping list and others.")
COLUMNS = ("list", "text", "count", "done")


@app.command("list")
def list_lines(
    name: Annotated[str, typer.Argument(help="One list only.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what is on the lists."""
    lines = [line for line in ask("lists")["lines"] if name.casefold() in {"", line["list"]}]
    show(lines, COLUMNS, "Nothing is on it." if name else "There are no lists.", as_json=as_json)


@app.command("add")
def add(
    phrase: Phrase,
    to: Annotated[str, typer.Option(help="Name of the list; empty: the shopping list.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put things on a list, several in a breath ("milk, eggs and bread")."""
    add_phrase("lists", " ".join(phrase), as_json=as_json, list_name=to)


@app.command("cancel")
def cancel(
    name: Annotated[str, typer.Argument(help="Name of the list.")],
    text: Annotated[list[str] | None, typer.Argument(help="What to take off it; empty: remove the list.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take something off a list, or remove the list."""
    answer = ask("cancel_lines", list=name, text=" ".join(text or ()))
    tell(answer, f"{answer['cancelled']} removed.", as_json=as_json)
