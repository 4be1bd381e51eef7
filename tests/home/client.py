"""A second client on the broker: what devices would say and hear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from assistant.core.settings import MqttSettings
from assistant.home.link import Identity, Message, MqttLink, Use

PATIENCE_S = 10.0


class Client:
    """A link with an ear for everything that arrives."""

    def __init__(self, settings: MqttSettings, identity: Identity) -> None:
        self.heard: list[Message] = []
        self.connections: list[bool] = []
        self.answer: Callable[[Message], None] = lambda _: None
        """What it does about a message, beside noting it."""
        self._changed = asyncio.Event()
        self.link = MqttLink(settings, identity, self._take, self._connection)

    def _take(self, message: Message) -> None:
        self.heard.append(message)
        self.answer(message)
        self._changed.set()

    def _connection(self, is_connected: bool) -> None:
        self.connections.append(is_connected)
        self._changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it is so; looked at after each message and connection."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def connected(self) -> None:
        """Wait for the connection."""
        await self.until(lambda: self.link.status.is_connected)

    async def eventually(self, holds: Callable[[], bool]) -> None:
        """Wait until it is so; for what neither a message nor a connection tells."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110  there is nothing to wait for
                await asyncio.sleep(0.01)

    async def until_error(self, part: str) -> None:
        """Wait until the link says this about why it has no connection."""
        await self.eventually(lambda: part in self.link.status.last_error)

    def payloads(self, topic: str) -> list[str]:
        """What was heard on a topic."""
        return [message.payload.decode() for message in self.heard if message.topic == topic]


@asynccontextmanager
async def client(
    settings: MqttSettings, name: str = "device", *filters: str, use: Use = Use.STATE, client_id: str = ""
) -> AsyncIterator[Client]:
    """Connecting in the background; `filters` are subscribed."""
    made = Client(settings, Identity(client_id or f"test-{name}", f"test/{name}/status"))
    made.link.subscribe(filters, use)
    task = asyncio.create_task(made.link.run(), name=name)
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
