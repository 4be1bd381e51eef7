"""Hermes on the broker: satellites and skills of Rhasspy, beside the home's devices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from assistant.core.clock import Clock
from assistant.core.home import EntityId, EntityState
from assistant.core.settings import HermesSettings
from assistant.home.beside import Publish
from assistant.home.faults import Faults
from assistant.home.hermes_ports import Body, Partner
from assistant.home.hermes_reading import BadMessage
from assistant.home.hermes_routes import Routes, filters_for
from assistant.home.hermes_services import TICK_S, services
from assistant.home.link import Message, Use
from assistant.home.topics import takes

_ROOT = "hermes/"


class Hermes:
    """Use: `run()` in a task; give it a `body` once there is one. Implements `Beside`."""

    def __init__(self, settings: HermesSettings, partner: Partner, publish: Publish, clock: Clock) -> None:
        self._clock = clock
        self._faults = Faults()
        self._filters = filters_for(settings)
        self._services = services(settings, partner, publish, clock, self._hears)
        self._routes = Routes(self._services)

    def attach(self, body: Body | None) -> None:
        """From now on it can hear and speak; with None no more."""
        self._services.recognition.body = self._services.speech.body = body

    def woken_here(self) -> None:
        """Our own wake word was heard: satellites that heard it too are not to answer."""
        self._services.dialogue.woken_here(self._services.sites.own)

    @property
    def filters(self) -> Sequence[str]:
        """What is listened to."""
        return self._filters

    @property
    def use(self) -> Use:
        """They are commands: none that the broker kept is heard."""
        return Use.COMMAND

    def take(self, message: Message) -> bool:
        """True for what Hermes says."""
        if not message.topic.startswith(_ROOT):
            return False
        if not message.is_retained and not self._services.post.is_echo(message):
            try:
                self._routes.take(message)
            except BadMessage as fault:
                self._faults.report(message.topic, "a message of Hermes can't be read", str(fault))
        return True

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """Devices are nothing to it."""

    def connection(self, is_connected: bool) -> None:
        """What was going on when the broker went is over; once it is back those satellites listen again."""
        if is_connected:
            self._services.dialogue.free_stranded()
        else:
            self._give_up()

    async def run(self) -> None:
        """Understand, answer, hear and speak, and end what nobody goes on with."""
        self._services.dialogue.free_stranded()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._services.jobs.run(), name="Hermes")
                group.create_task(self._services.says.run(), name="Hermes' voice")
                group.create_task(self._watch_time(), name="Hermes' time")
        finally:
            self._give_up()

    async def _watch_time(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            self._services.recognition.tick()
            self._services.dialogue.tick()

    def _give_up(self) -> None:
        self._services.dialogue.reset()
        self._services.recognition.drop_all()
        self._services.post.forget()

    def _hears(self, topic: str) -> bool:
        return any(takes(each, topic) for each in self._filters)
