"""Faults of the disk, told with path and fix."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from assistant.models.disk import disk_error


@pytest.mark.parametrize(
    ("number", "what", "fix"),
    [
        (errno.ENOSPC, "disk is full", "free some space"),
        (errno.EDQUOT, "disk is full", "free some space"),
        (errno.EACCES, "no permission", "write permission to /models"),
        (errno.EROFS, "no permission", "write permission to /models"),
        (errno.EIO, "can't write", "check"),
    ],
)
def test_each_fault_names_the_path_and_its_own_fix(number: int, what: str, fix: str) -> None:
    error = disk_error(Path("/models/x"), OSError(number, "as the system says"))
    assert what in error.what
    assert "/models/x" in error.what
    assert fix in error.fix
    assert error.why == "as the system says"
