"""Every locked package installs on a 64-bit ARM board."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "check_aarch64.py"
NO_ANSWER = 3


def load() -> object:
    spec = importlib.util.spec_from_file_location("check_aarch64", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_lock_is_read_for_the_board_not_for_this_machine() -> None:
    module = load()
    markers = ["platform_machine == 'aarch64'", "platform_machine == 'x86_64'", "python_full_version >= '3.12'"]
    text = "".join(
        f"p{number}==1.{number} ; {marker} \\\n    --hash=sha256:{'1' * 64} \\\n    --hash=sha256:{'2' * 64}\n"
        for number, marker in enumerate(markers)
    )
    locked = module.locked_for_board(text)  # type: ignore[attr-defined]  # loaded by path
    assert [(each.pin, len(each.hashes)) for each in locked] == [("p0==1.0", 2)]


def test_every_locked_package_has_a_hash() -> None:
    module = load()
    for lock in (ROOT / "requirements").glob("*.txt"):
        locked = module.locked_for_board(lock.read_text(encoding="utf-8"))  # type: ignore[attr-defined]  # loaded by path
        assert len(locked) > (50 if lock.stem != "peers" else 20)
        assert all(each.hashes for each in locked)


@pytest.mark.network
@pytest.mark.slow
def test_the_registry_has_every_package_for_the_board() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "run.txt"], capture_output=True, text=True)
    if done.returncode == NO_ANSWER:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
