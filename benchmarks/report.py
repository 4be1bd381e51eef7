"""Figures for people (a table) and for programs (one JSON object), and the small sums behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that so many percent of the values don't exceed; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def rounded(value: float | None, digits: int = 3) -> float | None:
    """A figure as it is shown."""
    return None if value is None else round(value, digits)


def flat(figures: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Nested figures as `set.key` → figure; of a list, how long it is."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        elif isinstance(value, list):
            yield f"{before}{key}", len(value)
        else:
            yield f"{before}{key}", value


def print_table(name: str, figures: Mapping[str, object]) -> None:
    """Print all figures."""
    table = Table("figure", "value", title=name)
    table.columns[1].justify = "right"
    for key, value in flat(figures):
        table.add_row(key, "–" if value is None else str(value))
    Console().print(table)


def write_json(path: Path, figures: Mapping[str, object]) -> None:
    """Write one object."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
