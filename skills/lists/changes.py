"""What adding, ticking off and removing does to a kept list, and what is said of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from assistant.sdk import Context, EntityId, Outcome, SlotKind, Slots, SlotValue, StoreError

from . import shelf
from .items import (
    DEFAULT,
    Item,
    added,
    as_said,
    bare,
    is_muddled,
    items_from,
    key_from,
    near,
    one_less,
    spoken,
    ticked,
    unticked,
    words_for,
)

TOLD = 10
"""So many names are read out; of the others only how many they are."""
MAX_TEXT = 120
"""Characters of one item; longer ones were misheard, or are no items."""
MAX_NAME = 40
MAX_ITEMS = 500

_LOGGER = logging.getLogger(__name__)
_Owner = TypeVar("_Owner")
_Given = ParamSpec("_Given")
_Method = Callable[Concatenate[_Owner, Context, _Given], Coroutine[Any, Any, Outcome]]


def unless_unkept(method: _Method[_Owner, _Given]) -> _Method[_Owner, _Given]:
    """Turn what the notebook can't do into words."""

    @wraps(method)
    async def call(self: _Owner, ctx: Context, /, *args: _Given.args, **kwargs: _Given.kwargs) -> Outcome:
        try:
            return await method(self, ctx, *args, **kwargs)
        except shelf.DamagedList as error:
            _LOGGER.error("a list is damaged", extra={"skill": ctx.skill, "names": error.key}, exc_info=True)
            return Outcome.failed("damaged", **called(ctx, error.key))
        except StoreError as error:
            _LOGGER.error("a list can't be kept", extra={"skill": ctx.skill, "why": str(error)}, exc_info=True)
            return Outcome.failed("not_kept")

    return call


async def add(ctx: Context, name: str | None, said: str) -> Outcome:
    """Put what was said on a list; the list is made when there is none."""
    words = words_for(ctx.language)
    key, wanted = key_from(name, words), items_from(as_said(said, ctx.command.text), words)
    if not wanted:
        return ctx.ask("add_what", "item", SlotKind.TEXT, **called(ctx, key))
    if is_muddled((*wanted, key), words):
        return Outcome.refused("one_list")
    if len(key) > MAX_NAME or any(len(text) > MAX_TEXT for text in wanted):
        return Outcome.refused("too_long")
    is_new = not await shelf.exists(ctx, key)
    result = added(await shelf.read(ctx, key), wanted, words)
    there = spoken(result.there, words)
    if len(result.items) > MAX_ITEMS:
        return Outcome.refused("full", **called(ctx, key))
    if not result.new:
        return Outcome.told("there_already", there=there, **called(ctx, key))
    await shelf.write(ctx, key, result.items)
    new = spoken(result.new, words)
    return Outcome.done("added", items=new, there=there, is_new=is_new and key != DEFAULT, **called(ctx, key))


async def create(ctx: Context, name: str | None) -> Outcome:
    """Make an empty list."""
    if not name:
        return ctx.ask("list_name", "name", SlotKind.TEXT)
    key = key_from(name, words_for(ctx.language))
    if is_muddled((key,), words_for(ctx.language)):
        return Outcome.refused("one_list")
    if len(key) > MAX_NAME:
        return Outcome.refused("too_long")
    if await shelf.exists(ctx, key):
        return Outcome.told("list_there", **called(ctx, key))
    await shelf.write(ctx, key, ())
    return Outcome.done("created", **called(ctx, key))


async def tick(ctx: Context, name: str | None, said: str) -> Outcome:
    """Mark what was said as done."""
    key = key_from(name, words_for(ctx.language))
    items = await shelf.read(ctx, key)
    meant = _meant([item for item in items if not item.is_done], ctx, said)
    return await _unclear(ctx, key, meant) or await _changed(ctx, key, "ticked", ticked(items, meant.items), meant)


async def untick(ctx: Context, name: str | None, said: str) -> Outcome:
    """Mark what was ticked off as still to do."""
    key = key_from(name, words_for(ctx.language))
    items = await shelf.read(ctx, key)
    meant = _meant([item for item in items if item.is_done], ctx, said)
    return await _unclear(ctx, key, meant) or await _changed(ctx, key, "unticked", unticked(items, meant.items), meant)


