"""Shopping and other lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from assistant.sdk import Context, Outcome, Skill, Slots, SlotValue, Text, home_intent, intent

from . import shelf
from .changes import TOLD, add, called, create, list_name, missing_list, move, remove, tick, unless_unkept, untick
from .items import Item, is_muddled, item_and_name, items_from, key_from, near, spoken, words_for

UNDO_WITHIN = timedelta(minutes=10)
"""After that, "undo that" without a word about a list may mean something else."""


class Lists(Skill):
    """Keep a shopping list, and any other list by its name."""

    @home_intent("HassShoppingListAddItem")
    @home_intent("HassListAddItem")
    @unless_unkept
    async def add_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Put one or several things on a list."""
        return await add(ctx, list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    @unless_unkept
    async def add(self, ctx: Context, item: Text | None = None, name: Text | None = None) -> Outcome:
        """Put one or several things on a list."""
        return await add(ctx, name, item or "")

    @home_intent("HassShoppingListCompleteItem")
    @home_intent("HassListRemoveItem")
    @unless_unkept
    async def remove_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Take things off a list. Home Assistant has "check off" and "remove" of the shopping list in one intent."""
        return await remove(ctx, list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    @unless_unkept
    async def remove(self, ctx: Context, item: Text, name: Text | None = None) -> Outcome:
        """Take things off a list."""
        return await remove(ctx, name, item)

    @home_intent("HassListCompleteItem")
    @unless_unkept
    async def complete_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Tick things off a list."""
        return await tick(ctx, list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    @unless_unkept
    async def complete(self, ctx: Context, item: Text, name: Text | None = None) -> Outcome:
        """Tick things off a list; they can be asked for."""
        return await tick(ctx, name, item)

    @intent()
    @unless_unkept
    async def read_out(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Read a list out."""
        return await _told(ctx, "items", name, is_done=False)

    @intent()
    @unless_unkept
    async def ticked_off(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Tell what is ticked off a list."""
        return await _told(ctx, "ticked_items", name, is_done=True)

    @intent()
    @unless_unkept
    async def how_many(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Tell how many things are on a list."""
        return await _told(ctx, "how_many", name, is_done=False)

    @intent()
    @unless_unkept
    async def is_on(self, ctx: Context, item: Text, name: Text | None = None) -> Outcome:
        """Tell whether something is on a list."""
        words = words_for(ctx.language)
        key, said = key_from(name, words), " ".join(items_from(item, words))
        there = near(_open(await shelf.read(ctx, key)), said)
        if not there:
            return Outcome.told("is_not_on", item=said, **called(ctx, key))
        return Outcome.told("is_on", items=spoken(there, words), **called(ctx, key))

    @intent()
    @unless_unkept
    async def clear(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Empty a list; it can be brought back."""
        words = words_for(ctx.language)
        item, name = item_and_name(name, words)
        if item:
            return await remove(ctx, name, item)
        key = key_from(name, words)
        if not await shelf.exists(ctx, key):
            return await missing_list(ctx, key)
        count = len(_open(await shelf.read(ctx, key)))
        if count and not ctx.is_confirmed:
            return ctx.confirm("clear_sure", count=count, **called(ctx, key))
        await shelf.write(ctx, key, ())
        return Outcome.done("cleared", count=count, **called(ctx, key))

    @intent()
    @unless_unkept
    async def delete(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Do away with a whole list; it can be brought back."""
        words = words_for(ctx.language)
        item, name = item_and_name(name, words)
        if item:
            return await remove(ctx, name, item)
        key = key_from(name, words)
        if is_muddled((key,), words):
            return Outcome.refused("one_list")
        if not await shelf.exists(ctx, key):
            return await missing_list(ctx, key)
        count = len(_open(await shelf.read(ctx, key)))
        if count and not ctx.is_confirmed:
            return ctx.confirm("delete_sure", count=count, **called(ctx, key))
        await shelf.drop(ctx, key)
        return Outcome.done("deleted", count=count, **called(ctx, key))

    @intent()
    @unless_unkept
    async def move(self, ctx: Context, item: Text, to: Text | None = None, name: Text | None = None) -> Outcome:
        """Move things from one list to another."""
        return await move(ctx, item, name, to)

    @intent()
    @unless_unkept
    async def untick(self, ctx: Context, item: Text, name: Text | None = None) -> Outcome:
        """Take back that things are done."""
        return await untick(ctx, name, item)

    @intent()
    @unless_unkept
    async def undo(self, ctx: Context) -> Outcome:
        """Take back the change to a list that was made just now."""
        change = await shelf.last_change(ctx)
        if change is None or ctx.clock.now() - change.at > UNDO_WITHIN:
            return Outcome.not_found("nothing_to_undo")
        return await _brought_back(ctx, change)

    @intent()
    @unless_unkept
    async def put_back(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Take back the last change to a list, however long ago."""
        change = await shelf.last_change(ctx)
        if change is None or (name is not None and change.key != key_from(name, words_for(ctx.language))):
            return Outcome.not_found("nothing_to_undo")
        return await _brought_back(ctx, change)

    @intent()
    @unless_unkept
    async def create(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Make a new list."""
        return await create(ctx, name)

    @intent()
    @unless_unkept
    async def all_lists(self, ctx: Context) -> Outcome:
        """Tell which lists there are."""
        names = tuple(str(called(ctx, key)["list"]) for key in await shelf.names(ctx))
        return Outcome.told("lists", names=names[:TOLD], count=len(names), more=max(0, len(names) - TOLD))


def _open(items: Sequence[Item]) -> Sequence[Item]:
    return [item for item in items if not item.is_done]


async def _told(ctx: Context, reply: str, name: str | None, *, is_done: bool) -> Outcome:
    words = words_for(ctx.language)
    key = key_from(item_and_name(name, words)[1], words)
    items = spoken([item for item in await shelf.read(ctx, key) if item.is_done == is_done], words)
    if not items and not await shelf.exists(ctx, key):
        return await missing_list(ctx, key)
    return Outcome.told(reply, **_first(items), **called(ctx, key))


async def _brought_back(ctx: Context, change: shelf.Change) -> Outcome:
    await shelf.bring_back(ctx, change)
    items = _open(change.before or ())
    return Outcome.done("restored", **_first(spoken(items, words_for(ctx.language))), **called(ctx, change.key))


def _first(items: tuple[str, ...]) -> dict[str, SlotValue]:
    return {"items": items[:TOLD], "count": len(items), "more": max(0, len(items) - TOLD)}
