"""Easter, western and orthodox, the seasons, and days that come with every so many years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from assistant.core.values import Grain
from assistant.language.time.derived import Image
from assistant.language.time.fields import MOST_YEARS, Here
from assistant.language.time.series import Series
from assistant.language.time.spans import Span

_FIRST_EASTER_YEAR, _LAST_EASTER_YEAR = 1583, 4099


@dataclass(frozen=True, slots=True)
class Easter:
    """Every Easter Sunday, or a day so many days after it."""

    days: int = 0
    is_orthodox: bool = False
    grain: Grain = Grain.DAY

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """That of this year if it is not over, and on."""
        years = range(max(moment.year - 1, _FIRST_EASTER_YEAR), min(moment.year + MOST_YEARS, _LAST_EASTER_YEAR))
        return (span for year in years if (span := self._of(year)).end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The last that is over, and back."""
        first = max(moment.year - MOST_YEARS, _FIRST_EASTER_YEAR)
        years = range(min(moment.year + 1, _LAST_EASTER_YEAR), first, -1)
        return (span for year in years if (span := self._of(year)).end <= moment)

    def _of(self, year: int) -> Span:
        sunday = easter(year, EASTER_ORTHODOX if self.is_orthodox else EASTER_WESTERN)
        start = datetime(sunday.year, sunday.month, sunday.day) + timedelta(days=self.days)
        return Span(start, start + timedelta(days=1), Grain.DAY)


_STARTS = ((3, 20), (6, 21), (9, 23), (12, 21))
"""Of the four seasons, in the northern half of the world."""


@dataclass(frozen=True, slots=True)
class Seasons:
    """The four seasons, one after the other; a season ends the day before the last of the calendar's."""

    grain: Grain = Grain.DAY

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """That of the moment, and on."""
        return (span for span in self._spans(moment.year - 1, moment.year + MOST_YEARS) if span.end > moment)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The one before that of the moment, and back."""
        spans = list(self._spans(moment.year - 3, moment.year + 1))
        return (span for span in reversed(spans) if span.end <= moment)

    def _spans(self, first: int, last: int) -> Iterator[Span]:
        for year in range(first, last):
            for place, (month, day) in enumerate(_STARTS):
                following = _STARTS[(place + 1) % 4]
                end = datetime(year + (place == 3), *following) - timedelta(days=1)
                yield Span(datetime(year, month, day), end, Grain.DAY, True)


@dataclass(frozen=True, slots=True)
class EveryYears(Image):
    """Those of the base in years that can be divided by `years`."""

    years: int
    base: Series

    @property
    def grain(self) -> Grain:
        """That of the base."""
        return self.base.grain

    def image(self, span: Span, here: Here) -> Span | None:  # noqa: ARG002  # part of Image
        """Ask the year."""
        return span if span.start.year % self.years == 0 else None


@dataclass(frozen=True, slots=True)
class Workdays:
    """Every day from Monday to Friday."""

    grain: Grain = Grain.DAY

    def forward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """That of the moment if it is one, and on."""
        return self._spans(moment, 0, 1)

    def backward(self, moment: datetime, here: Here) -> Iterator[Span]:  # noqa: ARG002  # part of Series
        """The last that is over, and back."""
        return self._spans(moment, -1, -1)

    def _spans(self, moment: datetime, first: int, step: int) -> Iterator[Span]:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for count in range(first, first + step * MOST_YEARS * 366, step):
            start = midnight + timedelta(days=count)
            if start.weekday() < 5:
                yield Span(start, start + timedelta(days=1), Grain.DAY)
