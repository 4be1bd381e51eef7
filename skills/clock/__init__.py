"""What time and what day it is, here and elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.sdk import (
    Context,
    Duration,
    Instant,
    Interval,
    Outcome,
    Place,
    Skill,
    Slots,
    Time,
    TimeValue,
    home_intent,
    intent,
    names_a_day,
    span_of,
    wall,
)

MINUTE = timedelta(minutes=1)
WEEK = 7


class Clock(Skill):
    """The time and the date, here and in other places."""

    @home_intent("HassGetCurrentTime")
    async def time_home(self, ctx: Context, _: Slots) -> Outcome:
        """Tell the time."""
        return Outcome.told("time", time=ctx.local_now().time())

    @intent()
    async def time(self, ctx: Context) -> Outcome:
        """Tell the time."""
        return Outcome.told("time", time=ctx.local_now().time())

    @intent()
    async def time_in(self, ctx: Context, place: Place) -> Outcome:
        """Tell the time in another place."""
        here = ctx.local_now()
        there = here.astimezone(ZoneInfo(place))
        days = (there.date() - here.date()).days
        return Outcome.told("time_there", time=there.time(), days=days)

    @home_intent("HassGetCurrentDate")
    async def date_home(self, ctx: Context, _: Slots) -> Outcome:
        """Tell the date."""
        return _date(ctx)

    @intent()
    async def date(self, ctx: Context) -> Outcome:
        """Tell the date, which has the day of the week in it."""
        return _date(ctx)

    @intent()
    async def time_after(self, ctx: Context, after: Duration) -> Outcome:
        """Tell what time it will be after a while."""
        try:
            then = (ctx.clock.now() + after).astimezone(ctx.zone)
        except OverflowError:
            return Outcome.refused("too_far")
        return Outcome.told("time_then", when=then, time=then.time())

    @intent()
    async def date_of(self, ctx: Context, when: Time) -> Outcome:
        """Tell the date and the day of the week of another day."""
        day = _day_of(ctx, when)
        return Outcome.refused("which_day") if day is None else _another_date(ctx, day)

    @intent()
    async def tomorrow(self, ctx: Context) -> Outcome:
        """Tell tomorrow's date."""
        return _another_date(ctx, ctx.local_now().date() + timedelta(days=1))

    @intent()
    async def year(self, ctx: Context) -> Outcome:
        """Tell the year."""
        return Outcome.told("year", year=str(ctx.local_now().year))

    @intent()
    async def how_long_until(self, ctx: Context, when: Time) -> Outcome:
        """Tell how long it is until a time: to the minute, or in days until a day."""
        if names_a_day(when) and (day := _day_of(ctx, when)) is not None:
            return _days_until(ctx, day)
        at = when.at if isinstance(when, Instant) else when.start if isinstance(when, Interval) else None
        if at is None:
            return Outcome.refused("which_day")
        left = at - ctx.clock.now()
        if left < MINUTE:
            return Outcome.told("less_than_a_minute")
        return Outcome.told("until", left=timedelta(minutes=round(left / MINUTE)), when=at)

    @intent()
    async def days_until(self, ctx: Context, when: Time) -> Outcome:
        """Tell how many days it is until a day."""
        day = _day_of(ctx, when)
        return Outcome.refused("which_day") if day is None else _days_until(ctx, day)

    @intent()
    async def weeks_until(self, ctx: Context, when: Time) -> Outcome:
        """Tell how many weeks it is until a day."""
        day = _day_of(ctx, when)
        if day is None:
            return Outcome.refused("which_day")
        days = (day - ctx.local_now().date()).days
        return Outcome.told("weeks_until", days=days, weeks=days // WEEK, rest=days % WEEK, **_figures(ctx, day))


def _date(ctx: Context) -> Outcome:
    """As figures for the template: a date of today would be said as "today"."""
    return Outcome.told("date", **_figures(ctx, ctx.local_now().date()))


def _another_date(ctx: Context, day: date) -> Outcome:
    return Outcome.told("another_date", **_figures(ctx, day))


def _days_until(ctx: Context, day: date) -> Outcome:
    return Outcome.told("days_until", days=(day - ctx.local_now().date()).days, **_figures(ctx, day))


def _figures(ctx: Context, day: date) -> dict[str, int | str | date]:
    ahead = (day - ctx.local_now().date()).days
    figures = {"weekday": day.weekday(), "month": day.month, "day": day.day, "ahead": ahead}
    return {**figures, "date": day, "year": str(day.year)}


def _day_of(ctx: Context, when: TimeValue) -> date | None:
    """The day on which a time lies or begins; None for what is no time of its own."""
    span = span_of(when)
    at: datetime | None = span[0] if span is not None else None
    return None if at is None else wall(at, ctx).date()
