"""Waiting for things to happen in the home: tell, say, remind or do something then."""

from __future__ import annotations

from assistant.sdk import Context, EntityName, Number, Outcome, Sense, Skill, Text, intent, unless_unkept

from . import ending, waiting
from .events import EVENTS, Wanted


class Hooks(Skill):
    """Wait for something to happen, and then tell, remind or act."""

    @intent()
    @unless_unkept
    async def opens(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something opens."""
        return await waiting.wait(ctx, Wanted(EVENTS["opens"], what, name), order)

    @intent()
    @unless_unkept
    async def closes(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something closes."""
        return await waiting.wait(ctx, Wanted(EVENTS["closes"], what, name), order)

    @intent()
    @unless_unkept
    async def locks(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something is locked."""
        return await waiting.wait(ctx, Wanted(EVENTS["locks"], what, name), order)

    @intent()
    @unless_unkept
    async def unlocks(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something is unlocked."""
        return await waiting.wait(ctx, Wanted(EVENTS["unlocks"], what, name), order)

    @intent()
    @unless_unkept
    async def turns_on(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something is switched on."""
        return await waiting.wait(ctx, Wanted(EVENTS["turns_on"], what, name), order)

    @intent()
    @unless_unkept
    async def turns_off(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until something is switched off."""
        return await waiting.wait(ctx, Wanted(EVENTS["turns_off"], what, name), order)

    @intent()
    @unless_unkept
    async def ends(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until a machine is done."""
        return await waiting.wait(ctx, Wanted(EVENTS["ends"], what, name), order)

    @intent()
    @unless_unkept
    async def starts(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until a machine begins to run."""
        return await waiting.wait(ctx, Wanted(EVENTS["starts"], what, name), order)

    @intent()
    @unless_unkept
    async def moves(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until somebody moves somewhere."""
        return await waiting.wait(ctx, Wanted(EVENTS["moves"], what, name), order)

    @intent()
    @unless_unkept
    async def rings(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until somebody is at the door."""
        return await waiting.wait(ctx, Wanted(EVENTS["rings"], what, name), order)

    @intent()
    @unless_unkept
    async def presses(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until a button is pressed."""
        return await waiting.wait(ctx, Wanted(EVENTS["presses"], what, name), order)

    @intent()
    @unless_unkept
    async def comes_home(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until somebody comes home."""
        return await waiting.wait(ctx, Wanted(EVENTS["comes_home"], what, name), order)

    @intent()
    @unless_unkept
    async def leaves(
        self, ctx: Context, what: Text | None = None, name: EntityName | None = None, order: Text | None = None
    ) -> Outcome:
        """Wait until somebody leaves home."""
        return await waiting.wait(ctx, Wanted(EVENTS["leaves"], what, name), order)

    @intent()
    @unless_unkept
    async def rises(self, ctx: Context, what: Text, limit: Number, order: Text | None = None) -> Outcome:
        """Wait until a value is above a limit."""
        return await waiting.wait(ctx, Wanted(EVENTS["rises"], what, limit=limit, sense=Sense.ABOVE), order)

    @intent()
    @unless_unkept
    async def falls(self, ctx: Context, what: Text, limit: Number, order: Text | None = None) -> Outcome:
        """Wait until a value is below a limit."""
        return await waiting.wait(ctx, Wanted(EVENTS["falls"], what, limit=limit, sense=Sense.BELOW), order)

    @intent()
    async def list_all(self, ctx: Context) -> Outcome:
        """Tell what is waited for."""
        return await ending.listed(ctx)

    @intent()
    @unless_unkept
    async def cancel(self, ctx: Context, what: Text) -> Outcome:
        """Wait for one thing no more."""
        return await ending.cancel(ctx, what)

    @intent()
    @unless_unkept
    async def cancel_all(self, ctx: Context) -> Outcome:
        """Wait for nothing any more."""
        return await ending.cancel_all(ctx)
