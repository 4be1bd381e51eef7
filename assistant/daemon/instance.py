"""One instance per data folder: a lock that the kernel gives back when the process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.core.errors import AlreadyRunning, StoreError
from assistant.daemon.paths import Paths


@contextmanager
def only_instance(paths: Paths) -> Iterator[None]:
    """Hold the data folder's lock. Raises AlreadyRunning naming the holder's process id."""
    try:
        handle = paths.lock_file.open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"can't open {paths.lock_file}", why=error.strerror or str(error), fix="check the folder's permissions"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise AlreadyRunning(
                f"another assistant is running on {paths.data_dir}",
                why=f"process {handle.read().strip() or 'unknown'} holds its lock",
                fix="use it (`assistant ask …` does), stop it, or set ASSISTANT_DATA_DIR to another folder",
            ) from error
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield
