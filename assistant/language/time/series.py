"""Series of spans: units of the calendar, parts of the day, what holds at once, and the nth from now."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Protocol

from assistant.core.values import Grain
from assistant.language.time.fields import HOURS, Fields, Here, Part
from assistant.language.time.spans import RANK, Span, floor, meet, plus

TRIES = 60
"""How many outer spans to look into before giving up."""


class Series(Hashable, Protocol):
    """Spans in order. Both ways are generators: take what you need."""

    @property
    def grain(self) -> Grain:
        """Of the spans."""
        ...

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end after the moment, from early to late."""
        ...

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end by the moment, from late to early."""
        ...


@dataclass(frozen=True, slots=True)
class Cycle:
    """Every unit of the calendar."""

    grain: Grain

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The unit that holds the moment, and on."""
        start = floor(moment, self.grain)
        while True:
            end = plus(start, self.grain, 1)
            yield Span(start, end, self.grain)
            start = end

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The unit before that of the moment, and back."""
        end = floor(moment, self.grain)
        while True:
            start = plus(end, self.grain, -1)
            yield Span(start, end, self.grain)
            end = start


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of every day."""

    part: Part
    grain: Grain = Grain.HOUR

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """That of today if it has not ended, and on."""
        day = floor(moment, Grain.DAY)
        return (span for count in range(TRIES * 366) if (span := self._on(day, count)).end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The last that has ended, and back."""
        day = floor(moment, Grain.DAY)
        return (span for count in range(TRIES * 366) if (span := self._on(day, -count)).end <= moment)

    def _on(self, day: datetime, count: int) -> Span:
        start, end = HOURS[self.part]
        midnight = day + timedelta(days=count)
        return Span(midnight + timedelta(hours=start), midnight + timedelta(hours=end), self.grain, True)


@dataclass(frozen=True, slots=True)
class All:
    """Where several series hold at once; from coarse to fine, as `all_of` sorts them."""

    parts: tuple[Series, ...]

    @property
    def grain(self) -> Grain:
        """The finest of them."""
        return min((part.grain for part in self.parts), key=RANK.__getitem__)

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans inside spans, from early to late."""
        for outer in islice(self.parts[0].forward(moment, here), TRIES):
            yield from (span for span in _inside(self.parts[1:], outer, here) if span.end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans inside spans, from late to early."""
        first = self.parts[0]
        around = [span for span in islice(first.forward(moment, here), 1) if span.start < moment]
        for outer in chain(around, islice(first.backward(moment, here), TRIES)):
            inner = [span for span in islice(_inside(self.parts[1:], outer, here), 1000) if span.end <= moment]
            yield from reversed(inner)


def _inside(parts: tuple[Series, ...], outer: Span, here: Here) -> Iterator[Span]:
    if not parts:
        yield outer
        return
    for span in parts[0].forward(outer.start, here):
        if span.start >= outer.end:
            return
        shared = meet(span, outer)
        if shared is not None:
            yield from _inside(parts[1:], shared, here)


def all_of(*series: Series) -> Series | None:
    """Where all of them hold at once; None where they contradict each other."""
    fields: Fields | None = None
    others: list[Series] = []
    for each in chain.from_iterable(one.parts if isinstance(one, All) else (one,) for one in series):
        if isinstance(each, Fields):
            fields = each if fields is None else fields.merged(each)
            if fields is None:
                return None
        elif each not in others:
            others.append(each)
    if fields is None:
        return others[0] if len(others) == 1 else All(tuple(sorted(others, key=_order)))
    if not others:
        return fields
    if fields.hour is not None and any(_names_a_day(each) for each in others):
        fields = fields._replace(is_on_day=True)
    return All(tuple(sorted([*others, fields], key=_order)))


def _order(series: Series) -> tuple[int, bool, str]:
    return (-RANK[series.grain], isinstance(series, Fields), type(series).__name__)


def _names_a_day(series: Series) -> bool:
    """Whether waking hours are meant on it; today they are those that are left."""
    return RANK[series.grain] >= RANK[Grain.DAY] and series != TODAY


@dataclass(frozen=True, slots=True)
class Nth:
    """One span, counted from now: 0 is the present one or the next to come, -1 the last that ended.

    `is_skipping`: the present one does not count ("next june" in June)."""

    count: int
    series: Series
    is_skipping: bool = False

    @property
    def grain(self) -> Grain:
        """That of the series."""
        return self.series.grain

    def _span(self, here: Here) -> Span | None:
        if self.count < 0:
            return next(islice(self.series.backward(here.now, here), -self.count - 1, None), None)
        spans = self.series.forward(here.now, here)
        first = next(spans, None)
        if first is None:
            return None
        skipped = self.is_skipping and first.start <= here.now
        rest = spans if skipped else chain((first,), spans)
        return next(islice(rest, self.count, None), None)

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That span, if it ends after the moment."""
        span = self._span(here)
        if span is not None and span.end > moment:
            yield span

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That span, if it ends by the moment."""
        span = self._span(here)
        if span is not None and span.end <= moment:
            yield span


@dataclass(frozen=True, slots=True)
class Latest:
    """The last span of a series that has begun: "since friday"."""

    series: Series

    @property
    def grain(self) -> Grain:
        """That of the series."""
        return self.series.grain

    def _span(self, here: Here) -> Span | None:
        present = next(self.series.forward(here.now, here), None)
        if present is not None and present.start <= here.now:
            return present
        return next(self.series.backward(here.now, here), present)

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That span, if it ends after the moment."""
        span = self._span(here)
        if span is not None and span.end > moment:
            yield span

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That span, if it ends by the moment."""
        span = self._span(here)
        if span is not None and span.end <= moment:
            yield span


@dataclass(frozen=True, slots=True)
class NextWeekday:
    """ "Next friday": that of the week after this one, or the coming one, as the Reading says."""

    weekday: Fields
    grain: Grain = Grain.DAY

    def _series(self, here: Here) -> Series:
        if here.reading.is_next_weekday_in_next_week:
            return All((Nth(1, Cycle(Grain.WEEK)), self.weekday))
        return Nth(0, self.weekday, is_skipping=True)

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That day, if it ends after the moment."""
        return self._series(here).forward(moment, here)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That day, if it ends by the moment."""
        return self._series(here).backward(moment, here)


@dataclass(frozen=True, slots=True)
class Never:
    """A day that no calendar has: 30 February. It keeps its words from being read as something else."""

    grain: Grain = Grain.DAY

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """None."""
        return iter(())

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """None."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Run:
    """So many units in a row after the present one, or (negative) before it: "the next four days"."""

    count: int
    grain: Grain

    def _span(self, here: Here) -> Span:
        start = floor(here.now, self.grain)
        if self.count < 0:
            return Span(plus(start, self.grain, self.count), start, self.grain, True)
        start = plus(start, self.grain, 1)
        return Span(start, plus(start, self.grain, self.count), self.grain, True)

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That run, if it ends after the moment."""
        span = self._span(here)
        if span.end > moment:
            yield span

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """That run, if it ends by the moment."""
        span = self._span(here)
        if span.end <= moment:
            yield span


TODAY = Nth(0, Cycle(Grain.DAY))
NOW = Nth(0, Cycle(Grain.SECOND))
