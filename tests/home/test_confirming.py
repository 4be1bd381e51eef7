"""What became of a command: as the device tells it, and where it tells nothing, as the broker does."""

from __future__ import annotations

import asyncio

import pytest

from assistant.core.home import ActionStatus, EntityId, EntityState
from assistant.home.confirming import Confirming, Verdict
from assistant.home.connection_message import Delivery
from assistant.home.order import Order, is_in

LAMP = EntityId("light.lamp")
ON = Order((), is_in("on"))
BLIND = Order((), None)


class Lamp:
    """A device whose state a test sets."""

    def __init__(self, value: str | None = "off") -> None:
        self.value = value
        self.confirming = Confirming(lambda _: EntityState(self.value))

    def tells(self, value: str) -> None:
        self.value = value
        self.confirming.hear(LAMP)

    async def verdict(self, order: Order, *told: Delivery, then: str = "", timeout_s: float = 0.02) -> Verdict:
        """Of a command, where the broker says this of its messages, and the device then that."""
        loop = asyncio.get_running_loop()
        deliveries: list[asyncio.Future[Delivery]] = [loop.create_future() for _ in range(max(1, len(told)))]
        with self.confirming.awaiting(LAMP, order) as awaited:
            for delivery, word in zip(deliveries, told, strict=False):
                loop.call_soon(delivery.set_result, word)
            if then:
                loop.call_soon(self.tells, then)
            return await self.confirming.verdict(LAMP, awaited, deliveries, timeout_s)


async def test_the_state_confirms_and_silence_does_not() -> None:
    assert (await Lamp().verdict(ON, Delivery.TAKEN, then="on")).status is ActionStatus.CONFIRMED
    assert (await Lamp().verdict(ON, Delivery.TAKEN)).status is ActionStatus.FAILED
    assert (await Lamp().verdict(ON, Delivery.TAKEN, then="off")).status is ActionStatus.FAILED


@pytest.mark.parametrize("word", [Delivery.LOST, Delivery.REFUSED])
async def test_what_the_broker_did_not_take_fails_at_once(word: Delivery) -> None:
    async with asyncio.timeout(1):
        verdict = await Lamp().verdict(ON, word, timeout_s=60)
    assert verdict.status is ActionStatus.FAILED
    assert verdict.detail


async def test_a_state_that_came_first_is_not_taken_back_by_the_broker() -> None:
    lamp = Lamp()
    lamp_order = Order((), is_in("on"))
    with lamp.confirming.awaiting(LAMP, lamp_order) as awaited:
        lamp.tells("on")
        lost: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        lost.set_result(Delivery.LOST)
        assert (await lamp.confirming.verdict(LAMP, awaited, [lost], 1)).status is ActionStatus.CONFIRMED


async def test_a_device_that_reports_a_failure_is_not_waited_for() -> None:
    jammed = Order((), is_in("locked"), is_in("jammed"))
    async with asyncio.timeout(1):
        verdict = await Lamp("unlocked").verdict(jammed, Delivery.TAKEN, then="jammed", timeout_s=60)
    assert verdict == Verdict(ActionStatus.FAILED, "the device reported that it failed")


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ((Delivery.TAKEN,), ActionStatus.ASSUMED),
        ((Delivery.NOBODY,), ActionStatus.UNAVAILABLE),
        ((Delivery.NOBODY, Delivery.TAKEN), ActionStatus.ASSUMED),
        ((Delivery.TAKEN, Delivery.LOST), ActionStatus.FAILED),
        ((Delivery.REFUSED,), ActionStatus.FAILED),
    ],
)
async def test_where_no_state_can_confirm_the_broker_is_asked(told: tuple[Delivery, ...], status: ActionStatus) -> None:
    assert (await Lamp().verdict(BLIND, *told)).status is status


async def test_what_was_so_before_is_confirmed_unless_the_device_says_otherwise() -> None:
    assert (await Lamp("on").verdict(ON, Delivery.TAKEN)).detail == "it was so before"
    assert (await Lamp("on").verdict(ON, Delivery.TAKEN, then="off")).status is ActionStatus.FAILED