async def move(ctx: Context, said: str, name: str | None, to: str | None) -> Outcome:
    """Take what was said off one list and put it on another, which is made when there is none."""
    words = words_for(ctx.language)
    key, target = key_from(name, words), key_from(to, words)
    if key == target:
        return Outcome.refused("one_list")
    if len(target) > MAX_NAME:
        return Outcome.refused("too_long")
    items = await shelf.read(ctx, key)
    meant = _meant([item for item in items if not item.is_done], ctx, bare(said, words.every))
    if unclear := await _unclear(ctx, key, meant):
        return unclear
    there = added(await shelf.read(ctx, target), [item.text for item in meant.items], words)
    if len(there.items) > MAX_ITEMS:
        return Outcome.refused("full", **called(ctx, target))
    await shelf.write(ctx, target, there.items)  # first: a fault between the two leaves the items on both lists
    outcome = await _changed(ctx, key, "moved", [item for item in items if item not in meant.items], meant)
    return Outcome.done("moved", **{**outcome.values, "target": called(ctx, target)["list"]})


async def remove(ctx: Context, name: str | None, said: str) -> Outcome:
    """Take what was said off; of several of one thing, only one, unless all were asked for."""
    words = words_for(ctx.language)
    key, which = key_from(name, words), bare(said, words.every)
    items = await shelf.read(ctx, key)
    meant = _meant([item for item in items if not item.is_done], ctx, which)
    if unclear := await _unclear(ctx, key, meant):
        return unclear
    if which != said:
        return await _changed(ctx, key, "removed", [item for item in items if item not in meant.items], meant)
    rest = one_less(items, meant.items)
    if len(meant.items) == 1 and meant.items[0].count > 1:
        await shelf.write(ctx, key, rest)
        return Outcome.done("removed_one", item=meant.items[0].text, count=meant.items[0].count, **called(ctx, key))
    return await _changed(ctx, key, "removed", rest, meant)


def called(ctx: Context, key: str) -> dict[str, SlotValue]:
    """The name of a list as it is said."""
    return {"list": words_for(ctx.language).default_name if key == DEFAULT else key}


async def missing_list(ctx: Context, key: str) -> Outcome:
    """Words for a list that doesn't exist; the usual one is then only empty."""
    if key == DEFAULT:
        return Outcome.told("empty", **called(ctx, key))
    return Outcome.not_found("no_list", **called(ctx, key))


def list_name(ctx: Context, slots: Slots) -> str:
    """A list may be a thing of the home; then its name counts."""
    entity_id = slots.get("entity_id")
    entities = ctx.home.view().entities
    known = (each.name for each in entities if isinstance(entity_id, str) and each.id == EntityId(entity_id))
    return next(known, None) or str(slots.get("name") or "")


@dataclass(frozen=True, slots=True)
class _Meant:
    """The items that are meant, what was said but isn't there, and those of which one was meant."""

    items: Sequence[Item]
    missing: Sequence[str]
    either: Sequence[Item] = ()


def _meant(items: Sequence[Item], ctx: Context, said: str) -> _Meant:
    """Words that name one item are not taken apart."""
    words = words_for(ctx.language)
    whole = near(items, " ".join(items_from(said, words)) if len(items_from(said, words)) == 1 else said)
    if len(whole) == 1:
        return _Meant(whole, ())
    hits = [(text, near(items, text)) for text in items_from(as_said(said, ctx.command.text), words)]
    either = next((found for _, found in hits if len(found) > 1), ())
    sure = [found[0] for _, found in hits if len(found) == 1]
    return _Meant(sure, [text for text, found in hits if not found], either)


async def _unclear(ctx: Context, key: str, meant: _Meant) -> Outcome | None:
    """What to say when nothing can be changed yet."""
    if meant.either:
        names = tuple(item.text for item in meant.either[:TOLD])
        return ctx.ask("which", "item", SlotKind.TEXT, names=names, **called(ctx, key))
    if meant.items:
        return None
    if key != DEFAULT and not await shelf.exists(ctx, key):
        return await missing_list(ctx, key)
    return Outcome.not_found("not_there", items=tuple(meant.missing), **called(ctx, key))


async def _changed(ctx: Context, key: str, reply: str, items: Sequence[Item], meant: _Meant) -> Outcome:
    await shelf.write(ctx, key, items)
    names = tuple(dict.fromkeys(item.text for item in meant.items))
    return Outcome.done(reply, items=names, missing=tuple(meant.missing), **called(ctx, key))
