"""Daemons for tests; each is ended and its folder removed, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, installed

Install = Callable[..., Daemon]


@pytest.fixture
def install(models_dir: Path) -> Iterator[Install]:
    """Gives daemons that were not started yet; arguments are settings, `sound` the environment of a sound server."""
    with ExitStack() as stack:

        def make(sound: dict[str, str] | None = None, **environ: str) -> Daemon:
            return stack.enter_context(installed(models_dir, sound, **environ))

        yield make
