"""The home as the rest of the house sees it: names, states and actions over MQTT."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from assistant.core.clock import Clock
from assistant.core.errors import BrokerError, InputError
from assistant.core.home import Action, ActionResult, ActionStatus, EntityId, EntityState, HomeView
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home.beside import Beside
from assistant.home.broker import EmbeddedBroker
from assistant.home.command import Unsupported, order_for, sent_word
from assistant.home.config import ConfigFault
from assistant.home.confirming import PATIENCE, Confirming, Verdict
from assistant.home.dialects import dialects_of
from assistant.home.discovery import Announced
from assistant.home.intake import Intake, Taken
from assistant.home.link import Identity, LinkStatus, Message, MqttLink
from assistant.home.memory import StateMemory
from assistant.home.names import Names, usable_name
from assistant.home.pacing import Pacer, Turn
from assistant.home.registry import Registry
from assistant.home.template import TemplateFault
from assistant.home.upkeep import Upkeep

_LOGGER = logging.getLogger(__name__)
QUIET_S = 0.3
"""Discovery that paused for so long has said what there is."""
NAMES_EVERY_S = 2.0
"""A saved file of names is taken over within so long."""
_NOT_SENT = {
    Turn.SUPERSEDED: Verdict(ActionStatus.FAILED, "a newer command took its place before it was sent"),
    Turn.EXPIRED: Verdict(ActionStatus.UNAVAILABLE, "the device was sent too many commands to take this one in time"),
}


class HomeService:
    """Implements core.ports.HomePort. `run()` serves until cancelled; without it the home is empty."""

    def __init__(
        self, mqtt: MqttSettings, home: HomeSettings, clock: Clock, hub_id: str, names: Names | None = None
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        """Called when names changed."""
        self.on_connection: Callable[[bool], None] = lambda _: None
        """Called when the broker came or went."""
        self.beside: list[Beside] = []
        """What else is on this connection; put in before `run`."""
        self.memory: StateMemory | None = None
        """Where last known states outlive a restart; put in before `run`."""
        self._mqtt = mqtt
        self._settings = home
        self._clock = clock
        self._names = Names() if names is None else names
        self._registry = Registry(self._names)
        self._intake = Intake(dialects_of(mqtt.discovery_prefix), self._registry, self._names.told)
        self._view: tuple[HomeView, HomeView] | None = None
        """What the registry shows, and the same with the areas of the user's file."""
        self._confirming = Confirming(self._registry.state)
        self._pacer = Pacer(clock)
        self._announced_at_s = clock.monotonic()
        identity = Identity(mqtt.client_id or f"assistant-{hub_id}", f"voicehub/{hub_id}/status")
        self._link = MqttLink(mqtt, identity, self._take, self._connection)
        self.has_broker = asyncio.Event()
        """Set once our own broker serves, or at once where the broker is another program."""

    @property
    def status(self) -> LinkStatus:
        """How the connection to the broker is doing."""
        return self._link.status

    async def run(self) -> None:
        """Serve until cancelled. Raises BrokerError when the embedded broker's port is taken."""
        if self._mqtt.mode == "off":
            await asyncio.Event().wait()
        async with AsyncExitStack() as stack:
            if self._mqtt.mode == "embedded":
                await stack.enter_async_context(EmbeddedBroker(self._mqtt))
            self.has_broker.set()
            await stack.enter_async_context(Upkeep(self._registry, self._clock, self._touched, self.memory))
            self._link.subscribe(self._intake.filters)
            for part in self.beside:
                self._link.subscribe(part.filters, part.use)
            await self._link.run()

    def publish(self, topic: str, payload: str | bytes, retain: bool = False) -> None:
        """Send what is no command to a device. What can't be sent now is not sent later: it is logged."""
        try:
            self._link.publish(topic, payload, retain=retain)
        except BrokerError as error:
            _LOGGER.info("not published", extra={"names": topic, "why": str(error)})

    async def settled(self, timeout_s: float) -> None:
        """Wait until devices have announced themselves and paused, or for `timeout_s` when none does."""
        try:
            async with asyncio.timeout(timeout_s):
                while not len(self._registry) or self._clock.monotonic() - self._announced_at_s < QUIET_S:
                    await self._clock.sleep(QUIET_S / 3)
        except TimeoutError:
            _LOGGER.info("no device announced itself in time")

    def view(self) -> HomeView:
        """Names of everything, now."""
        plain = self._registry.view()
        if self._view is None or self._view[0] is not plain:
            self._view = plain, self._names.dressed(plain)
        return self._view[1]

    async def rename(self, entity_id: EntityId, name: str) -> None:
        """Call it so from now on. Raises InputError and StoreError."""
        announced = self._announced(entity_id)
        await self._names.rename(announced, usable_name(name))
        self._renamed(announced)

    async def place(self, entity_id: EntityId, area: str) -> None:
        """It stands there from now on. Raises InputError and StoreError."""
        announced = self._announced(entity_id)
        await self._names.place(announced, usable_name(area))
        self._renamed(announced)

    async def follow_names(self) -> None:
        """Take over the user's file of names whenever it is saved; until cancelled."""
        while True:
            await self._clock.sleep(NAMES_EVERY_S)
            if self._names.reload():
                self._renamed()

    def _announced(self, entity_id: EntityId) -> Announced:
        known = self._registry.find(entity_id)
        if known is None:
            raise InputError(f"there is no {entity_id}", fix="assistant home list tells what there is")
        return known.announced

    def _renamed(self, announced: Announced | None = None) -> None:
        """The device of that entity, and its other parts; None: everything."""
        key = announced.device.key if announced is not None else ""
        self._registry.rename(lambda each: not key or each.device.key == key)
        self._view = None
        self.on_change()

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown while it never told one, unavailable while the broker is away."""
        state = self._registry.state(entity_id)
        return state if self._link.status.is_connected else replace(state, is_available=False)

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Send all at once, then wait for the devices to confirm."""
        return await asyncio.gather(*(self._act(action) for action in actions))

    async def _act(self, action: Action) -> ActionResult:
        known = self._registry.find(action.entity_id)
        if known is None or not self.state(action.entity_id).is_available:
            return self._result(action, Verdict(ActionStatus.UNAVAILABLE, "the device or the broker is away"))
        turn = await self._pacer.turn(
            known.announced.device.key or action.entity_id, (action.entity_id, action.verb, frozenset(action.values))
        )
        if turn is not Turn.GO:
            return self._result(action, _NOT_SENT[turn])
        try:
            order = order_for(known.announced, action, self._registry.state(action.entity_id))
        except (Unsupported, TemplateFault, ConfigFault) as error:
            return self._result(action, Verdict(ActionStatus.UNSUPPORTED, str(error)))
        timeout_s = self._settings.confirm_timeout_s * PATIENCE.get(known.announced.component, 1.0)
        with self._confirming.awaiting(action.entity_id, order) as awaited:
            try:
                deliveries = [
                    self._link.publish(each.topic, each.payload, retain=each.retain) for each in order.messages
                ]
            except BrokerError as error:
                return self._result(action, Verdict(ActionStatus.UNAVAILABLE, str(error)))
            verdict = await self._confirming.verdict(action.entity_id, awaited, deliveries, timeout_s)
        if verdict.status is ActionStatus.ASSUMED:
            self._note_sent(action)
        return self._result(action, verdict)

    def _note_sent(self, action: Action) -> None:
        """All that will ever be known of what reports nothing."""
        known = self._registry.find(action.entity_id)
        if known is None or known.state.value is not None:
            return
        if word := sent_word(known.announced, action, known.state):
            known.note_sent(word, self._clock.now())

    def _result(self, action: Action, verdict: Verdict) -> ActionResult:
        return ActionResult(action, verdict.status, self.state(action.entity_id), verdict.detail)

    def _take(self, message: Message) -> Iterable[None] | None:
        # each part sees each message, also one that another part takes
        if True in {part.take(message) for part in self.beside}:
            return None
        if self._intake.announces(message.topic):
            return self._announce(message)
        now = self._clock.now()
        touched = self._intake.take_state(message.topic, message.payload, now, is_retained=message.is_retained)
        self._touched(touched, message.is_retained)
        return None

    def _announce(self, message: Message) -> Iterator[None]:
        """A bridge with hundreds of devices tells them all in one message: the loop stays awake between two."""
        for taken in self._intake.take_announcement(message.topic, message.payload):
            self._follow(taken)
            yield

    def _touched(self, entities: Sequence[EntityId], is_retained: bool = False) -> None:
        for entity_id in entities:
            self._confirming.hear(entity_id)
            for part in self.beside:
                part.changed(entity_id, self._registry.state(entity_id), is_retained)

    def _follow(self, taken: Taken) -> None:
        """An announcement changed what is listened to, or what things are called."""
        self._link.unsubscribe(taken.forget - {each for part in self.beside for each in part.filters})
        self._link.subscribe(sorted(taken.listen))
        for topic, payload in taken.asks:
            self.publish(topic, payload)
        self._announced_at_s = self._clock.monotonic()
        if taken.is_renamed:
            self.on_change()

    def _connection(self, is_connected: bool) -> None:
        self.on_connection(is_connected)
        for part in self.beside:
            part.connection(is_connected)
