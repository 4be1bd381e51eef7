"""The way of one skill from its file into service and out of it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.core.errors import SkillLoadError
from assistant.sdk.skill import Skill
from assistant.skillhost.border import Failure, Guard
from assistant.skillhost.load import LoadedClass, SkillPlace, forget, load_class
from assistant.skillhost.roster import Running
from assistant.skillhost.worker import Worker

START_S = 5.0
"""A skill may take so long to load, and again to start."""
STOP_S = 0.5

CheckReply = Callable[[str], None]
"""Raises ValueError for a reply template that could not be used."""


async def bring_up(place: SkillPlace, taken: Mapping[str, str], check_reply: CheckReply) -> Running | Failure:
    """Load and start a skill. `taken`: intent → the other skill that serves it."""
    guard = Guard(place.name, place.path, Worker(place.name) if place.is_user else None)

    async def prepare() -> tuple[LoadedClass, Skill]:
        loaded = load_class(place)
        _check(place, loaded, taken, check_reply)
        return loaded, loaded.skill()

    prepared = await guard.call(prepare, START_S)
    if isinstance(prepared, Failure):
        await _release(guard)
        return prepared
    loaded, instance = prepared
    started = await guard.call(instance.start, START_S)
    if isinstance(started, Failure):
        forget(loaded.module)
        await _release(guard)
        return started
    return Running(place, instance, loaded.offers, loaded.module, guard)


async def take_down(running: Running) -> None:
    """Stop a skill and forget its modules; one that won't stop is left behind."""
    await running.guard.call(running.instance.stop, STOP_S)
    await _release(running.guard)
    forget(running.module)


async def _release(guard: Guard) -> None:
    if guard.worker is not None:
        await guard.worker.close()


def _check(place: SkillPlace, loaded: LoadedClass, taken: Mapping[str, str], check_reply: CheckReply) -> None:
    for offer in loaded.offers.intents:
        if offer.spec.name in taken:
            why = f"the skill {taken[offer.spec.name]!r} serves {offer.spec.name} already"
            raise SkillLoadError(f"{place.entry}, {offer.method}", why=why)
    if not place.is_user:
        # a test compiles the bundled skills' replies; at each start that would cost a weak board seconds
        return
    for table in loaded.offers.replies.values():
        for key, variants in table.items():
            _check_replies(place, key, variants, check_reply)


def _check_replies(place: SkillPlace, key: str, variants: Sequence[str], check_reply: CheckReply) -> None:
    for words in variants:
        try:
            check_reply(words)
        except ValueError as error:
            raise SkillLoadError(f"{place.path}, reply {key!r}", why=str(error)) from error
