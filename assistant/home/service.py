"""The home as the rest of the house sees it: names, states and actions over MQTT."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from assistant.core.clock import Clock
from assistant.core.errors import BrokerError
from assistant.core.home import Action, ActionResult, ActionStatus, EntityId, EntityState, HomeView
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home.broker import EmbeddedBroker
from assistant.home.command import Unsupported, Wanted, order_for
from assistant.home.discovery import DiscoveryFault, discovery_filters, read_discovery
from assistant.home.link import Identity, LinkStatus, Message, MqttLink
from assistant.home.registry import Registry
from assistant.home.template import TemplateFault

_LOGGER = logging.getLogger(__name__)
QUIET_S = 0.3
"""Discovery that paused for so long has said what there is."""


@dataclass(slots=True)
class _Awaited:
    """An action whose effect is waited for."""

    wanted: Wanted
    done: asyncio.Event


class HomeService:
    """Implements core.ports.HomePort. `run()` serves until cancelled; without it the home is empty."""

    def __init__(self, mqtt: MqttSettings, home: HomeSettings, clock: Clock, hub_id: str) -> None:
        self.on_change: Callable[[], None] = lambda: None
        """Called when names changed."""
        self.on_connection: Callable[[bool], None] = lambda _: None
        """Called when the broker came or went."""
        self._mqtt = mqtt
        self._settings = home
        self._clock = clock
        self._registry = Registry()
        self._awaited: dict[EntityId, list[_Awaited]] = {}
        self._named = asyncio.Event()
        identity = Identity(f"assistant-{hub_id}", f"voicehub/{hub_id}/status")
        self._link = MqttLink(mqtt, identity, self._take, self._connection)

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
            for topic_filter in discovery_filters(self._mqtt.discovery_prefix):
                self._link.subscribe(topic_filter)
            await self._link.start()
            stack.push_async_callback(self._link.stop)
            await asyncio.Event().wait()

    async def settled(self, timeout_s: float) -> None:
        """Wait until devices have announced themselves and paused, or for `timeout_s` when none does."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._named.wait()
                while self._named.is_set():
                    self._named.clear()
                    await asyncio.sleep(QUIET_S)
        except TimeoutError:
            _LOGGER.info("no device announced itself in time")

    def view(self) -> HomeView:
        """Names of everything, now."""
        return self._registry.view()

    def state(self, entity_id: EntityId) -> EntityState:
        """Last known state; unknown while it never told one, unavailable while the broker is away."""
        return self._registry.state(entity_id)

    async def act(self, actions: Sequence[Action]) -> Sequence[ActionResult]:
        """Send all at once, then wait for the devices to confirm."""
        return await asyncio.gather(*(self._act(action) for action in actions))

    async def _act(self, action: Action) -> ActionResult:
        known = self._registry.find(action.entity_id)
        if known is None or not known.state.is_available or not self._link.status.is_connected:
            return self._result(action, ActionStatus.UNAVAILABLE, "the device or the broker is away")
        try:
            order = order_for(known.announced, action, known.state)
        except (Unsupported, TemplateFault, ValueError) as error:
            return self._result(action, ActionStatus.UNSUPPORTED, str(error))
        awaited = self._await_effect(action.entity_id, order.wanted)
        try:
            for message in order.messages:
                self._link.publish(message.topic, message.payload, retain=message.retain)
            return await self._effect(action, awaited)
        except BrokerError as error:
            return self._result(action, ActionStatus.UNAVAILABLE, str(error))
        finally:
            if awaited is not None:
                self._awaited[action.entity_id].remove(awaited)

    def _await_effect(self, entity_id: EntityId, wanted: Wanted | None) -> _Awaited | None:
        if wanted is None:
            return None
        awaited = _Awaited(wanted, asyncio.Event())
        self._awaited.setdefault(entity_id, []).append(awaited)
        return awaited

    async def _effect(self, action: Action, awaited: _Awaited | None) -> ActionResult:
        if awaited is None:
            return self._result(action, ActionStatus.ASSUMED, "the device reports no state")
        try:
            async with asyncio.timeout(self._settings.confirm_timeout_s):
                await awaited.done.wait()
        except TimeoutError:
            # a device that already was as wanted may not report again
            if awaited.wanted(self.state(action.entity_id)):
                return self._result(action, ActionStatus.CONFIRMED, "it was so before")
            return self._result(action, ActionStatus.FAILED, "the device did not report the wanted state in time")
        return self._result(action, ActionStatus.CONFIRMED, "")

    def _result(self, action: Action, status: ActionStatus, detail: str) -> ActionResult:
        return ActionResult(action, status, self.state(action.entity_id), detail)

    def _take(self, message: Message) -> None:
        prefix = self._mqtt.discovery_prefix + "/"
        if message.topic.startswith(prefix) and message.topic.endswith("/config"):
            self._take_discovery(message)
            return
        for entity_id in self._registry.take_state(message.topic, message.payload, self._clock.now()):
            state = self._registry.state(entity_id)
            for awaited in self._awaited.get(entity_id, ()):
                if awaited.wanted(state):
                    awaited.done.set()

    def _take_discovery(self, message: Message) -> None:
        try:
            discovery = read_discovery(self._mqtt.discovery_prefix, message.topic, message.payload)
        except DiscoveryFault as fault:
            self._registry.report(message.topic, "a discovery message can't be used", str(fault))
            return
        for topic in sorted(self._registry.take_discovery(discovery)):
            self._link.subscribe(topic)
        self._named.set()
        self.on_change()

    def _connection(self, is_connected: bool) -> None:
        self.on_connection(is_connected)
