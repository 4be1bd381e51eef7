"""What was done to the home, kept on disk: lines of JSON in two files of bounded size, the older one goes first."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from assistant.core.actions import ActionLog, LoggedAction, Who
from assistant.core.errors import StoreError
from assistant.core.home import EntityId

_LOGGER = logging.getLogger(__name__)
MAX_BYTES = 1_000_000
"""Of each of the two files; some thousand actions."""
MAX_WAITING = 2_000
"""Actions that wait for the disk; more are dropped, and counted."""
MAX_LINE_CHARACTERS = 4_000
_DETAIL_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions are asked for; empty fields are no condition."""

    entities: frozenset[str] = frozenset()
    """Ids, or names in any case."""
    since: datetime | None = None
    limit: int = 100

    def fits(self, action: LoggedAction) -> bool:
        """True for those."""
        if self.since is not None and action.at < self.since:
            return False
        return not self.entities or bool(self.entities & {action.entity_id.casefold(), action.name.casefold()})


class ActionLogFile(ActionLog):
    """Keeps actions; `run` writes them down until it is cancelled, and what is left then."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._waiting: deque[LoggedAction] = deque()
        self._writing = Lock()
        self._has_news = asyncio.Event()
        self.dropped = 0
        """Actions that were never written down."""

    def note(self, action: LoggedAction) -> None:
        """Keep it; it is on disk a moment later."""
        if len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            return
        self._waiting.append(action)
        self._has_news.set()

    async def run(self) -> None:
        """Write down what is noted. Raises StoreError when the disk refuses; what waits then is not lost."""
        try:
            while True:
                await self._has_news.wait()
                self._has_news.clear()
                await asyncio.to_thread(self.flush)
        finally:
            self._flush_rest()

    def flush(self) -> None:
        """Write down what waits. Raises StoreError, and then all of it still waits."""
        with self._writing:
            taken = tuple(self._waiting)
            if taken:
                self._write(taken)
            for _ in taken:
                self._waiting.popleft()

    def read(self, wanted: Wanted) -> Sequence[LoggedAction]:
        """The newest that fit, oldest first, with what waits. Raises StoreError."""
        self.flush()
        return read_actions(self._path, wanted)

    def _flush_rest(self) -> None:
        try:
            self.flush()
        except StoreError as error:
            # nobody waits for this part any more; its end must not become a failure that is tried again
            _LOGGER.error("actions could not be written down", extra={"count": len(self._waiting), "error": str(error)})

    def _write(self, actions: Sequence[LoggedAction]) -> None:
        try:
            self._make_room()
            _append(self._path, "".join(map(_line, actions)))
        except OSError as error:
            why = error.strerror or str(error)
            fix = f"free some space, and let the assistant's user write to {self._path.parent}"
            raise StoreError(f"{self._path} can't be written", why=why, fix=fix, may_retry=True) from error

    def _make_room(self) -> None:
        if self._path.exists() and self._path.stat().st_size >= self._max_bytes:
            self._path.replace(_older(self._path))


def read_actions(path: Path, wanted: Wanted) -> Sequence[LoggedAction]:
    """The newest that fit, oldest first. Damaged lines are left out. Raises StoreError."""
    found: deque[LoggedAction] = deque(maxlen=wanted.limit)
    found.extend(action for file in (_older(path), path) for action in _actions(file) if wanted.fits(action))
    return tuple(found)


def _older(path: Path) -> Path:
    return path.with_name(f"{path.stem}.1{path.suffix}")


def _append(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        size = file.seek(0, os.SEEK_END)
        # a line that a power cut tore must not spoil the next
        is_torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        file.write(b"\n" * is_torn + text.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())


def _line(action: LoggedAction) -> str:
    row = {**asdict(action), "at": action.at.isoformat(timespec="milliseconds")}
    row["detail"] = action.detail[:_DETAIL_CHARACTERS]
    text = json.dumps(row, ensure_ascii=False, default=str)
    if len(text) > MAX_LINE_CHARACTERS:
        text = json.dumps({**row, "values": {}, "state": None, "detail": ""}, ensure_ascii=False, default=str)
    return f"{text}\n"


def _actions(file: Path) -> Iterator[LoggedAction]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{file} can't be read", why=error.strerror or str(error)) from error
    for line in text.split("\n"):
        if (action := _action(line)) is not None:
            yield action


def _action(line: str) -> LoggedAction | None:
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        row = json.loads(line)
        row["at"] = datetime.fromisoformat(row["at"])
        row["who"] = Who(**row["who"])
        row["entity_id"] = EntityId(row["entity_id"])
        return LoggedAction(**row)
    return None
