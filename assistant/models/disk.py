"""Faults of the disk as errors that name the path and the fix, and the lock that keeps two pulls apart."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import ModelError

_SPARE_BYTES = 8_000_000
"""Left free on the disk, so that logs and the database can still be written."""


def disk_error(path: Path, error: OSError) -> ModelError:
    """An OSError on `path`, told with its fix."""
    why = error.strerror or str(error)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            fix = f"free some space there, or keep models elsewhere with ASSISTANT_MODELS_DIR; then pull again ({path})"
            return ModelError(f"the disk is full: can't write {path}", why=why, fix=fix, may_retry=True)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            fix = f"give this user write permission to {path.parent}, or set ASSISTANT_MODELS_DIR to another folder"
            return ModelError(f"no permission to write {path}", why=why, fix=fix)
        case _:
            return ModelError(f"can't write {path}", why=why, fix="check that folder and the disk")


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Tell every OSError in this block as a fault of `path`."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from error


def make_folder(folder: Path) -> None:
    """Make a folder and its parents. Raises ModelError."""
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)


def require_space(folder: Path, needed_bytes: int) -> None:
    """Raise ModelError unless the folder's disk has room for `needed_bytes`."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + _SPARE_BYTES:
        short_mb = round((needed_bytes + _SPARE_BYTES - free) / 1e6) + 1
        raise ModelError(
            f"not enough disk space in {folder}",
            why=f"{needed_bytes / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free",
            fix=f"free {short_mb} MB there, or set ASSISTANT_MODELS_DIR to a folder on a larger disk",
            may_retry=True,
        )


@contextmanager
def exclusive(lock_file: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock; `on_wait` is called once when another process has it. The lock dies with its process."""
    with disk_faults(lock_file):
        descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
