"""How much memory is left: the machine's, the service's limit, the kernel's word that it is thrashing."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from assistant.llm.memory import free_bytes, give_back, is_short, stalled_percent

CALM = "some avg10=0.00 avg60=0.10 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
THRASHING = "some avg10=80.10 avg60=9.00 avg300=0.00 total=1\nfull avg10=42.50 avg60=0.00 avg300=0.00 total=1\n"


def group(folder: Path, limit: str) -> tuple[Path, Path]:
    member = folder / "membership"
    member.write_text("1:name=old:/\n0::/system.slice/assistant.service\n")
    own = folder / "system.slice" / "assistant.service"
    own.mkdir(parents=True)
    (own / "memory.max").write_text(f"{limit}\n")
    (own / "memory.current").write_text("300000000\n")
    (own / "memory.stat").write_text("anon 100000000\ninactive_file 50000000\nactive_file 1\n")
    return folder, member


def test_a_limit_on_the_service_counts_without_what_the_kernel_can_drop(tmp_path: Path) -> None:
    assert free_bytes(*group(tmp_path, "400000000")) == 150_000_000


@pytest.mark.parametrize("limit", ["max", "not a number"])
def test_without_a_limit_the_machine_counts(tmp_path: Path, limit: str) -> None:
    assert abs(free_bytes(*group(tmp_path, limit)) - psutil.virtual_memory().available) < 500_000_000


def test_a_machine_without_control_groups_counts_as_it_is(tmp_path: Path) -> None:
    assert free_bytes(tmp_path, tmp_path / "nothing") > 0


@pytest.mark.parametrize(
    ("free", "text", "expected"), [(50, CALM, True), (100, CALM, False), (100, THRASHING, True), (100, "", False)]
)
def test_memory_is_short_when_little_is_left_or_the_kernel_says_so(
    tmp_path: Path, free: int, text: str, expected: bool
) -> None:
    pressure = tmp_path / "memory"
    pressure.write_text(text)
    assert is_short(free, 100, pressure) is expected


def test_a_kernel_that_does_not_tell_pressure_has_none(tmp_path: Path) -> None:
    assert stalled_percent(tmp_path / "none") == 0.0
    assert stalled_percent(Path("/proc/pressure/memory")) >= 0.0


def test_freed_memory_goes_back_to_the_system() -> None:
    kept = [bytes(1000) for _ in range(40_000)]
    del kept[:-1]  # the last one holds the heap where it is
    held = psutil.Process().memory_info().rss
    give_back()
    assert held - psutil.Process().memory_info().rss > 20_000_000
