"""How long ago a thing told what is known of it, where it may have changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant.sdk import EntityState, Outcome

_FROM_BEFORE = {
    "state": "state_before",
    "alarm_is": "alarm_was",
    "measured": "measured_before",
    "climate_state": "climate_before",
    "temperature": "temperature_before",
    "temperature_by": "temperature_by_before",
}
"""Words for what is so → words for what was so."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_STEPS = ((_HOUR, _MINUTE), (6 * _HOUR, 10 * _MINUTE), (2 * _DAY, _HOUR))
"""Up to an age, the step to which it is rounded; beyond: days."""


def of(state: EntityState, now: datetime) -> timedelta | None:
    """How old a state is that may not hold any more, rounded as people say it; None for one that holds."""
    is_doubtful = state.is_from_before or not state.is_available
    if not is_doubtful or state.value is None or state.updated_at is None:
        return None
    return rounded(now - state.updated_at)


def rounded(age: timedelta) -> timedelta:
    """As people say it: to the minute at first, then to ten, to hours, to days."""
    step = next((step for end, step in _STEPS if age < end), _DAY)
    return max(_MINUTE, round(age / step) * step)


def dated(told: Outcome, state: EntityState, ago: timedelta) -> Outcome:
    """The same as something that was so then, said with why no more is known."""
    values = {**told.values, "ago": ago, "is_away": not state.is_available}
    return Outcome.told(_FROM_BEFORE[told.key], **values)
