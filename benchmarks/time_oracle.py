"""Times in what people say to assistants, as the product and as Duckling find them: how often the two agree, and the
kinds of disagreement with examples."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import signal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from assistant.core.errors import InputError
from assistant.core.values import Direction, Grain, Instant, Interval, Kind, Length, Meaning, Open
from assistant.language.found import found_in
from benchmarks.report import rounded
from benchmarks.time_cases import names_of, rows_of
from benchmarks.time_duckling import with_ducklings_policy
from benchmarks.time_peers import HOW_TO_INSTALL

NAME = "time_oracle"
NOW = datetime(2026, 11, 25, 10, 15, tzinfo=UTC)
_KINDS = frozenset({Kind.TIME, Kind.LENGTH})
_EXAMPLES = 3
_ZONES = "/usr/share/zoneinfo"
_HALF_DAY, _WEEK = timedelta(hours=12), timedelta(weeks=1)
_CLOCKS = (Grain.SECOND, Grain.MINUTE, Grain.HOUR)


@dataclass(frozen=True, slots=True)
class Span:
    """A meaning and its characters."""

    start: int
    end: int
    meaning: Meaning


class Oracle:
    """Duckling, in its own process's memory: 69 MB, for tests and benchmarks only."""

    def __init__(self, now: datetime = NOW) -> None:
        if importlib.util.find_spec("duckling") is None:
            raise InputError("Duckling is not installed", fix=f"on x86-64, `{HOW_TO_INSTALL}` installs it")
        self._duckling: Any = importlib.import_module("duckling")
        at = self._duckling.parse_ref_time(_zones(), "UTC", int(now.timestamp()))
        english = self._duckling.default_locale_lang(self._duckling.parse_lang("EN"))
        self._context = self._duckling.Context(at, self._duckling.parse_locale("EN_US", english))
        self._dimensions = self._duckling.parse_dimensions(["time", "duration"])
        self.read("now")
        signal.signal(signal.SIGINT, signal.default_int_handler)  # its first call takes Ctrl-C away

    def read(self, text: str) -> Sequence[Span]:
        """Times and lengths in order; none that cross or lie within another."""
        found = self._duckling.parse(text, self._context, self._dimensions, False)
        spans = [Span(raw["start"], raw["end"], meaning) for raw in found if (meaning := _meaning(raw)) is not None]
        kept: list[Span] = []
        for span in sorted(spans, key=lambda each: each.start - each.end):
            if not any(_overlap(span, other) for other in kept):
                kept.append(span)
        return sorted(kept, key=lambda each: each.start)


@cache
def _zones() -> Any:
    """The system's zones, as Duckling wants them; reading them takes longest."""
    return importlib.import_module("duckling").load_time_zones(_ZONES)


def product(text: str, now: datetime = NOW) -> Sequence[Span]:
    """The same of the product, with Duckling's policy."""
    found = found_in(text, with_ducklings_policy(now), _KINDS)
    return [Span(each.start, each.end, each.meaning) for each in found if not each.is_latent]


def disagreements(ours: Sequence[Span], theirs: Sequence[Span]) -> Iterator[tuple[str, Span | None, Span | None]]:
    """Kind, ours and theirs, for each that isn't the same; spans may differ where the value is the same."""
    left = list(ours)
    for each in theirs:
        mine = max(left, key=lambda other: _overlap(each, other), default=None)
        if mine is None or not _overlap(each, mine):
            yield f"only theirs: {_name(each.meaning)}", None, each
            continue
        left.remove(mine)
        kind = difference(mine.meaning, each.meaning)
        if kind:
            yield kind, mine, each
    for mine in left:
        yield f"only ours: {_name(mine.meaning)}", mine, None


def difference(ours: Meaning, theirs: Meaning) -> str:
    """What kind of difference there is between two meanings; empty for none."""
    match ours, theirs:
        case Instant(), Instant():
            return _between_instants(ours, theirs)
        case Interval(), Interval():
            return _between_intervals(ours, theirs)
        case Open(), Open():
            return "" if (ours.direction, ours.at) == (theirs.direction, theirs.at) else "open: other moment or side"
        case Length(), Length():
            return "" if abs(ours.seconds - theirs.seconds) < 1 else "length: other"
        case _:
            return f"{_name(ours)} for {_name(theirs)}"


