"""What `assistant timers|alarms|reminders|lists|calendar` share: add by phrase, export, import, and tables."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import Exit, err, out, print_json, quiet_config, run_async
from assistant.core.errors import InputError

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Phrase = Annotated[list[str], typer.Argument(help="What is to be kept, as one would say it.")]
ExportFile = Annotated[Path, typer.Argument(help="The .ics file to write; - for standard output.")]
ImportFile = Annotated[Path, typer.Argument(help="The .ics file to read; - for standard input.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Numbers, as `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
Row = Mapping[str, Any]
SHOWN = 10
"""So many entries that could not be taken are named."""
STANDARD = Path("-")
_TIMES = frozenset({"due", "start", "end", "read_at"})


def group(part: str, about: str) -> typer.Typer:
    """A group of commands with `add`, `export` and `import` of a part."""
    app = typer.Typer(help=about, no_args_is_help=True)

    @app.callback()
    def _group() -> None:
        """The group."""

    if part != "lists":

        @app.command("add")
        def add(phrase: Phrase, as_json: AsJson = False) -> None:
            """Keep what a phrase says; the assistant understands it as if it were spoken."""
            add_phrase(part, " ".join(phrase), as_json=as_json)

    @app.command("export")
    def export(file: ExportFile, force: Force = False) -> None:
        """Write them to an iCalendar file."""
        export_part(part, file, force=force)

    @app.command("import")
    def take_in(file: ImportFile, as_json: AsJson = False) -> None:
        """Keep what an iCalendar file has of them; what can't be taken is named, with the reason."""
        import_part(part, file, as_json=as_json)

    return app


def items_group(part: str, about: str, columns: Sequence[str]) -> typer.Typer:
    """The same, with `list` and `cancel` of scheduled items."""
    app = group(part, about)

    @app.command("list")
    def list_items(as_json: AsJson = False) -> None:
        """List what is to come, soonest first."""
        show(ask("items", part=part)["items"], columns, "Nothing is to come.", as_json=as_json)

    @app.command("cancel")
    def cancel(ids: Ids = None, all_of_them: All = False, as_json: AsJson = False) -> None:
        """Cancel by number, or all."""
        answer = ask("cancel", part=part, ids=ids or [], all=all_of_them)
        tell(answer, f"{answer['cancelled']} cancelled.", as_json=as_json)

    return app


def ask(command: str, **values: object) -> dict[str, Any]:
    """One request to the assistant, running or not."""
    from assistant.daemon.session import request

    return run_async(request(quiet_config(), [(command, values)]))[0]


def add_phrase(part: str, phrase: str, *, as_json: bool, list_name: str = "") -> None:
    """Keep what a phrase says; the exit code tells whether it was kept."""
    answer = ask("add", part=part, phrase=phrase, list=list_name)
    tell(answer, answer["reply"], as_json=as_json)
    if not answer["kept"]:
        raise typer.Exit(Exit.FAILED)


def export_part(part: str, file: Path, *, force: bool) -> None:
    """Write a part to a file, which is there as a whole or not at all."""
    if file != STANDARD and file.exists() and not force:
        raise InputError(f"{file} is there already", fix="give another name, or --force")
    data = exported(part)
    if file == STANDARD:
        typer.get_binary_stream("stdout").write(data)
        return
    draft = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{file} can't be written", why=error.strerror or str(error)) from error


def exported(part: str) -> bytes:
    """A part as an iCalendar file."""
    from assistant.daemon.session import request

    pieces: list[bytes] = []

    async def gather(event: Row) -> None:
        if event.get("event") == "piece":
            pieces.append(base64.b64decode(event["data"]))

    run_async(request(quiet_config(), [("export", {"part": part})], on_event=gather))
    return b"".join(pieces)


def import_part(part: str, file: Path, *, as_json: bool) -> None:
    """Keep what a file has of a part; the exit code tells whether anything of it was left out."""
    from assistant.daemon.session import request
    from assistant.daemon.upload import pieces

    data, upload = _bytes_of(file), uuid4().hex
    name = "input" if file == STANDARD else file.stem
    parts = list(pieces(data))
    requests = [
        ("import", {"part": part, "name": name, "upload": upload, "data": piece, "more": number < len(parts)})
        for number, piece in enumerate(parts, start=1)
    ]
    answer = run_async(request(quiet_config(), requests))[-1]
    known = f", {answer['known']} were here already" if answer["known"] else ""
    tell(answer, f"{answer['new']} taken{known}.", as_json=as_json)
    if answer["refused"]:
        if not as_json:
            _tell_refused(answer)
        raise typer.Exit(Exit.FAILED)


def _bytes_of(file: Path) -> bytes:
    try:
        return typer.get_binary_stream("stdin").read() if file == STANDARD else file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} can't be read", why=error.strerror or str(error)) from error


def _tell_refused(answer: Row) -> None:
    err.print(f"{answer['refused']} could not be taken:")
    for each in answer["refusals"][:SHOWN]:
        err.print(Text(f"  {each['name']}: {each['why']}"))
    if answer["refused"] > SHOWN:
        err.print(f"  and {answer['refused'] - SHOWN} more")


def tell(answer: Row, words: str, *, as_json: bool) -> None:
    """An answer for people, or for programs."""
    if as_json:
        print_json({key: value for key, value in answer.items() if key != "ok"})
    else:
        out.print(words, markup=False)


def show(rows: Sequence[Row], columns: Iterable[str], empty: str, *, as_json: bool) -> None:
    """Rows as a table, or as JSON."""
    if as_json:
        print_json(rows)
    elif not rows:
        out.print(empty)
    else:
        table = Table(*columns)
        for row in rows:
            # labels come from people and files: what looks like markup is none
            table.add_row(*(Text(_cell(column, row[column]), overflow="fold") for column in columns))
        out.print(table)


def _cell(column: str, value: object) -> str:
    match value:
        case str() if column in _TIMES:
            return value[:16].replace("T", " ")
        case None | False:
            return ""
        case True:
            return "yes"
        case list() | tuple():
            return "\n".join(str(each) for each in value)
        case _:
            return str(value)
