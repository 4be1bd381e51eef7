"""Keeps a part running: restarts it with growing pauses, counts, and says what happened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from assistant.core.clock import Clock
from assistant.core.errors import AssistantError

_LOGGER = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A part that ran for so long starts again with the first pause."""


@dataclass(slots=True)
class PartHealth:
    """How one supervised part is doing."""

    name: str
    is_up: bool = False
    restarts: int = 0
    last_error: str = ""


@dataclass(slots=True)
class Health:
    """All supervised parts."""

    parts: dict[str, PartHealth] = field(default_factory=dict)

    def part(self, name: str) -> PartHealth:
        """The part's record, made at first use."""
        return self.parts.setdefault(name, PartHealth(name))


async def supervise(
    name: str,
    run: Callable[[], Awaitable[None]],
    clock: Clock,
    health: PartHealth,
    on_failure: Callable[[Exception], None] | None = None,
) -> None:
    """Run `run` until it returns; start it again whenever it raises. Cancellation passes through."""
    pause_s = FIRST_PAUSE_S
    while True:
        began = clock.monotonic()
        try:
            health.is_up = True
            await run()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  one supervised task: the border named in STYLE.md
            _note_failure(name, error, health)
            if on_failure:
                on_failure(error)
        else:
            return
        finally:
            health.is_up = False
        pause_s = FIRST_PAUSE_S if clock.monotonic() - began > STEADY_S else pause_s
        await clock.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        health.restarts += 1


def _note_failure(name: str, error: Exception, health: PartHealth) -> None:
    is_repeat = health.last_error == str(error)
    health.last_error = str(error)
    if isinstance(error, AssistantError):
        _LOGGER.log(
            logging.DEBUG if is_repeat else logging.WARNING,
            "a part failed",
            extra={"failed_part": name, "error": str(error)},
        )
    else:
        _LOGGER.error("a part failed unexpectedly", extra={"failed_part": name, "error": str(error)}, exc_info=error)
