"""Many commands in a row: through a real sound server, to devices on a real broker, without growing."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from assistant.core.settings import EndpointSettings, Settings, VoiceSettings
from assistant.core.turn import Stage, Turn
from assistant.daemon.demo import GOOD
from tests.e2e.house import WAKE, House, in_house
from tests.support.pulse import Pulse

pytestmark = [pytest.mark.audio, pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(900)]

COMMANDS = int(os.environ.get("ASSISTANT_TEST_COMMANDS", "36"))
"""Each takes three seconds, as people speak. The whole exercise is 200 of them: ten minutes."""
WARM_UP = min(40, COMMANDS // 2)
"""Until then caches fill and every part has been used."""
MAY_FAIL = 0.05
GROWTH_MB, GROWTH_THREADS, GROWTH_FILES = 15, 1, 2


@dataclass(frozen=True)
class Line:
    """What is said, and what a device must report then."""

    said: str
    device: str = ""
    reports: Mapping[str, object] = field(default_factory=dict)


LINES = (
    Line("turn on the kitchen light", "kitchen_light", {"state": "ON"}),
    Line("turn off the kitchen light", "kitchen_light", {"state": "OFF"}),
    Line("turn on the coffee machine", "coffee_machine", {"state": "ON"}),
    Line("turn off the coffee machine", "coffee_machine", {"state": "OFF"}),
    Line("what time is it"),
    Line("open the bedroom curtain", "bedroom_curtain", {"state": "opening"}),
    Line("close the bedroom curtain", "bedroom_curtain", {"state": "closing"}),
    Line("turn on the desk lamp", "desk_lamp", {"state": "ON"}),
    Line("turn off the desk lamp", "desk_lamp", {"state": "OFF"}),
    Line("is the front door locked"),
)


@dataclass(frozen=True)
class Size:
    """What the process holds."""

    rss_mb: float
    threads: int
    files: int

    @classmethod
    def now(cls) -> Size:
        gc.collect()
        process = psutil.Process()
        return cls(process.memory_info().rss / 1_000_000, process.num_threads(), process.num_fds())


def fault_of(line: Line, turn: Turn | None) -> str:
    """Why a turn did not go the whole road; empty when it did."""
    if turn is None:
        return f"{line.said}: not heard"
    done = [outcome.status for outcome in turn.outcomes]
    if not done or not set(done) <= GOOD:
        return f"{line.said}: heard as {turn.transcript.text!r}, {done or 'nothing done'}"
    return ""


async def say_all(house: House, faults: list[str], turns: list[Turn]) -> Size:
    """Say every command; returns what the process held after the first ones."""
    warm = Size.now()
    for number in range(COMMANDS):
        line = LINES[number % len(LINES)]
        turn = await house.say(f"{WAKE}, {line.said}", until_spoken=False)
        fault = fault_of(line, turn)
        if not fault and line.device and not await house.witness.sees(line.device, **line.reports):
            fault = f"{line.said}: the device reports {house.witness.state(line.device)}"
        faults += [fault] if fault else []
        turns += [turn] if turn else []
        if number + 1 == WARM_UP:
            warm = Size.now()
    return warm


async def test_commands_in_a_row_reach_the_devices_and_cost_nothing_that_stays(pulse: Pulse, models_dir: Path) -> None:
    settings = Settings(endpoint=EndpointSettings(tail_s=0.35), voice=VoiceSettings(words_per_minute=400))

    async def work(house: House) -> None:
        faults: list[str] = []
        turns: list[Turn] = []
        warm = await say_all(house, faults, turns)
        await house.until_quiet()
        end = Size.now()
        print(f"{len(faults)} faults; {warm} → {end}", *faults, sep="\n")
        assert len(faults) <= COMMANDS * MAY_FAIL, "\n".join(faults)
        answered = [turn for turn in turns if Stage.FIRST_SOUND in turn.stages]
        assert len(answered) >= COMMANDS * (1 - MAY_FAIL)
        assert end.rss_mb - warm.rss_mb < GROWTH_MB
        assert end.threads - warm.threads <= GROWTH_THREADS
        assert end.files - warm.files <= GROWTH_FILES
        counts = house.body.counts()
        assert counts["utterances_dropped"] == counts["turns_dropped"] == counts["frames_dropped"] == 0

    await in_house(pulse, models_dir, settings, work)
