"""Beginning to wait for something."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.sdk import Context, Deed, Entity, Outcome, SlotKind, SlotValue, Watch

from .events import BUTTONS, COMINGS, Look, Wanted
from .naming import deed_from, happening, is_standing, things_meant
from .shelf import MAX_WATCHES, next_id, put, watches

MAX_TEXT = 300
ASKED = 5
"""So many are named in a question."""


@dataclass(frozen=True, slots=True)
class _Meant:
    entity: Entity
    look: Look
    wanted: Wanted


async def wait(ctx: Context, wanted: Wanted, order: str | None) -> Outcome:
    """Keep what is waited for; ask which thing is meant where several are."""
    deed, text = deed_from(order, ctx.language)
    if len(text) > MAX_TEXT:
        return Outcome.refused("too_long")
    found = things_meant(ctx, wanted)
    if not found:
        return Outcome.not_found(_missing(wanted), name=wanted.what or "")
    if len(found) > 1:
        names = tuple(dict.fromkeys(entity.name for entity, _ in found))
        if len(names) > 1:
            return ctx.ask("which", "name", SlotKind.ENTITY, names=names[:ASKED])
    entity, look = found[0]
    kept = await watches(ctx)
    if len(kept) >= MAX_WATCHES:
        return Outcome.refused("too_many", count=len(kept))
    return await _keep(ctx, _watch(ctx, _Meant(entity, look, wanted), next_id(kept), (deed, text)))


def _watch(ctx: Context, meant: _Meant, watch_id: str, deed: tuple[Deed, str]) -> Watch:
    look, event = meant.look, meant.wanted.event
    return Watch(
        watch_id,
        meant.entity.id,
        meant.wanted.what or ("" if event.key in COMINGS else meant.entity.name),
        event.key,
        look.sense,
        look.words,
        look.limit,
        look.for_s,
        is_momentary=event.is_momentary,
        is_standing=is_standing(ctx.command.text, ctx.language) or (event.key in BUTTONS and deed[0] is Deed.RUN),
        deed=deed[0],
        text=deed[1],
        language=ctx.language,
        area_id=ctx.area_id,
        zone=str(ctx.zone),
    )


async def _keep(ctx: Context, watch: Watch) -> Outcome:
    is_so = watch.holds(ctx.home.state(watch.entity_id))
    is_away = not ctx.home.state(watch.entity_id).is_available
    await put(ctx, watch.having_been(is_so))
    return Outcome.done("kept", **told(watch), is_so=bool(is_so) and not watch.is_momentary, is_away=is_away)


def told(watch: Watch) -> dict[str, SlotValue]:
    """What an outcome holds of a watch."""
    return {
        "name": watch.name,
        "event": watch.event,
        "deed": watch.deed.value,
        "text": watch.text,
        "happens": happening(watch),
        "standing": watch.is_standing,
    }


def _missing(wanted: Wanted) -> str:
    return "nobody" if wanted.event.key in COMINGS else "nothing"
