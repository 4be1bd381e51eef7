"""What tests of the home share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.home.brokers import Embedded, Mosquitto, TestBroker, running


@pytest.fixture(params=["mosquitto", "embedded"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TestBroker]:
    made: TestBroker = Mosquitto(tmp_path) if request.param == "mosquitto" else Embedded()
    async with running(made):
        yield made
