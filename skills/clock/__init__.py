"""What time and what day it is, here and elsewhere."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from assistant.sdk import Context, Outcome, Place, Skill, Slots, When, home_intent, intent

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
