"""What has come and waits for the loop, and what has gone and waits for the broker's word."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic

from assistant.home.connection_message import Delivery, Message, OnMessage

MAX_WAITING, MAX_WAITING_BYTES = 70_000, 64_000_000
"""Messages that may wait for the loop; more are dropped, and counted."""
BATCH = 100
"""Messages taken in one turn of the loop."""
TURN_S = 0.01
"""A turn lasts so long, or as long as its last message, or the last part of one, takes."""
ACKNOWLEDGE_S = 5.0
"""A broker that acknowledges nothing for so long is lost, and what it has not acknowledged with it."""


class Inbox:
    """Filled by paho's thread, emptied by the loop; each counter is written by one of them alone."""

    def __init__(self) -> None:
        self.dropped = 0
        self._waiting: deque[Message] = deque()
        self._rest: Iterator[None] | None = None
        """What the last message that was handed on still takes."""
        self._bytes_in = self._bytes_out = 0

    def __len__(self) -> int:
        return len(self._waiting) + (self._rest is not None)

    def put(self, message: Message) -> None:
        """From the thread."""
        # a topic may be an alias in MQTT 5; we allow the broker none
        is_full = len(self._waiting) >= MAX_WAITING or self._bytes_in - self._bytes_out > MAX_WAITING_BYTES
        if is_full or not message.topic:
            self.dropped += 1
            return
        self._bytes_in += len(message.payload)
        self._waiting.append(message)

    def take(self, each: OnMessage) -> None:
        """From the loop: hand on what fits into one turn. What one message still takes comes before the next one."""
        until_s = monotonic() + TURN_S
        for _ in range(BATCH):
            if self._rest is None and not self._hand_on(each):
                return
            for _part in self._rest or ():
                if monotonic() >= until_s:
                    return
            self._rest = None
            if monotonic() >= until_s:
                return

    def _hand_on(self, each: OnMessage) -> bool:
        """The next message; False when none waits."""
        if not self._waiting:
            return False
        message = self._waiting.popleft()
        self._bytes_out += len(message.payload)
        rest = each(message)
        self._rest = None if rest is None else iter(rest)
        return True


class Outbox:
    """What was sent and is not acknowledged yet; lives on the loop."""

    def __init__(self, on_silence: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_silence = on_silence
        self._sent: dict[int, asyncio.Future[Delivery]] = {}
        self._heard_at_s = 0.0
        self._check: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._sent)

    def note(self, mid: int) -> asyncio.Future[Delivery]:
        """A message was sent; what will become of it."""
        delivery: asyncio.Future[Delivery] = self._loop.create_future()
        if not self._sent:
            self._heard_at_s = self._loop.time()
        self._sent[mid] = delivery
        if self._check is None:
            self._watch()
        return delivery

    def settle(self, mid: int, delivery: Delivery) -> None:
        """The broker has said what became of it."""
        self._heard_at_s = self._loop.time()
        waiting = self._sent.pop(mid, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(delivery)

    def lose(self) -> None:
        """The connection is gone: what became of the rest nobody knows."""
        if self._check is not None:
            self._check.cancel()
        for mid in list(self._sent):
            self.settle(mid, Delivery.LOST)

    def _watch(self) -> None:
        self._check = self._loop.call_at(self._heard_at_s + ACKNOWLEDGE_S, self._look)

    def _look(self) -> None:
        self._check = None
        if not self._sent:
            return
        if self._loop.time() - self._heard_at_s >= ACKNOWLEDGE_S:
            self._on_silence()
        else:
            self._watch()
