"""One compiled understanding for all tests of this room: compiling takes longer than any test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.understanding import Understanding
from tests.understanding.parts import understanding


@pytest.fixture(scope="session")
def part() -> Iterator[Understanding]:
    made = understanding()
    yield made
    made.close()
