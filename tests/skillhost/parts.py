"""Stand-ins for what a skill host is given, and a way to write skills into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

from assistant.core.home import Action, ActionResult, ActionStatus, EntityId, EntityState, HomeView
from assistant.core.ports import HomePort, Notebook, SchedulePort
from assistant.core.schedule import ItemId, ItemKind, NewItem, ScheduledItem
from assistant.core.settings import SkillSettings
from assistant.core.turn import Command, Outcome, Situation, SlotValue, Source
from assistant.skillhost.host import ContextParts, SkillHost
from assistant.testing.paper import PaperNotebook

SITUATION = Situation(language="en", source=Source.TYPED)


class StillClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC)

    def monotonic(self) -> float:
        return 100.0

    async def sleep(self, seconds: float) -> None:
        return None


class EmptyHome(HomePort):
    """A home without anything; keeps what it was asked to do."""

    def __init__(self) -> None:
        self.acted: list[Action] = []

    def view(self) -> HomeView:
        return HomeView((), ())

    def state(self, entity_id: EntityId) -> EntityState:
        return EntityState()

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        self.acted += actions
        return [ActionResult(action, ActionStatus.CONFIRMED, EntityState()) for action in actions]


class EmptySchedule(SchedulePort):
    """Nothing is ever due."""

    async def add(self, item: NewItem) -> ScheduledItem:
        return ScheduledItem(ItemId(1), item.kind, item.label, None, item.zone, datetime(2026, 3, 1, tzinfo=UTC))

    def pending(self, kind: ItemKind | None = None) -> Sequence[ScheduledItem]:
        return ()

    async def cancel(self, item_ids: Iterable[ItemId]) -> int:
        return len(list(item_ids))

    async def pause(self, item_id: ItemId) -> ScheduledItem:
        raise NotImplementedError

    async def resume(self, item_id: ItemId) -> ScheduledItem:
        raise NotImplementedError

    async def extend(self, item_id: ItemId, by: timedelta) -> ScheduledItem:
        raise NotImplementedError


def write_skill(folder: Path, name: str, body: str, words: str = "") -> Path:
    """A skill with one intent `<name>.go` that says its name, or with `body` in place of the method's body."""
    path = folder / f"{name}.py"
    path.write_text(
        "from assistant.sdk import *\n"
        "class Mine(Skill):\n"
        f'    """Does {name}."""\n'
        f'    @intent("do {name}")\n'
        "    async def go(self, ctx: Context) -> Outcome:\n"
        f"        {body}\n"
        f"{words}",
        encoding="utf-8",
    )
    return path


def write_source(path: Path, source: str) -> Path:
    """A file with this text, indentation taken off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source).lstrip(), encoding="utf-8")
    return path


def files_in(folder: Path) -> list[Path]:
    """Everything below a folder."""
    return sorted(folder.rglob("*"))


def parts_of(check_reply: Callable[[str], None] = lambda _: None) -> ContextParts:
    """What contexts are made from."""
    notebooks: dict[str, PaperNotebook] = {}

    def notebook(name: str) -> Notebook:
        return notebooks.setdefault(name, PaperNotebook())

    return ContextParts(StillClock(), ZoneInfo("Europe/Berlin"), EmptySchedule(), notebook, check_reply)


def host_of(
    folder: Path,
    timeout_s: float = 5.0,
    disabled: tuple[str, ...] = (),
    check_reply: Callable[[str], None] = lambda _: None,
) -> SkillHost:
    """A host over one folder of users' skills."""
    return SkillHost(SkillSettings(timeout_s=timeout_s, disabled=disabled), False, folder, parts_of(check_reply))


async def run(host: SkillHost, intent: str, **slots: SlotValue) -> Outcome:
    """Run one command with nothing around it."""
    return await host.run(Command(intent, slots), SITUATION, EmptyHome())
