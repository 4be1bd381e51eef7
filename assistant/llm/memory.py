"""How much memory the machine, or the limit on this service, has left."""

from __future__ import annotations

import ctypes
from pathlib import Path

import psutil

_PRESSURE = Path("/proc/pressure/memory")
_GROUPS = Path("/sys/fs/cgroup")
_HIGH_PRESSURE = 10.0
"""Percent of the last ten seconds in which nothing went on for want of memory: the machine is thrashing."""


def free_bytes(groups: Path = _GROUPS, membership: Path = Path("/proc/self/cgroup")) -> int:
    """What could still be used without swapping: the machine's, or less where the service has a limit (cgroup v2)."""
    available = int(psutil.virtual_memory().available)
    left = _left_in_group(groups, membership)
    return available if left is None else min(available, left)


def is_short(free: int, least: int, pressure: Path = _PRESSURE) -> bool:
    """Whether fewer bytes are free than that, or the kernel says that work stands still for want of memory."""
    return free < least or stalled_percent(pressure) > _HIGH_PRESSURE


def give_back() -> None:
    """Hand freed memory back to the system: after a model is gone, glibc would keep much of what it was loaded with."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries do it unasked
        trim(0)


def stalled_percent(pressure: Path = _PRESSURE) -> float:
    """The share of the last ten seconds in which all tasks waited for memory, 0–100; 0 where the kernel can't say."""
    try:
        lines = pressure.read_text(encoding="ascii").splitlines()
    except OSError:  # a kernel without pressure stall information
        return 0.0
    full = next((line for line in lines if line.startswith("full ")), "")
    values = dict(part.split("=", 1) for part in full.split()[1:] if "=" in part)
    return float(values.get("avg10", 0.0))


def _left_in_group(groups: Path, membership: Path) -> int | None:
    """None where there is no limit, or no such file: then the machine's memory alone counts."""
    try:
        line = next(line for line in membership.read_text(encoding="utf-8").splitlines() if line.startswith("0::"))
        group = groups / line.removeprefix("0::").lstrip("/")
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        if limit == "max":
            return None
        used = int((group / "memory.current").read_text(encoding="ascii"))
        facts = (group / "memory.stat").read_text(encoding="ascii").split()
        cached = int(facts[facts.index("inactive_file") + 1])
        return int(limit) - used + cached
    except (OSError, StopIteration, ValueError):
        return None
