"""Everything that speaks with the broker beside the home's devices, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.core.clock import Clock
from assistant.core.hooks import HOOKS_SKILL
from assistant.core.ports import Notebook, SchedulePort
from assistant.core.turn import Commands, Turn
from assistant.daemon.config import Config
from assistant.daemon.sounds import Sounds
from assistant.daemon.waiting import Waiting, WaitingParts
from assistant.home import HomeService

if TYPE_CHECKING:
    from assistant.daemon.brain import Brain

Run = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OutsideParts:
    """What it is made of."""

    clock: Clock
    home: HomeService
    schedule: SchedulePort
    sounds: Sounds
    zone: ZoneInfo
    notebook: Callable[[str], Notebook]


class Outside:
    """Hooks, being found, satellites. `attach` once there is a conversation."""

    def __init__(self, config: Config, parts: OutsideParts) -> None:
        self._parts = parts
        settings = config.settings
        self.waiting = Waiting(
            settings.hooks,
            WaitingParts(
                parts.clock,
                parts.home,
                parts.schedule,
                parts.notebook(HOOKS_SKILL),
                parts.sounds,
                parts.home.publish,
                parts.zone,
                settings.general.language,
            ),
        )

    def attach(self, brain: Brain) -> dict[str, Run]:
        """Join the home's connection and the conversation; gives what is to run in the background, by name."""
        self.waiting.conversation, self.waiting.area_id = brain.conversation, lambda: brain.area_id
        self._parts.home.beside.append(self.waiting.hooks)
        brain.trace.watchers.append(self._tell_turn)
        return {"hooks": self.waiting.run}

    def tell(self, event: str, **values: object) -> None:
        """Something happened here: woken, heard, understood, answered, speaks, rings."""
        self.waiting.hooks.tell(event, values)

    def _tell_turn(self, turn: Turn) -> None:
        source, area = turn.situation.source.value, turn.situation.area_id or ""
        self.tell("heard", text=turn.transcript.text, source=source, area=area)
        plan = turn.understood.plan if turn.understood is not None else None
        if isinstance(plan, Commands):
            intents = [command.intent for command in plan.commands]
            self.tell("understood", text=turn.transcript.text, intents=intents, source=source, area=area)
        if turn.reply is not None:
            self.tell("answered", text=turn.reply.text, source=source, area=area)
