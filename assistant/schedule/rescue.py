"""Backups of the database, and what happens when it is found damaged."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.core.errors import StoreError
from assistant.schedule.database import DamagedFile, Database, to_disk

KEPT = 3
"""Backups; an older one goes when a new one is there."""
EVERY = timedelta(days=1)
_STAMP = "%Y%m%dT%H%M%SZ"
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rescue:
    """What became of a damaged file. `backup` is None when there was no sound one and a new file was begun."""

    set_aside: Path
    backup: Path | None


def open_or_rescue(database: Database, now: datetime) -> Rescue | None:
    """Open; a damaged file is set aside and the newest sound backup takes its place. Raises StoreError."""
    try:
        database.open()
        return None
    except DamagedFile as error:
        _LOGGER.error("the database is damaged", extra={"error": str(error)})
    rescue = _rescue(database.path, now)
    database.open()
    _LOGGER.warning("a damaged database was replaced", extra={"set_aside": rescue.set_aside, "backup": rescue.backup})
    return rescue


def back_up(database: Database, now: datetime) -> Path | None:
    """Write today's backup unless the newest is younger than a day. Raises StoreError."""
    stems = [path.name.split(".")[-2] for path in backups(database.path)]
    newest = max((_instant(stem) for stem in stems), default=None)
    if newest is not None and timedelta() <= now - newest < EVERY:
        return None
    target = _folder(database.path) / f"{database.path.stem}.{now.astimezone(UTC):{_STAMP}}.sqlite"
    database.copy_to(target)
    for old in backups(database.path)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def backups(path: Path) -> list[Path]:
    """Backups of a database, newest first."""
    found = [each for each in _folder(path).glob(f"{path.stem}.*.sqlite") if _is_stamp(each.name.split(".")[-2])]
    return sorted(found, reverse=True)


def _rescue(path: Path, now: datetime) -> Rescue:
    aside = path.with_name(f"{path.name}.damaged-{now.astimezone(UTC):{_STAMP}}")
    try:
        for suffix in ("-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.replace(aside.with_name(aside.name + suffix))
        path.replace(aside)
        backup = next((each for each in backups(path) if _is_sound(each)), None)
        if backup is not None:
            part = path.with_name(path.name + ".part")
            shutil.copyfile(backup, part)
            part.chmod(0o600)
            to_disk(part)
            part.replace(path)
        to_disk(path.parent)
    except OSError as error:
        raise StoreError(
            f"{path} is damaged and could not be set aside", why=str(error), fix=f"move {path} away"
        ) from error
    return Rescue(aside, backup)


def _is_sound(path: Path) -> bool:
    """Opening a backup changes it at most by the write-ahead log's header."""
    copy = Database(path)
    try:
        copy.open()
    except StoreError as error:
        _LOGGER.warning("a backup can't be used", extra={"path": path, "error": str(error)})
        return False
    copy.close()
    return True


def _folder(path: Path) -> Path:
    return path.parent / "backups"


def _is_stamp(text: str) -> bool:
    try:
        _instant(text)
    except ValueError:
        return False
    return True


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
