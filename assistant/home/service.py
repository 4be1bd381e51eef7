"""The home as the rest of the house sees it: names, states and actions over MQTT."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace

from assistant.core.clock import Clock
from assistant.core.errors import BrokerError
from assistant.core.home import Action, ActionResult, ActionStatus, EntityId, EntityState, HomeView
from assistant.core.settings import HomeSettings, MqttSettings
from assistant.home.broker import EmbeddedBroker
from assistant.home.command import Unsupported, Wanted, order_for
from assistant.home.config import ConfigFault
from assistant.home.discovery import DiscoveryFault, discovery_filters, read_discovery
from assistant.home.link import Identity, LinkStatus, Message, MqttLink
from assistant.home.registry import Registry
from assistant.home.template import TemplateFault

_LOGGER = logging.getLogger(__name__)
QUIET_S = 0.3
"""Discovery that paused for so long has said what there is."""
AS_BEFORE_S = 0.3
"""A device that is as wanted already gets so long to say otherwise."""


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
        self._announced_at_s = clock.monotonic()
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
            self._link.subscribe(discovery_filters(self._mqtt.discovery_prefix))
            await self._link.run()

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
        return self._registry.view()

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
            return self._result(action, ActionStatus.UNAVAILABLE, "the device or the broker is away")
        try:
            order = order_for(known.announced, action, known.state)
        except (Unsupported, TemplateFault, ConfigFault) as error:
            return self._result(action, ActionStatus.UNSUPPORTED, str(error))
        was_so = order.wanted is not None and order.wanted(known.state)
        with self._awaiting(action.entity_id, order.wanted) as confirmed:
            try:
                for message in order.messages:
                    self._link.publish(message.topic, message.payload, retain=message.retain)
            except BrokerError as error:
                return self._result(action, ActionStatus.UNAVAILABLE, str(error))
            if order.wanted is None:
                return self._result(action, ActionStatus.ASSUMED, "the device reports no state")
            return await self._effect(action, order.wanted, confirmed, was_so=was_so)

    @contextmanager
    def _awaiting(self, entity_id: EntityId, wanted: Wanted | None) -> Iterator[asyncio.Event]:
        """The event is set as soon as the device reports the wanted state."""
        awaited = _Awaited(wanted or (lambda _: False), asyncio.Event())
        waiting = self._awaited.setdefault(entity_id, [])
        waiting.append(awaited)
        try:
            yield awaited.done
        finally:
            waiting.remove(awaited)
            if not waiting:
                self._awaited.pop(entity_id, None)

    async def _effect(self, action: Action, wanted: Wanted, confirmed: asyncio.Event, *, was_so: bool) -> ActionResult:
        timeout_s = self._settings.confirm_timeout_s
        if was_so:
            # a device that already was as wanted may not report again
            if await _is_set(confirmed, min(AS_BEFORE_S, timeout_s)):
                return self._result(action, ActionStatus.CONFIRMED, "")
            if wanted(self.state(action.entity_id)):
                return self._result(action, ActionStatus.CONFIRMED, "it was so before")
            timeout_s = max(0.0, timeout_s - AS_BEFORE_S)
        if await _is_set(confirmed, timeout_s):
            return self._result(action, ActionStatus.CONFIRMED, "")
        return self._result(action, ActionStatus.FAILED, "the device did not report the wanted state in time")

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
        change = self._registry.take_discovery(discovery)
        self._link.unsubscribe(change.forget)
        self._link.subscribe(sorted(change.listen))
        self._announced_at_s = self._clock.monotonic()
        if change.is_renamed:
            self.on_change()

    def _connection(self, is_connected: bool) -> None:
        self.on_connection(is_connected)


async def _is_set(event: asyncio.Event, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True
