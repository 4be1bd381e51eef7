"""The calendar: events, once or again and again, and the time between them."""

from __future__ import annotations

from assistant.sdk import (
    Context,
    Duration,
    EventRequest,
    Outcome,
    Skill,
    Text,
    Time,
    intent,
    unless_unkept,
)

from .adding import add
from .asking import agenda, free, next_event
from .changing import cancel, clear, move, move_by, rename
from .finding import Described


class Calendar(Skill):
    """Keep appointments, and tell what is on and when there is time."""

    @intent()
    @unless_unkept
    async def add(
        self,
        ctx: Context,
        request: EventRequest | None = None,
        label: Text | None = None,
        when: Time | None = None,
    ) -> Outcome:
        """Put an event into the calendar."""
        return await add(ctx, request, label, when)

    @intent()
    @unless_unkept
    async def agenda(self, ctx: Context, when: Time | None = None) -> Outcome:
        """Tell what is on, today or at another time."""
        return await agenda(ctx, when)

    @intent()
    @unless_unkept
    async def next_event(self, ctx: Context, name: Text | None = None, when: Time | None = None) -> Outcome:
        """Tell which event comes next, or when one is."""
        return await next_event(ctx, Described(name or "", when))

    @intent()
    @unless_unkept
    async def free(self, ctx: Context, when: Time | None = None) -> Outcome:
        """Tell when there is time."""
        return await free(ctx, when)

    @intent()
    @unless_unkept
    async def move(
        self,
        ctx: Context,
        to: Time,
        name: Text | None = None,
        which: Time | None = None,
        scope: Text | None = None,
    ) -> Outcome:
        """Move an event to another time."""
        return await move(ctx, Described(name or "", which), to, scope)

    @intent()
    @unless_unkept
    async def later(
        self,
        ctx: Context,
        by: Duration,
        name: Text | None = None,
        which: Time | None = None,
        scope: Text | None = None,
    ) -> Outcome:
        """Move an event to a later time."""
        return await move_by(ctx, Described(name or "", which), by, scope)

    @intent()
    @unless_unkept
    async def earlier(
        self,
        ctx: Context,
        by: Duration,
        name: Text | None = None,
        which: Time | None = None,
        scope: Text | None = None,
    ) -> Outcome:
        """Move an event to an earlier time."""
        return await move_by(ctx, Described(name or "", which), -by, scope)

    @intent()
    @unless_unkept
    async def cancel(
        self, ctx: Context, name: Text | None = None, which: Time | None = None, scope: Text | None = None
    ) -> Outcome:
        """Cancel an event, or one time of it."""
        return await cancel(ctx, Described(name or "", which), scope)

    @intent()
    @unless_unkept
    async def clear(self, ctx: Context, when: Time | None = None) -> Outcome:
        """Cancel all that is on at some time."""
        return await clear(ctx, when)

    @intent()
    @unless_unkept
    async def rename(self, ctx: Context, label: Text, name: Text | None = None, which: Time | None = None) -> Outcome:
        """Give an event another name."""
        return await rename(ctx, Described(name or "", which), label)
