"""The first times of a rule, expanded by dateutil alone, so that the product's own expansion isn't its judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from dateutil.rrule import rrulestr

from assistant.core.schedule import Repeat

ENOUGH = 12


def first_times(repeat: Repeat, count: int = ENOUGH) -> Sequence[datetime]:
    """At most `count` local times; none for a rule that can't be read."""
    try:
        rule = rrulestr(repeat.rule, dtstart=repeat.start_local)
        times = list(islice(rule, count + len(repeat.except_local)))
    except (ValueError, TypeError, OverflowError):
        return ()
    return [at for at in times if at not in repeat.except_local][:count]
