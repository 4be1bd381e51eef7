"""What `assistant home` shows."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from rich.console import Console, RenderableType

from assistant.cli.home import EMPTY, Row, render, watch


def row(name: str, area: str | None = "Kitchen", state: str | None = "off") -> Row:
    return {
        "id": f"light.{name}", "name": name, "area": area, "domain": "light", "state": state, "attributes": {},
        "age": "0:00:03",
    }  # fmt: skip


def shown(what: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_things_are_listed_by_room_and_those_of_no_room_last() -> None:
    text = shown(render([row("Zed", None), row("Lamp", "Office"), row("Hob", "Kitchen", None)]))
    assert text.index("Hob") < text.index("Lamp") < text.index("Zed")
    assert "None" not in text


def test_a_name_that_looks_like_markup_is_shown_as_it_is() -> None:
    assert "[/bold] x [red]" in shown(render([row("[/bold] x [red]")]))


def test_an_empty_home_is_told() -> None:
    assert render([]) == EMPTY


async def test_watching_marks_what_changed() -> None:
    script: list[Sequence[Row]] = [[row("Lamp"), row("Hob")], [row("Lamp", state="on"), row("Hob")]]
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True, color_system="standard")

    async def ask() -> Sequence[Row]:
        if not script:
            raise asyncio.CancelledError
        return script.pop(0)

    task = asyncio.create_task(watch(ask, console, every_s=0))
    await asyncio.gather(task, return_exceptions=True)
    assert "\x1b[1mLamp" in file.getvalue()
    assert "\x1b[1mHob" not in file.getvalue()
