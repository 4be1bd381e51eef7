"""Shopping and other lists."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.sdk import (
    Context,
    EntityId,
    Outcome,
    Skill,
    SlotKind,
    Slots,
    SlotValue,
    StoreError,
    Text,
    home_intent,
    intent,
)

from .items import (
    DEFAULT,
    Item,
    added,
    as_said,
    found,
    from_json,
    items_from,
    key_from,
    ticked,
    to_json,
    words_for,
)

_PREFIX = "list:"
TOLD = 10
"""So many items are read out; of the others only how many they are."""


class Lists(Skill):
    """Keep a shopping list, and any other list by its name."""

    @home_intent("HassShoppingListAddItem")
    async def add_shopping(self, ctx: Context, slots: Slots) -> Outcome:
        """Put things on the shopping list."""
        return await _add(ctx, None, str(slots.get("item") or ""))

    @home_intent("HassListAddItem")
    async def add_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Put things on a list."""
        return await _add(ctx, _list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    async def add(self, ctx: Context, items: Text | None = None, name: Text | None = None) -> Outcome:
        """Put one or several things on a list."""
        return await _add(ctx, name, items or "")

    @home_intent("HassShoppingListCompleteItem")
    async def complete_shopping(self, ctx: Context, slots: Slots) -> Outcome:
        """Tick things off the shopping list."""
        return await _tick(ctx, None, str(slots.get("item") or ""))

    @home_intent("HassListCompleteItem")
    async def complete_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Tick things off a list."""
        return await _tick(ctx, _list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    async def complete(self, ctx: Context, items: Text, name: Text | None = None) -> Outcome:
        """Tick things off a list."""
        return await _tick(ctx, name, items)

    @home_intent("HassListRemoveItem")
    async def remove_home(self, ctx: Context, slots: Slots) -> Outcome:
        """Take things off a list."""
        return await _remove(ctx, _list_name(ctx, slots), str(slots.get("item") or ""))

    @intent()
    async def remove(self, ctx: Context, items: Text, name: Text | None = None) -> Outcome:
        """Take things off a list."""
        return await _remove(ctx, name, items)

    @intent()
    async def read_out(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Read a list out."""
        key = key_from(name, words_for(ctx.language))
        items = [item.text for item in await _read(ctx, key) if not item.is_done]
        more = max(0, len(items) - TOLD)
        return Outcome.told("items", items=tuple(items[:TOLD]), count=len(items), more=more, **_called(ctx, key))

    @intent()
    async def is_on(self, ctx: Context, item: Text, name: Text | None = None) -> Outcome:
        """Tell whether something is on a list."""
        words = words_for(ctx.language)
        key, item = key_from(name, words), " ".join(items_from(item, words))
        there = found([each for each in await _read(ctx, key) if not each.is_done], item)
        if there is None:
            return Outcome.told("is_not_on", item=item, **_called(ctx, key))
        return Outcome.told("is_on", item=there.text, **_called(ctx, key))

    @intent()
    async def clear(self, ctx: Context, name: Text | None = None) -> Outcome:
        """Empty a list."""
        key = key_from(name, words_for(ctx.language))
        count = sum(not item.is_done for item in await _read(ctx, key))
        try:
            await ctx.notebook.delete(_PREFIX + key)
        except StoreError:
            return Outcome.failed("not_kept")
        return Outcome.done("cleared", count=count, **_called(ctx, key))

    @intent()
    async def all_lists(self, ctx: Context) -> Outcome:
        """Tell which lists there are."""
        keys = [key.removeprefix(_PREFIX) for key in await ctx.notebook.keys() if key.startswith(_PREFIX)]
        names = tuple(str(_called(ctx, key)["list"]) for key in keys)
        return Outcome.told("lists", names=names, count=len(names))


async def _add(ctx: Context, name: str | None, said: str) -> Outcome:
    words = words_for(ctx.language)
    key, wanted = key_from(name, words), items_from(as_said(said, ctx.command.text), words)
    if not wanted:
        return ctx.ask("add_what", "items", SlotKind.TEXT, **_called(ctx, key))
    items, new, there = added(await _read(ctx, key), wanted)
    if new and not await _write(ctx, key, items):
        return Outcome.failed("not_kept")
    outcome = Outcome.done if new else Outcome.told
    return outcome("added" if new else "there_already", items=tuple(new), there=tuple(there), **_called(ctx, key))


async def _tick(ctx: Context, name: str | None, said: str) -> Outcome:
    key = key_from(name, words_for(ctx.language))
    items = await _read(ctx, key)
    done, missing = _named([item for item in items if not item.is_done], ctx, said)
    return await _changed(ctx, key, "ticked", ticked(items, done), done, missing)


async def _remove(ctx: Context, name: str | None, said: str) -> Outcome:
    key = key_from(name, words_for(ctx.language))
    items = await _read(ctx, key)
    gone, missing = _named(items, ctx, said)
    return await _changed(ctx, key, "removed", [item for item in items if item not in gone], gone, missing)


async def _changed(
    ctx: Context, key: str, reply: str, items: Sequence[Item], done: Sequence[Item], missing: Sequence[str]
) -> Outcome:
    if not done:
        return Outcome.not_found("not_there", items=tuple(missing), **_called(ctx, key))
    if not await _write(ctx, key, items):
        return Outcome.failed("not_kept")
    names = tuple(item.text for item in done)
    return Outcome.done(reply, items=names, missing=tuple(missing), **_called(ctx, key))


def _named(items: Sequence[Item], ctx: Context, said: str) -> tuple[Sequence[Item], Sequence[str]]:
    """The items that are meant, and what is said but not there. Words that name one item are not taken apart."""
    whole = found(items, said)
    if whole is not None:
        return [whole], []
    hits = [(text, found(items, text)) for text in items_from(as_said(said, ctx.command.text), words_for(ctx.language))]
    return [item for _, item in hits if item is not None], [text for text, item in hits if item is None]


def _called(ctx: Context, key: str) -> dict[str, SlotValue]:
    """The name of a list as it is said."""
    return {"list": words_for(ctx.language).default_name if key == DEFAULT else key}


def _list_name(ctx: Context, slots: Slots) -> str:
    """A list may be a thing of the home; then its name counts."""
    entity_id = slots.get("entity_id")
    entities = ctx.home.view().entities
    known = next(
        (each.name for each in entities if isinstance(entity_id, str) and each.id == EntityId(entity_id)), None
    )
    return known or str(slots.get("name") or "")


async def _read(ctx: Context, key: str) -> Sequence[Item]:
    return from_json(await ctx.notebook.get(_PREFIX + key))


async def _write(ctx: Context, key: str, items: Sequence[Item]) -> bool:
    try:
        await ctx.notebook.put(_PREFIX + key, to_json(items))
    except StoreError:
        return False
    return True
