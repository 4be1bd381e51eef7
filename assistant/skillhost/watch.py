"""Watches users' folders and takes over a skill as soon as its file is saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

from assistant.skillhost.host import SkillHost

DEBOUNCE_MS = 300
"""Changes that come this close together are one."""
_STEP_MS = 50
_SUFFIXES = frozenset({".py", ".toml"})

_LOGGER = logging.getLogger(__name__)


class SkillWatch:
    """Reloads skills of `host` when their files change; `on_change` is awaited when the served skills changed."""

    def __init__(self, host: SkillHost, on_change: Callable[[], Awaitable[None]]) -> None:
        self._host = host
        self._on_change = on_change

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Watch until cancelled or stopped. Folders that don't exist are not watched."""
        folders = [folder for folder in self._host.folders if folder.is_dir()]
        if not folders:
            _LOGGER.info("no folder of skills to watch")
            return
        async for changes in awatch(
            *folders, watch_filter=is_source, debounce=DEBOUNCE_MS, step=_STEP_MS, stop_event=stop
        ):
            await self.reload({Path(path) for _, path in changes})

    async def reload(self, changed: set[Path]) -> None:
        """Take over the skills that these files belong to."""
        roots = {root for path in changed if (root := self._root(path)) is not None}
        has_changed = False
        for root in sorted(roots):
            has_changed = await self._host.reload(root) or has_changed
        if has_changed:
            await self._on_change()

    def _root(self, path: Path) -> Path | None:
        """The skill's own file or folder: what lies directly in a watched folder."""
        for folder in self._host.folders:
            for real in (folder, folder.resolve()):
                if path.is_relative_to(real) and path != real:
                    return folder / path.relative_to(real).parts[0]
        return None


def is_source(_change: Change, path: str) -> bool:
    """True for what a skill is written in; editors' and Python's own files don't count."""
    parts = Path(path)
    return parts.suffix in _SUFFIXES and "__pycache__" not in parts.parts and not parts.name.startswith(".")
