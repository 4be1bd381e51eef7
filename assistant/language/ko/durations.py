"""Korean durations → spans."""

from __future__ import annotations

from datetime import timedelta

from assistant.language.ko.scan import Scan, squeezed
from assistant.language.wall import UNIT_SECONDS, Span, span_from
from assistant.language.words import words_for

_ORDER = tuple(UNIT_SECONDS)
_HALVES = {"week": (3.5, "day"), "day": (12, "hour"), "hour": (30, "minute"), "minute": (30, "second")}
_ENDINGS = ("동안", "간", "짜리")


def duration_from(text: str) -> timedelta | None:
    """The positive duration that the whole text is, else None."""
    scan = Scan(squeezed(text))
    span = take_span(scan)
    if span is None:
        return None
    scan.take(*_ENDINGS)
    return span.total if scan.is_done else None


def take_span(scan: Scan) -> Span | None:
    """Amounts with falling units from here on: "한 시간 반", "십 분 삼십 초", "이틀"."""
    amounts: list[tuple[float, str]] = []
    while not scan.is_done:
        start = scan.at
        found = _take_amount(scan)
        if found is None or (amounts and _ORDER.index(found[1]) >= _ORDER.index(amounts[-1][1])):
            scan.at = start
            break
        amounts.append(found)
        if found[1] in _HALVES and found[0] == int(found[0]) and scan.take("반"):
            amounts.append(_HALVES[found[1]])
            break
    return span_from(amounts) if amounts else None


def _take_amount(scan: Scan) -> tuple[float, str] | None:
    book = words_for("ko")
    days = scan.take_key(book.counts)
    if days is not None:
        return days, "day"
    start = scan.at
    amount = 0.5 if scan.take("반") else scan.take_number()
    unit = scan.take_key(book.units) if amount is not None else None
    if amount is None or unit is None:
        scan.at = start
        return None
    return amount, unit
