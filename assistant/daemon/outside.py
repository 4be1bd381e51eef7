"""Everything that speaks with the broker beside the home's devices, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant import __version__
from assistant.core.clock import Clock
from assistant.core.hooks import HOOKS_SKILL
from assistant.core.ports import EarEvent, Ears, Mouth, Notebook, SchedulePort, Woken
from assistant.core.schedule import DueItem
from assistant.core.turn import Commands, Turn
from assistant.daemon.config import Config
from assistant.daemon.observed import ObservedEars, ObservedMouth
from assistant.daemon.presence import Presence, PresenceParts
from assistant.daemon.satellites import SatellitePartner
from assistant.daemon.sounds import Sounds
from assistant.daemon.waiting import Waiting, WaitingParts
from assistant.home import HomeService
from assistant.home.announce import Hub
from assistant.home.hermes import Hermes

if TYPE_CHECKING:
    from assistant.daemon.brain import Brain

Run = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OutsideParts:
    """What it is made of."""

    clock: Clock
    hub_id: str
    home: HomeService
    schedule: SchedulePort
    sounds: Sounds
    zone: ZoneInfo
    notebook: Callable[[str], Notebook]
    """Skill's name → its notebook; parts of ours have one, too."""


class Outside:
    """Hooks, being found, satellites. `attach` once there is a conversation."""

    def __init__(self, config: Config, parts: OutsideParts) -> None:
        self._parts = parts
        self.hermes: Hermes | None = None
        """Satellites and skills of Rhasspy, once there is a conversation, if they are served."""
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

        announce = settings.announce
        hub = Hub(
            parts.hub_id,
            settings.general.name,
            __version__,
            settings.mqtt.discovery_prefix,
            settings.general.area,
            announce.last_heard,
        )
        self.presence = Presence(
            hub,
            PresenceParts(
                parts.clock, parts.sounds, parts.home.publish, parts.notebook("presence"), settings.general.language
            ),
            is_on=announce.enabled,
        )

    async def attach(self, brain: Brain) -> dict[str, Run]:
        """Join the home's connection and the conversation; gives what is to run in the background, by name."""
        self.waiting.conversation, self.waiting.area_id = brain.conversation, lambda: brain.area_id
        self.presence.conversation, self.presence.area_id = brain.conversation, lambda: brain.area_id
        await self.presence.load()
        self._parts.home.beside += [self.waiting.hooks, self.presence.announcement]
        self._parts.sounds.on_due = self._due
        hermes = self.hermes = self._hermes(brain)
        if hermes is not None:
            self._parts.home.beside.append(hermes)
        brain.trace.watchers += [self._tell_turn, self.presence.took]
        parts: dict[str, Run] = {"hooks": self.waiting.run, "presence": self.presence.run}
        return parts if hermes is None else {**parts, "hermes": hermes.run}

    def _hermes(self, brain: Brain) -> Hermes | None:
        settings = brain.config.settings
        if not settings.hermes.enabled:
            return None
        partner = SatellitePartner(
            settings.hermes, brain.understanding, brain.conversation, brain.home.view, settings.general.language
        )
        return Hermes(settings.hermes, partner, self._parts.home.publish, self._parts.clock)

    # ── ears and mouth ───────────────────────────────────────────────────────────────────────────

    def over_ears(self, ears: Ears) -> Ears:
        """The same ears, seen from here."""
        return ObservedEars(ears, self._heard, self.presence.opened)

    def over_mouth(self, mouth: Mouth) -> Mouth:
        """The same mouth, seen from here."""
        return ObservedMouth(mouth, self._spoke)

    def _heard(self, event: EarEvent) -> None:
        self.presence.heard(event)
        if isinstance(event, Woken):
            if self.hermes is not None:
                self.hermes.woken_here()
            self.tell("woken", word=event.hit.word)

    def _spoke(self, words: str | None) -> None:
        self.presence.spoke(words)
        if words is not None:
            self.tell("speaks", text=words)

    def _due(self, due: DueItem) -> None:
        self.tell("rings", kind=due.item.kind.value, label=due.item.label)

    # ── turns ────────────────────────────────────────────────────────────────────────────────────

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
