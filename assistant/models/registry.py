"""Asks pip, as this user has configured it, where a package's wheel lies; pip fetches it only if we can't."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.core.errors import DownloadError
from assistant.models.catalogue import PackageSource
from assistant.models.checksum import sha256_of
from assistant.models.disk import disk_faults
from assistant.models.fetch import Downloader, Progress, Remote

_ASK_S = 90.0
_FETCH_S = 3600.0


class Registry:
    """The package registry behind `pip`; `python` is the interpreter whose pip is asked."""

    def __init__(self, downloader: Downloader, python: Sequence[str] = (sys.executable,)) -> None:
        self._downloader = downloader
        self._python = tuple(python)

    def fetch(self, source: PackageSource, target: Path, progress: Progress) -> None:
        """Make `target` the wheel of `source`. Raises DownloadError, ModelError."""
        remote = self.locate(source)
        try:
            self._downloader.download(remote, target, progress)
        except DownloadError as error:
            if error.may_retry:
                raise
            # pip may know a login or a proxy that we don't
            self._fetch_by_pip(source, target)

    def locate(self, source: PackageSource) -> Remote:
        """Where the wheel lies, by `pip install --dry-run`, so nothing is installed. Raises DownloadError."""
        report = self._pip(
            # a wheel of another platform is only allowed with a target folder; nothing is written there
            [
                "install",
                "--dry-run",
                "--ignore-installed",
                "--quiet",
                "--report",
                "-",
                "--target",
                tempfile.gettempdir(),
            ],
            source,
            _ASK_S,
        )
        try:
            found = json.loads(report)["install"][0]["download_info"]
            url, offered = str(found["url"]), str(found["archive_info"]["hashes"]["sha256"])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise DownloadError(
                f"pip's answer about {source.requirement} can't be read",
                why=repr(error),
                fix="update pip: python -m pip install --upgrade pip",
            ) from error
        if offered != source.sha256:
            raise DownloadError(
                f"the registry offers another {source.requirement} than the catalogue lists",
                why=f"its checksum is {offered}",
                fix="don't use it; check the package registry in pip's configuration",
            )
        return Remote(url, source.size_bytes, source.sha256)

    def _fetch_by_pip(self, source: PackageSource, target: Path) -> None:
        with disk_faults(target), tempfile.TemporaryDirectory(dir=target.parent, prefix=".pip-") as folder:
            self._pip(["download", "--quiet", "--dest", folder], source, _FETCH_S)
            wheels = list(Path(folder).iterdir())
            if len(wheels) != 1 or sha256_of(wheels[0]) != source.sha256:
                raise DownloadError(
                    f"pip brought another file than the catalogue lists for {source.requirement}",
                    fix="don't use it; check the package registry in pip's configuration",
                )
            wheels[0].replace(target)

    def _pip(self, arguments: list[str], source: PackageSource, timeout_s: float) -> str:
        platform = ["--platform", source.platform] if source.platform else []
        command = [
            *self._python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "1",
            *arguments, "--no-deps", "--only-binary=:all:", *platform, source.requirement,
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=timeout_s, env={**os.environ, "LC_ALL": "C.UTF-8"}
            )
        except subprocess.TimeoutExpired as error:
            raise _unanswered(source, f"no answer within {timeout_s:.0f} s") from error
        except OSError as error:
            raise _unanswered(source, str(error)) from error
        if done.returncode != 0:
            raise _unanswered(source, _last_fault(done.stderr))
        return done.stdout


def _unanswered(source: PackageSource, why: str) -> DownloadError:
    if "No module named pip" in why:
        return DownloadError(
            f"{source.label} can't be fetched: this Python has no pip", why=why, fix="run `python -m ensurepip`"
        )
    return DownloadError(
        f"the package registry did not give {source.requirement}",
        why=why,
        fix="check the network and pip's configuration (`pip config list`)",
        may_retry=True,
    )


def _last_fault(stderr: str) -> str:
    """The line that says what went wrong: pip's last ERROR, else its last words."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    faults = [line for line in lines if line.startswith("ERROR")]
    return (faults or lines or ["pip gave no reason"])[-1]
