"""A program that forks a schedule again and again, and kills each one with signal 9 at a random moment.

`python -m tests.schedule.killed FOLDER ROUNDS SEED`: what the children acknowledge and tell goes to FOLDER/journal.
The last child is left to finish."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from assistant.core.clock import SystemClock
from assistant.core.schedule import DueItem, ItemKind, NewItem
from assistant.core.settings import ScheduleSettings
from assistant.schedule import Schedule
from tests.schedule.parts import FILE

LAST_S = 1.5


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            asyncio.run(_add_for(folder, chance.random(), 60))
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        chance.random()
    asyncio.run(_add_for(folder, 0, 0))


async def _add_for(folder: Path, seed: float, seconds: float) -> None:
    """Add short and long timers as fast as the disk allows, then wait for what is due."""
    journal = os.open(folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    chance = random.Random(seed)

    async def tell(due: DueItem) -> None:
        os.write(journal, f"{due.reason} {due.item.id}\n".encode())
        await asyncio.sleep(0.005)

    async with Schedule(folder / FILE, SystemClock(), ScheduleSettings(), tell) as schedule:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            is_short = chance.random() < 0.8
            length = timedelta(seconds=chance.uniform(0.001, 0.06) if is_short else 3600)
            item = await schedule.add(NewItem(ItemKind.TIMER, "short" if is_short else "long", length))
            os.write(journal, f"kept-{item.label} {item.id}\n".encode())
        await asyncio.sleep(LAST_S)


if __name__ == "__main__":
    main()
