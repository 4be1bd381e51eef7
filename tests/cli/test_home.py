"""What `assistant home` shows."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console, RenderableType

from assistant.cli import home_log
from assistant.cli.home import EMPTY, Row, render, render_one
from assistant.cli.home_log import since_of
from assistant.cli.home_set import values_of
from assistant.cli.home_watch import Watch
from assistant.core.errors import InputError

NOW = datetime(2026, 5, 4, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def row(name: str, area: str | None = "Kitchen", state: str | None = "off", **attributes: object) -> Row:
    return {
        "id": f"light.{name}", "name": name, "area": area, "domain": "light", "state": state, "attributes": attributes,
        "age": "0:00:03",
    }  # fmt: skip


def shown(what: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=140)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_things_are_listed_by_room_and_those_of_no_room_last() -> None:
    text = shown(render([row("Zed", None), row("Lamp", "Office"), row("Hob", "Kitchen", None)]))
    assert text.index("Hob") < text.index("Lamp") < text.index("Zed")
    assert "None" not in text


def test_a_name_that_looks_like_markup_is_shown_as_it_is() -> None:
    assert "[/bold] x [red]" in shown(render([row("[/bold] x [red]")]))
    assert "[/bold] x [red]" in shown(render_one(row("[/bold] x [red]")))
    assert "[/bold]" in shown(home_log.render([action(name="[/bold]")], UTC))


def test_an_empty_home_is_told() -> None:
    assert render([]) == EMPTY


def test_one_thing_is_shown_without_what_is_empty() -> None:
    text = shown(render_one({**row("Lamp", None, "on", brightness_pct=40), "aliases": [], "commands": ["a", "b"]}))
    assert re.search(r"brightness_pct\W+40", text)
    assert "a, b" in text
    assert "area" not in text
    assert "aliases" not in text


# ── watch ────────────────────────────────────────────────────────────────────────────────────────


def event(*rows: Row, gone: Sequence[str] = ()) -> Mapping[str, Any]:
    return {"event": "changed", "entities": list(rows), "gone": list(gone), "first": False}


def told(watch: Watch, what: Mapping[str, Any]) -> list[str]:
    lines = [watch.line(each, NOW) for each in watch.news(what)]
    watch.keep(what)
    return lines


def test_watching_tells_what_became_what() -> None:
    watch = Watch()
    assert told(watch, event(row("Lamp"))) == ["15:30:00  Lamp (Kitchen): new, off"]
    assert told(watch, event(row("Lamp", state="on", brightness_pct=40))) == [
        "15:30:00  Lamp (Kitchen): off → on, brightness_pct ? → 40"
    ]
    assert told(watch, event(row("Lamp", state=None, brightness_pct=40))) == ["15:30:00  Lamp (Kitchen): on → unknown"]
    assert told(watch, event({**row("Lamp", state=None, brightness_pct=40), "name": "Bulb"})) == [
        "15:30:00  Bulb (Kitchen): was called Lamp"
    ]
    assert told(watch, event(gone=["light.Lamp", "light.never"])) == ["15:30:00  Bulb (Kitchen): gone"]


def test_watching_one_room_or_kind_tells_nothing_else() -> None:
    rows = (row("Lamp", "Office"), row("Hob", "Kitchen"), {**row("Lock", "Office"), "domain": "lock"})
    assert [each["name"] for each in Watch("office").news(event(*rows))] == ["Lamp", "Lock"]
    assert [each["name"] for each in Watch("office", "lock").news(event(*rows))] == ["Lock"]
    watch = Watch("office")
    told(watch, event(*rows))
    assert told(watch, event(gone=["light.Hob"])) == []


# ── log ──────────────────────────────────────────────────────────────────────────────────────────


def action(**more: object) -> dict[str, Any]:
    return {
        "at": "2026-05-04T13:30:00.000+00:00", "entity_id": "light.lamp", "name": "Lamp", "verb": "turn_on",
        "status": "confirmed", "who": {"source": "microphone", "turn_id": "abc123"}, "values": {"brightness_pct": 40},
        "state": "on", "detail": "", "took_ms": 120, **more,
    }  # fmt: skip


def test_the_log_tells_when_what_who_and_what_the_device_said() -> None:
    text = shown(home_log.render([action(), action(status="failed", detail="no answer", name="")], NOW.tzinfo or UTC))
    for words in ("2026-05-04 15:30:00", "turn_on brightness_pct 40", "confirmed, on (120 ms)", "microphone abc123"):
        assert words in text
    assert "failed: no answer, on" in text
    assert "light.lamp" in text
    assert home_log.render([], UTC) == home_log.EMPTY


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("30 M", NOW - timedelta(minutes=30)),
        ("1w", NOW - timedelta(days=7)),
        ("14:05", NOW.replace(hour=14, minute=5)),
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=NOW.tzinfo)),
        ("2026-05-01T10:00:00Z", datetime(2026, 5, 1, 10, tzinfo=UTC)),
        ("", None),
    ],
)
def test_since_is_a_span_a_time_or_a_day(text: str, begin: datetime | None) -> None:
    assert since_of(text, NOW) == begin


@pytest.mark.parametrize("text", ["soon", "25:00", "2026-13-01", "-3h", "9999999w"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no time"):
        since_of(text, NOW)


# ── set ──────────────────────────────────────────────────────────────────────────────────────────


def test_values_are_read_as_what_they_look_like() -> None:
    assert values_of(
        ["brightness_pct=40", "temperature=20.5", "color=red", "code=0042", "oscillating=true", "x=", "n=nan"]
    ) == {
        "brightness_pct": 40,
        "temperature": 20.5,
        "color": "red",
        "code": "0042",
        "oscillating": True,
        "x": "",
        "n": "nan",
    }


@pytest.mark.parametrize("word", ["40", "=40", ""])
def test_what_is_no_value_is_refused(word: str) -> None:
    with pytest.raises(InputError, match="name=value"):
        values_of([word])
