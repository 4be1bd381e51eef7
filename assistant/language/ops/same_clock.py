"""The time that it is now, on another day: "same time tomorrow"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from assistant.core.values import Grain
from assistant.language.chart import Op, Value
from assistant.language.ops.times import Form, TimeValue
from assistant.language.time.derived import Image
from assistant.language.time.fields import Here
from assistant.language.time.series import Series
from assistant.language.time.spans import Span


@dataclass(frozen=True, slots=True)
class SameClock(Image):
    """The present time of day on each day of the base; in a week, on the present day of the week."""

    base: Series

    @property
    def grain(self) -> Grain:
        """Said to the minute."""
        return Grain.MINUTE

    def image(self, span: Span, here: Here) -> Span | None:
        """The minute of that day."""
        day = span.start + timedelta(days=here.now.weekday() if span.grain is Grain.WEEK else 0)
        start = day.replace(hour=here.now.hour, minute=here.now.minute, second=0, microsecond=0)
        return Span(start, start + timedelta(minutes=1), Grain.MINUTE)


def _same_clock(t: TimeValue) -> Value | None:
    return TimeValue(SameClock(t.series), Form.OTHER) if t.series.grain in (Grain.DAY, Grain.WEEK) else None


OPS: Mapping[str, Op] = {"same_clock": _same_clock}
