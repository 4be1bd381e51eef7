"""Downloads one file over HTTP: resumed by Range, checked by SHA-256, renamed only when every byte is right."""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
import urllib3

from assistant.core.errors import DownloadError
from assistant.models.checksum import sha256_of
from assistant.models.disk import disk_faults

_LOGGER = logging.getLogger(__name__)
_CHUNK_BYTES = 256 * 1024
_RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_CA = "if a proxy signs the traffic here, set REQUESTS_CA_BUNDLE to its certificate authority's file"

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file somewhere else, known by its size and SHA-256."""

    url: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and how often to try without any progress."""

    connect_s: float = 5.0
    read_s: float = 30.0
    attempts: int = 3
    pause_s: float = 1.0


class _Interrupted(Exception):
    """The transfer stopped in a way that trying again may heal."""


class Downloader:
    """Fetches files; the environment's proxy settings are honoured, `ca_bundle` is a file of trusted authorities."""

    def __init__(
        self, *, ca_bundle: str = "", patience: Patience | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._ca_bundle = ca_bundle
        self._patience = patience or Patience()
        self._sleep = sleep

    def download(self, remote: Remote, target: Path, progress: Progress) -> None:
        """Make `target` hold exactly the remote's bytes; what came so far stays in `target`.part for the next try.

        Raises DownloadError (the source's fault), ModelError (the disk's).
        """
        with disk_faults(target):
            self._download(remote, target, progress)

    def _download(self, remote: Remote, target: Path, progress: Progress) -> None:
        if target.exists() and sha256_of(target) == remote.sha256:
            return
        part = target.with_name(target.name + ".part")
        was_resumed = _size(part) > 0
        self._transfer(remote, part, progress)
        if sha256_of(part) != remote.sha256 and was_resumed:
            # the older half may have come from another file or a damaged disk: once more, from the first byte
            part.unlink()
            self._transfer(remote, part, progress)
        if sha256_of(part) != remote.sha256:
            part.unlink()
            raise DownloadError(
                f"the download of {remote.url} has the wrong checksum",
                why="it differs from what the catalogue lists: damaged on the way, or replaced at its home",
                fix="try again; if it stays so, don't use that file",
                may_retry=True,
            )
        part.replace(target)

    def _transfer(self, remote: Remote, part: Path, progress: Progress) -> None:
        failures = 0
        while True:
            before = _size(part)
            try:
                self._once(remote, part, progress)
            except _Interrupted as error:
                failures = 1 if _size(part) > before else failures + 1
                if failures >= self._patience.attempts:
                    raise DownloadError(
                        f"the download of {remote.url} stopped at {_size(part)} of {remote.size_bytes} bytes",
                        why=str(error),
                        fix="check the network; pulling again goes on where it stopped",
                        may_retry=True,
                    ) from error
                _LOGGER.info("download interrupted, trying again", extra={"url": remote.url, "failures": failures})
                self._sleep(self._patience.pause_s * failures)
            else:
                return

    def _once(self, remote: Remote, part: Path, progress: Progress) -> None:
        """One connection: from what is there to the end. Raises _Interrupted when more is to come."""
        have = _size(part)
        if have > remote.size_bytes:
            part.unlink()
            have = 0
        if have == remote.size_bytes:
            return
        if remote.url.startswith("file:"):
            _copy(remote, part, progress)
            return
        try:
            with self._open(remote, have) as response:
                start = _start_of(response, remote, have)
                _write(response, remote, part, start, progress)
        except requests.exceptions.SSLError as error:
            raise DownloadError(f"{remote.url} is not trusted", why=_reason(error), fix=_NO_CA) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _Interrupted(_reason(error)) from error
        if _size(part) < remote.size_bytes:
            raise _Interrupted("the server closed the connection early")

    def _open(self, remote: Remote, have: int) -> requests.Response:
        headers = {"Accept-Encoding": "identity", "User-Agent": "assistant"}
        if have:
            headers["Range"] = f"bytes={have}-"
        return requests.get(
            remote.url,
            headers=headers,
            stream=True,
            timeout=(self._patience.connect_s, self._patience.read_s),
            verify=self._ca_bundle or True,
        )


def _start_of(response: requests.Response, remote: Remote, have: int) -> int:
    """The offset at which the body begins. Raises DownloadError, _Interrupted."""
    status = response.status_code
    if status in _RETRY_STATUS:
        raise _Interrupted(f"the server answered {status}")
    if status == requests.codes.requested_range_not_satisfiable:
        raise DownloadError(
            f"the file at {remote.url} is shorter than the catalogue says", fix="try another source", may_retry=False
        )
    if status not in (requests.codes.ok, requests.codes.partial_content):
        raise DownloadError(f"{remote.url} answered {status} {response.reason or ''}".rstrip(), fix="check the address")
    if "html" in response.headers.get("Content-Type", "").lower():
        raise DownloadError(
            f"{remote.url} sent a web page, not the model",
            why="a proxy's or hotspot's login page stands in the way, or the file has moved",
            fix="open that address in a browser, log in if it asks, then pull again",
            may_retry=True,
        )
    start = 0
    if status == requests.codes.partial_content:
        found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        start = int(found.group(1)) if found else -1
        if start != have:
            raise DownloadError(f"{remote.url} sent another part than was asked for", fix="try again", may_retry=True)
    _check_length(response, remote, start)
    return start


def _check_length(response: requests.Response, remote: Remote, start: int) -> None:
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and start + int(length) != remote.size_bytes:
        raise DownloadError(
            f"the file at {remote.url} is not the one of the catalogue",
            why=f"it has {start + int(length)} bytes, expected {remote.size_bytes}",
            fix="update the assistant, or try another source",
        )


def _write(response: requests.Response, remote: Remote, part: Path, start: int, progress: Progress) -> None:
    done = start
    with disk_faults(part), part.open("ab" if start else "wb") as stream:
        # read1 gives what is there; iter_content would lose up to a chunk each time the connection is cut
        while chunk := response.raw.read1(_CHUNK_BYTES):
            done += len(chunk)
            if done > remote.size_bytes:
                raise DownloadError(f"{remote.url} sent more bytes than the catalogue lists", fix="try another source")
            stream.write(chunk)
            stream.flush()  # what came stays, even if this process is killed
            progress(done, remote.size_bytes)


def _copy(remote: Remote, part: Path, progress: Progress) -> None:
    """A registry may be a folder: its wheels have file: addresses."""
    source = Path(unquote(urlsplit(remote.url).path))
    if not source.is_file():
        raise DownloadError(f"there is no file {source}", fix="check the package registry in pip's configuration")
    with disk_faults(part):
        shutil.copyfile(source, part)
    if _size(part) != remote.size_bytes:
        part.unlink()
        raise DownloadError(f"{source} is not the file of the catalogue", fix="try another source")
    progress(remote.size_bytes, remote.size_bytes)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: Exception) -> str:
    """The innermost words of a network fault: "Name or service not known" rather than three wrappers of it."""
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return str(inner) or type(error).__name__
