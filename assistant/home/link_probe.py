"""Tries the broker once, as the assistant would, and says what is wrong; for the doctor."""

from __future__ import annotations

import asyncio
import secrets

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings
from assistant.home.link import Identity, MqttLink

PROBE_S = 6.0


async def probe_broker(settings: MqttSettings) -> None:
    """Log in under a name of its own, so that nobody is thrown out. Raises BrokerError with what failed."""
    came = asyncio.Event()
    link = MqttLink(settings, Identity(f"probe-{secrets.token_hex(4)}"), _ignore, lambda _: came.set())
    running = asyncio.create_task(link.run(), name="probe of the broker")
    waiting = asyncio.create_task(came.wait(), name="probe: connected")
    try:
        async with asyncio.timeout(PROBE_S):
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
    except TimeoutError as error:
        error_told, _, fix = (link.status.last_error or f"no answer in {PROBE_S:.0f} s").partition("; ")
        raise BrokerError(
            error_told, fix=f"{fix or 'start the broker'}; look at [mqtt] in the configuration"
        ) from error
    finally:
        running.cancel()
        waiting.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)


def _ignore(_: object) -> None:
    """A probe listens to nothing."""
