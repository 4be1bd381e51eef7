"""Runs the project's scripts in a copy, with scripted programs in place of the system's."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TOOLS = ("bash", "dirname", "grep", "cat", "sha256sum", "cut", "head", "tail", "mkdir", "sed", "tee", "mktemp", "rm")


@dataclass
class Sandbox:
    """A copy of the scripts, and a PATH that holds a few tools and what the test adds."""

    root: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def bin(self) -> Path:
        """The only folder on PATH."""
        return self.root / "bin"

    def program(self, name: str, body: str) -> None:
        """Put a program on PATH: a bash script that notes its arguments, then runs `body`."""
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.root}/called\n{body}\n')
        file.chmod(0o755)

    def called(self) -> list[str]:
        """What was called since the last time this was asked."""
        file = self.root / "called"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the copy to its end."""
        env = {"PATH": str(self.bin), "HOME": str(self.root), **self.extra}
        return subprocess.run(
            ["/bin/bash", str(self.root / script), *arguments],
            env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=self.root,
        )  # fmt: skip


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A fresh copy."""
    made = Sandbox(tmp_path)
    made.bin.mkdir()
    for tool in _TOOLS:
        os.symlink(shutil.which(tool) or tool, made.bin / tool)
    for folder in ("scripts", ".ci"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return made
