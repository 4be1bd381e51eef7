"""What time and what day it is, here and elsewhere."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from assistant.sdk import Context, Duration, Outcome, Place, Skill, Slots, When, home_intent, intent

MINUTE = timedelta(minutes=1)


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
    async def date_in(self, ctx: Context, after: Duration) -> Outcome:
        """Tell which date it will be after some days or weeks."""
        try:
            return _another_date(ctx, after)
        except OverflowError:
            return Outcome.refused("too_far")

    @intent()
    async def tomorrow(self, ctx: Context) -> Outcome:
        """Tell tomorrow's date."""
        return _another_date(ctx, timedelta(days=1))

    @intent()
    async def year(self, ctx: Context) -> Outcome:
        """Tell the year."""
        return Outcome.told("year", year=str(ctx.local_now().year))

    @intent()
    async def how_long_until(self, ctx: Context, when: When) -> Outcome:
        """Tell how long it is until a time, to the minute."""
        left = when - ctx.clock.now()
        if left < MINUTE:
            return Outcome.told("less_than_a_minute")
        return Outcome.told("until", left=timedelta(minutes=round(left / MINUTE)), when=when)


def _date(ctx: Context) -> Outcome:
    """As figures for the template: a date of today would be said as "today"."""
    today = ctx.local_now()
    return Outcome.told("date", weekday=today.weekday(), month=today.month, day=today.day)


def _another_date(ctx: Context, after: timedelta) -> Outcome:
    """Days are added to the wall clock: a day with a change of the clocks is one day too. Raises OverflowError."""
    today = ctx.local_now().replace(tzinfo=None)
    then = today + after
    ahead = (then.date() - today.date()).days
    weekday, year = then.weekday(), str(then.year)
    return Outcome.told("another_date", ahead=ahead, weekday=weekday, month=then.month, day=then.day, year=year)
