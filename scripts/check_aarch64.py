"""Asks the package registry, through pip as configured, whether every locked package installs on a 64-bit ARM board."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SDIST_ONLY_PURE = frozenset({"srt"})
"""Pure Python, but no wheel on the registry: built on the board by the first install, without a compiler."""
BOARD = {
    "python_version": "3.11",
    "python_full_version": "3.11.2",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "platform_machine": "aarch64",
    "platform_system": "Linux",
    "sys_platform": "linux",
    "os_name": "posix",
    "extra": "",
}
GLIBC_MINOR = 36
"""Debian 12 and Raspberry Pi OS 12 have glibc 2.36."""
EXIT_NO_ANSWER = 3


@dataclass(frozen=True)
class Locked:
    """One line of a lock file, for the board."""

    name: str
    pin: str
    hashes: frozenset[str]


class NoAnswer(Exception):
    """The registry can't be reached."""


def locked_for_board(text: str) -> list[Locked]:
    """The requirements of a lock file whose markers are true on the board."""
    found = []
    for block in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        line = re.sub(r"\s+--hash=\S+", "", block).strip()
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(BOARD):
            hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
            found.append(Locked(requirement.name, f"{requirement.name}{requirement.specifier}", hashes))
    return found


def wheels_for_board(packages: list[Locked]) -> dict[str, tuple[str, str]]:
    """Name → (file, sha256) of the wheels that pip would install there. Raises LookupError, NoAnswer."""
    platforms = [f"manylinux_2_{minor}_aarch64" for minor in range(5, GLIBC_MINOR + 1)]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "1", "install"]
    command += ["--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-", "--only-binary=:all:"]
    command += ["--target", tempfile.gettempdir(), "--python-version", "3.11", "--implementation", "cp"]
    for platform in [*platforms, "manylinux2014_aarch64", "linux_aarch64"]:
        command += ["--platform", platform]
    done = subprocess.run([*command, *(package.pin for package in packages)], capture_output=True, text=True)
    if done.returncode != 0:
        if re.search(r"NewConnectionError|Failed to establish|ConnectTimeout|ProxyError|Name or service", done.stderr):
            raise NoAnswer(done.stderr.strip().splitlines()[-1])
        raise LookupError(done.stderr.strip().splitlines()[-1])
    found = {}
    for entry in json.loads(done.stdout)["install"]:
        name = re.sub(r"[-_.]+", "-", entry["metadata"]["name"]).lower()
        source = entry["download_info"]
        found[name] = (source["url"].rsplit("/", 1)[-1], source["archive_info"]["hashes"]["sha256"])
    return found


def fault_of(package: Locked) -> str | None:
    """Why this package can't be installed on the board; None when it can."""
    try:
        file, sha256 = wheels_for_board([package])[package.name]
    except LookupError as error:
        return f"{package.pin}: no wheel ({error})"
    return None if sha256 in package.hashes else f"{package.pin}: {file} is not in the lock"


def faults(lock: Path) -> list[str]:
    """All packages of the lock that can't be installed on the board. Raises NoAnswer."""
    packages = [each for each in locked_for_board(lock.read_text(encoding="utf-8")) if each.name not in SDIST_ONLY_PURE]
    try:
        found = wheels_for_board(packages)
    except LookupError:
        found = {}  # pip names only the first that is missing: ask one by one below
    unknown = [each for each in packages if each.name not in found or found[each.name][1] not in each.hashes]
    with ThreadPoolExecutor(max_workers=4) as pool:
        return [fault for fault in pool.map(fault_of, unknown) if fault]


def main(names: list[str]) -> int:
    """Check the named lock files, else all; 0 when all is well, 1 with faults, 3 when no registry answers."""
    bad = False
    for name in names or ["run.txt", "dev.txt", "whisper.txt"]:
        lock = ROOT / "requirements" / name
        try:
            found = faults(lock)
        except NoAnswer as error:
            print(f"no registry answers: {error}")
            return EXIT_NO_ANSWER
        bad = bad or bool(found)
        print(f"{name}: {len(locked_for_board(lock.read_text(encoding='utf-8')))} packages, {len(found)} faults")
        for fault in found:
            print(f"  {fault}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
