"""Series made from another: the nth after each of its spans, the last in it, from here to there, shifted, a part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from assistant.core.values import Grain
from assistant.language.time.fields import Here
from assistant.language.time.series import TRIES, Series
from assistant.language.time.spans import RANK, Span, below, finer, floor, plus

Amounts = tuple[tuple[int, Grain], ...]
"""A length of time: whole amounts by unit, the largest first."""
ELAPSED = (Grain.SECOND, Grain.MINUTE, Grain.HOUR)
"""Units that pass in elapsed time, whatever the clocks do."""


class Image(ABC):
    """A series whose spans are made one by one from those of `base`, in the same order."""

    base: Series

    @property
    @abstractmethod
    def grain(self) -> Grain:
        """Of the spans."""

    @abstractmethod
    def image(self, span: Span, here: Here) -> Span | None:
        """What one span of the base becomes."""

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end after the moment, from early to late."""
        earlier: list[Span] = []
        for image in self._images(self.base.backward(moment, here), here):
            if image.end <= moment:
                break
            earlier.append(image)
        yield from reversed(earlier)
        yield from (image for image in self._images(self.base.forward(moment, here), here) if image.end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:
        """Spans that end by the moment, from late to early."""
        later: list[Span] = []
        for image in self._images(self.base.forward(moment, here), here):
            if image.end > moment:
                break
            later.append(image)
        yield from reversed(later)
        yield from (image for image in self._images(self.base.backward(moment, here), here) if image.end <= moment)

    def _images(self, spans: Iterator[Span], here: Here) -> Iterator[Span]:
        for span in islice(spans, TRIES):
            image = self.image(span, here)
            if image is not None:
                yield image


@dataclass(frozen=True, slots=True)
class NthAfter(Image):
    """The nth of a series after each start of the base: 0 is the first, -1 the one before.

    `is_whole`: one that holds the start but began before it does not count ("the first week of september")."""

    count: int
    series: Series
    base: Series
    is_whole: bool = True

    @property
    def grain(self) -> Grain:
        """That of the series."""
        return self.series.grain

    def image(self, span: Span, here: Here) -> Span | None:
        """Count from the start of the span."""
        if self.count < 0:
            return next(islice(self.series.backward(span.start, here), -self.count - 1, None), None)
        spans = self.series.forward(span.start, here)
        if self.is_whole:
            spans = (each for each in spans if each.start >= span.start)
        return next(islice(spans, self.count, None), None)


@dataclass(frozen=True, slots=True)
class NthLast(Image):
    """The nth of a series counted back from the end of each span of the base: 1 is the last."""

    count: int
    series: Series
    base: Series

    @property
    def grain(self) -> Grain:
        """That of the series."""
        return self.series.grain

    def image(self, span: Span, here: Here) -> Span | None:
        """Count from the end of the span."""
        return next(islice(self.series.backward(span.end, here), self.count - 1, None), None)


@dataclass(frozen=True, slots=True)
class Closest(Image):
    """The nth closest of a series to each start of the base: 1 is the closest."""

    count: int
    series: Series
    base: Series

    @property
    def grain(self) -> Grain:
        """That of the series."""
        return self.series.grain

    def image(self, span: Span, here: Here) -> Span | None:
        """Sort those around the span by how far they start from it."""
        around = [
            *islice(self.series.backward(span.start, here), self.count),
            *islice(self.series.forward(span.start, here), self.count),
        ]
        ordered = sorted(around, key=lambda each: abs(each.start - span.start))
        return ordered[self.count - 1] if len(ordered) >= self.count else None


@dataclass(frozen=True, slots=True)
class Holding(Image):
    """The unit that holds each start of the base; a Sunday counts to the week it begins in many countries."""

    unit: Grain
    base: Series

    @property
    def grain(self) -> Grain:
        """The unit."""
        return self.unit

    def image(self, span: Span, here: Here) -> Span | None:  # noqa: ARG002  # part of Image
        """Round down, Sundays up."""
        is_sunday = self.unit is Grain.WEEK and span.start.weekday() == 6
        start = floor(span.start + timedelta(days=is_sunday), self.unit)
        return Span(start, plus(start, self.unit, 1), self.unit)


@dataclass(frozen=True, slots=True)
class Between(Image):
    """From each span of the base to the first of `until` after it.

    `is_closed`: the end is in it. Of clock times only if the Reading says so ("nine to eleven")."""

    base: Series
    until: Series
    is_closed: bool = True

    @property
    def grain(self) -> Grain:
        """The finer one."""
        return finer(self.base.grain, self.until.grain)

    def image(self, span: Span, here: Here) -> Span | None:
        """Look for the end from the start on."""
        is_clock = max(RANK[self.base.grain], RANK[self.until.grain]) < RANK[Grain.DAY]
        for last in islice(self.until.forward(span.start, here), TRIES):
            if last.start > span.start or (last.start == span.start and not is_clock and self.is_closed):
                later = next((each for each in self.base.forward(span.end, here) if each.start > span.start), None)
                if later is not None and later.start < last.start:
                    return None  # "may to october 2020": the last may before it
                return Span(span.start, self._end(last, here, is_clock), self.grain, True)
        return None

    def _end(self, last: Span, here: Here, is_clock: bool) -> datetime:
        both_days = self.base.grain is self.until.grain is Grain.DAY
        if not (self.is_closed or both_days):
            return last.start
        if last.is_interval or not is_clock:
            return last.end
        return plus(last.start, self.grain, 1) if here.reading.is_last_unit_included else last.start


@dataclass(frozen=True, slots=True)
class Shifted(Image):
    """So long after each span of the base. `is_from_now`: rounded as one means it when counting from now."""

    base: Series
    amounts: Amounts
    is_from_now: bool = False

    @property
    def grain(self) -> Grain:
        """The smallest unit that was said, or finer."""
        smallest = self.amounts[-1][1]
        return below(smallest) if self.is_from_now else finer(self.base.grain, smallest)

    def image(self, span: Span, here: Here) -> Span | None:
        """Add the amounts, the largest first."""
        start, own = span.start, self.grain
        is_exact = self.is_from_now and self.amounts[-1][1] in ELAPSED
        if self.is_from_now and self.amounts[-1][1] is Grain.DAY and not here.reading.is_rounded_from_now:
            own = Grain.MINUTE
        if (not is_exact and RANK[own] > RANK[span.grain]) or (self.is_from_now and not is_exact):
            start = floor(start, own)
        for count, grain in self.amounts:
            start = plus(start, grain, count)
        return Span(start, plus(start, own, 1), own)


@dataclass(frozen=True, slots=True)
class Slice(Image):
    """A part of each span of the base, counted in smaller units from its start; to its end where `last` is None."""

    base: Series
    unit: Grain
    first: int
    last: int | None

    @property
    def grain(self) -> Grain:
        """The unit it is counted in."""
        return self.unit

    def image(self, span: Span, here: Here) -> Span | None:  # noqa: ARG002  # part of Image
        """Count from the start."""
        start = plus(span.start, self.unit, self.first)
        end = span.end if self.last is None else plus(span.start, self.unit, self.last)
        return Span(start, end, self.unit, True)


@dataclass(frozen=True, slots=True)
class InZone(Image):
    """Times said in the time of another zone, told in local time; `offset`: minutes east of UTC, or an IANA name."""

    base: Series
    offset: int | str

    @property
    def grain(self) -> Grain:
        """Zones differ by minutes."""
        return finer(self.base.grain, Grain.MINUTE)

    def image(self, span: Span, here: Here) -> Span | None:
        """Shift by the difference of the zones."""
        local = span.start.replace(tzinfo=here.reading.now.tzinfo).utcoffset() or timedelta()
        shift = local - self._utcoffset(span.start)
        return span._replace(start=span.start + shift, end=span.end + shift, grain=self.grain)

    def _utcoffset(self, moment: datetime) -> timedelta:
        if isinstance(self.offset, int):
            return timedelta(minutes=self.offset)
        return moment.replace(tzinfo=ZoneInfo(self.offset)).utcoffset() or timedelta()


@dataclass(frozen=True, slots=True)
class InsteadOn(Image):
    """`other` of the same year where the base falls on a forbidden day; else the base itself."""

    base: Series
    forbidden: Series
    other: Series

    @property
    def grain(self) -> Grain:
        """That of the base."""
        return self.base.grain

    def image(self, span: Span, here: Here) -> Span | None:
        """Ask whether it is forbidden."""
        clash = next(self.forbidden.forward(span.start, here), None)
        if clash is None or clash.start > span.start:
            return span
        year = floor(span.start, Grain.YEAR)
        return next(iter(self.other.forward(year, here)), None)


def whole(amounts: Sequence[tuple[float, Grain]], sign: int = 1) -> Amounts | None:
    """A length in whole units; None where something is left over."""
    if any(count != int(count) for count, _ in amounts):
        return None
    return tuple((sign * int(count), grain) for count, grain in amounts)
