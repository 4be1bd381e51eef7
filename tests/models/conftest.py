"""A web server whose faults are scripted, and small models to serve from it."""

from __future__ import annotations

import hashlib
import io
import random
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.core.errors import DownloadError
from assistant.models.catalogue import ArchiveSource, Catalogue, FewerWords, Model, ModelFile, ModelSource, Task
from assistant.models.fetch import Downloader, Patience
from assistant.models.pull import Puller
from assistant.models.registry import Registry
from assistant.models.store import ModelStore


@dataclass
class Page:
    """What the server gives at one path. Each entry of `cuts` ends one answer after so many bytes."""

    body: bytes
    status: int = 200
    content_type: str = "application/zip"
    can_resume: bool = True
    cuts: list[int] = field(default_factory=list)
    gate: threading.Event | None = None
    """The answer stops after its first bytes until this is set."""


class FileServer(ThreadingHTTPServer):
    """Serves `pages` on a free port of the loopback, and remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str]] = []
        """Path and Range header of each request."""

    def put(self, path: str, page: Page) -> str:
        """Serve `page`; returns its address."""
        self.pages[path] = page
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FileServer

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        page = self.server.pages.get(self.path, Page(b"not here", status=404, content_type="text/plain"))
        found = re.fullmatch(r"bytes=(\d+)-", wanted) if page.can_resume and page.status == 200 else None
        start = int(found.group(1)) if found else 0
        body = page.body[start:]
        self.send_response(206 if found else page.status)
        if found:
            self.send_header("Content-Range", f"bytes {start}-{len(page.body) - 1}/{len(page.body)}")
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(page, body)

    def _send(self, page: Page, body: bytes) -> None:
        if page.gate is not None:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            page.gate.wait(20)
            body = body[len(body) // 2 :]
        cut = page.cuts.pop(0) if page.cuts else len(body)
        try:
            self.wfile.write(body[:cut])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        if cut < len(body):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def server() -> Iterator[FileServer]:
    """A running server without pages."""
    with FileServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


FILES = {"am/final.mdl": random.Random(1).randbytes(300_000), "conf/model.conf": b"--rate=16000\n"}


def make_zip(members: dict[str, bytes], root: str = "small-1.0") -> bytes:
    """A zip with these members under `root`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # a ZipInfo has a fixed date: the same bytes in every process
            entry = zipfile.ZipInfo(f"{root}/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


ARCHIVE = make_zip(FILES)


def files_of(members: dict[str, bytes]) -> tuple[ModelFile, ...]:
    """The catalogue's lines for these files."""
    return tuple(
        ModelFile(path=name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in members.items()
    )


def source_of(url: str, archive: bytes = ARCHIVE) -> ArchiveSource:
    """A source that gives `archive`."""
    return ArchiveSource(
        kind="archive",
        url=url,
        root="small-1.0",
        size_bytes=len(archive),
        sha256=hashlib.sha256(archive).hexdigest(),
    )


def model_of(*sources: ModelSource, model_id: str = "small", with_files: bool = True) -> Model:
    """A model of FILES."""
    return Model(
        id=model_id,
        task=Task.ASR,
        languages=("en",),
        licence="MIT",
        description="a small model",
        home="https://example.org",
        size_bytes=sum(map(len, FILES.values())),
        ram_mb=1,
        sources=sources,
        files=files_of(FILES) if with_files else (),
    )


@dataclass
class RecordingWatch:
    """Remembers what a pull tells."""

    told: list[str] = field(default_factory=list)
    is_waiting: threading.Event = field(default_factory=threading.Event)
    bytes_done: list[int] = field(default_factory=list)

    def waiting(self, model: Model) -> None:
        self.told.append(f"waiting {model.id}")
        self.is_waiting.set()

    def trying(self, model: Model, source: ModelSource) -> None:
        self.told.append(f"trying {source.label}")

    def progress(self, model: Model, step: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        self.bytes_done.append(done)

    def source_failed(self, model: Model, source: ModelSource, error: DownloadError) -> None:
        self.told.append(f"failed {source.label}")

    def installed(self, model: Model) -> None:
        self.told.append(f"installed {model.id}")

    def using_instead(self, wanted: Model, used: Model, why: str) -> None:
        self.told.append(f"{used.id} instead of {wanted.id}")


IMPATIENT = Patience(connect_s=1.0, read_s=1.0, attempts=2, pause_s=0.0)


def puller_for(models_dir: Path, *models: Model, watch: RecordingWatch | None = None) -> Puller:
    """A puller over these models that doesn't wait long."""
    downloader = Downloader(patience=IMPATIENT)
    store = ModelStore(models_dir, Catalogue(version=1, models=models))
    return Puller(store, downloader, Registry(downloader, ("false",)), watch or RecordingWatch())


def left_over(models_dir: Path) -> list[str]:
    """All files in the models folder but locks and what belongs to an installed model's folder."""
    return sorted(
        str(path.relative_to(models_dir))
        for path in models_dir.rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.relative_to(models_dir).parts[0].startswith(".")
    )


def made_model(large: Model, files: dict[str, bytes], words: int) -> Model:
    """A model that is made from `large`; these are the files it should come to."""
    return Model(
        id="made", task=Task.ASR, languages=("ko",), licence="MIT", description="a cut model",
        home="https://example.org", size_bytes=sum(map(len, files.values())), ram_mb=1, files=files_of(files),
        fewer_words=FewerWords(of=large.id, words=words, also="켜줘"),
    )  # fmt: skip
