"""Other libraries that read times, measured in the same run on the same texts."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from assistant.core.values import Grain, Instant, Kind, Length, Meaning, Number
from benchmarks.time_cases import Case
from benchmarks.time_cost import cost_of
from benchmarks.time_wanted import cut

HOW_TO_INSTALL = "make bench-peers"

At = Callable[[str, datetime, str], object]
"""Text, naive local time and language to a naive or aware time, a length, a number, or None."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A library with its ways to read a time, a length and a number."""

    name: str
    probe: str
    """Program of a fresh process: the imports, a semicolon, the first call."""
    when: At
    length: At
    number: At | None = None

    def takes(self, case: Case) -> bool:
        """True for what the library can answer at all."""
        if Kind.NUMBER in case.kinds:
            return self.number is not None
        return bool(case.kinds & {Kind.TIME, Kind.LENGTH})

    def read(self, case: Case) -> Sequence[Meaning]:
        """Its answer as the product would give it. A fall is no answer."""
        read = self.when if Kind.TIME in case.kinds else self.length if Kind.LENGTH in case.kinds else self.number
        if read is None:
            return ()
        now = case.reading.now.replace(tzinfo=None)
        answer = _quietly(read, case.text, now, case.language)
        return _meanings(answer, case)


def installed_peers() -> Iterator[Peer]:
    """The peers that are installed; each that isn't is named with the command that installs it."""
    for module, make in _PEERS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{module} is not installed; `{HOW_TO_INSTALL}` installs it")
            continue
        yield from make()


def _quietly(read: At, text: str, now: datetime, language: str) -> object:
    """Peers warn and fall on texts that they don't expect; which errors they raise is nowhere written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(text, now, language)
        except Exception:  # noqa: BLE001 - a peer's fall is what is measured: it gave no answer
            return None


def _meanings(answer: object, case: Case) -> Sequence[Meaning]:
    match answer:
        case datetime():
            at = answer if answer.tzinfo else answer.replace(tzinfo=case.reading.now.tzinfo)
            grain = case.wanted.grain() if case.wanted is not None else None
            return (Instant(at if grain is None else cut(at, grain), grain or Grain.SECOND),)
        case timedelta():
            return (Length(((answer.total_seconds(), Grain.SECOND),)),)
        case bool() | None:
            return ()
        case int() | float():
            return (Number(answer),)
        case _:
            return ()


def _dateparser() -> Iterator[Peer]:
    """`parse` reads whole strings, `search_dates` finds times in sentences."""
    parse: Any = importlib.import_module("dateparser").parse
    search: Any = importlib.import_module("dateparser.search").search_dates

    def settings(now: datetime) -> Mapping[str, object]:
        return {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future"}

    def when(text: str, now: datetime, language: str) -> object:
        return parse(text, languages=[language], settings=settings(now))

    def within(text: str, now: datetime, language: str) -> object:
        found = search(text, languages=[language], settings=settings(now))
        return max(found, key=lambda each: len(each[0]))[1] if found else None

    probe = "import dateparser; dateparser.parse('tomorrow at 5pm', languages=['en'])"
    yield Peer("dateparser", probe, when, _as_length(when))
    probe = "import dateparser.search; dateparser.search.search_dates('tomorrow at 5pm', languages=['en'])"
    yield Peer("dateparser_search", probe, within, _as_length(within))


def _parsedatetime() -> Iterator[Peer]:
    calendar: Any = importlib.import_module("parsedatetime").Calendar()

    def when(text: str, now: datetime, _: str) -> object:
        at, kind = calendar.parseDT(text, sourceTime=now)
        return at if kind else None

    yield Peer(
        "parsedatetime",
        "import parsedatetime; parsedatetime.Calendar().parseDT('tomorrow at 5pm')",
        when,
        _as_length(when),
    )


def _ovos() -> Iterator[Peer]:
    """OpenVoiceOS's parsers of dates and numbers."""
    dates: Any = importlib.import_module("ovos_date_parser")
    numbers: ModuleType | Any = importlib.import_module("ovos_number_parser")

    def when(text: str, now: datetime, language: str) -> object:
        found = dates.extract_datetime(text, lang=_locale(language), anchorDate=now)
        return found[0] if found else None

    def length(text: str, _: datetime, language: str) -> object:
        found = dates.extract_duration(text, lang=_locale(language))
        return found[0] if found else None

    def number(text: str, _: datetime, language: str) -> object:
        return numbers.extract_number(text, lang=_locale(language))

    yield Peer(
        "ovos_date_parser",
        "from datetime import datetime\nimport ovos_date_parser\n"
        "ovos_date_parser.extract_datetime('tomorrow at 5pm', lang='en-us', anchorDate=datetime(2026, 1, 1))",
        when,
        length,
        number,
    )


def _as_length(when: At) -> At:
    """Lengths of a library that reads moments alone: "in" so long from now."""

    def length(text: str, now: datetime, language: str) -> object:
        at = when(f"in {text}", now, language)
        return at - now if isinstance(at, datetime) and at != now else None

    return length


def _locale(language: str) -> str:
    return {"en": "en-us", "de": "de-de", "fr": "fr-fr", "es": "es-es"}.get(language, language)


_PEERS: Mapping[str, Callable[[], Iterator[Peer]]] = {
    "dateparser": _dateparser,
    "parsedatetime": _parsedatetime,
    "ovos_date_parser": _ovos,
}


def peer_cost(peer: Peer) -> dict[str, object]:
    """What it costs to load, as for the product."""
    imports, _, call = peer.probe.partition("; ")
    return cost_of(f"import warnings\nwarnings.simplefilter('ignore')\n{imports}", call)