def _between_instants(ours: Instant, theirs: Instant) -> str:
    apart = abs(ours.at - theirs.at)
    if not apart:
        return "" if ours.grain is theirs.grain else f"instant: {ours.grain} for {theirs.grain}"
    if apart == _HALF_DAY:
        return "instant: am or pm"
    if apart == _WEEK:
        return "instant: a week apart"
    if ours.at.replace(year=theirs.at.year) == theirs.at:
        return "instant: years apart"
    is_same_day = ours.at.date() == theirs.at.date()
    return "instant: other time of that day" if is_same_day else "instant: other day"


def _between_intervals(ours: Interval, theirs: Interval) -> str:
    if ours.start != theirs.start:
        return "interval: other start"
    return "" if ours.end == theirs.end else "interval: other end"


def _name(meaning: Meaning) -> str:
    match meaning:
        case Instant(holiday=str()) | Interval(holiday=str()):
            return "holiday"
        case Instant():
            return "clock time" if meaning.grain in _CLOCKS else "date"
        case _:
            return type(meaning).__name__.casefold()


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _meaning(raw: Mapping[str, Any]) -> Meaning | None:
    """Duckling's JSON; None for what has no first value, or one that no datetime holds."""
    value = raw["value"]
    if raw["dim"] == "duration":
        return Length(((value["value"], Grain(value["unit"])),))
    feast = value.get("holidayBeta")
    start, end = (_at(value.get(side)) for side in ("from", "to"))
    if value["type"] == "value":
        at = _at(value)
        return None if at is None else Instant(at, Grain(value["grain"]), feast)
    if start is not None and end is not None:
        return Interval(start, end, Grain(value["from"]["grain"]), feast)
    if start is not None:
        return Open(Direction.AFTER, start, Grain(value["from"]["grain"]))
    return None if end is None else Open(Direction.BEFORE, end, Grain(value["to"]["grain"]))


def _at(value: Mapping[str, Any] | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value["value"]).astimezone(UTC)
    except (ValueError, OverflowError):  # a year before 1
        return None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--examples", type=int, default=_EXAMPLES, help="so many of each kind of disagreement")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Read all utterances of the folder; of those in which either finds a time: the share with the same times."""
    if args.data is None:
        raise InputError("time_oracle needs --data with a folder of utterances")
    oracle = Oracle()
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for text in utterances(args.data, args.limit):
        ours, theirs = product(text), oracle.read(text)
        counts["utterances"] += 1
        counts["n"] += bool(ours or theirs)
        different = list(disagreements(ours, theirs))
        counts["agree"] += bool(ours or theirs) and not different
        for kind, mine, other in different:
            kinds[kind].append(f"{text} | {_shown(text, mine)} | {_shown(text, other)}")
    _print_kinds(kinds, args.examples)
    share = rounded(counts["agree"] / max(1, counts["n"]), 4)
    by_kind = {kind: len(found) for kind, found in _most_first(kinds)}
    return {**counts, "agreement": share, "disagreements": by_kind}


def utterances(folder: Path, limit: int = 0) -> Sequence[str]:
    """All utterances of the files, each once; with a limit evenly spread."""
    rows = (row for _, path in names_of(folder) for row in rows_of(path))
    texts = list(dict.fromkeys(str(row["utterance"]) for row in rows if row.get("utterance")))
    return texts[:: max(1, len(texts) // limit)][:limit] if limit else texts


def _shown(text: str, span: Span | None) -> str:
    if span is None:
        return "–"
    match span.meaning:
        case Instant(at, grain):
            value = f"{at:%a %Y-%m-%d %H:%M:%S} ({grain})"
        case Interval(start, end):
            value = f"{start:%a %Y-%m-%d %H:%M} to {end:%a %Y-%m-%d %H:%M}"
        case Open(direction, at):
            value = f"{direction} {at:%a %Y-%m-%d %H:%M}"
        case Length(amounts):
            value = " ".join(f"{amount:g} {grain}" for amount, grain in amounts)
        case _:
            value = str(span.meaning)
    return f"{text[span.start : span.end]!r} {value}"


def _most_first(kinds: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, Sequence[str]]]:
    return sorted(kinds.items(), key=lambda each: -len(each[1]))


def _print_kinds(kinds: Mapping[str, Sequence[str]], examples: int) -> None:
    print("utterance | ours | theirs")
    for kind, found in _most_first(kinds):
        print(f"{kind} ({len(found)})")
        for example in found[:: max(1, len(found) // max(1, examples))][:examples]:
            print(f"    {example}")
