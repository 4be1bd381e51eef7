"""Whole pulls: sources in order, two at once, killed ones, full disks; nothing is ever half-installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.errors import DownloadError, ModelError
from assistant.models.recommend import Choice
from tests.models.conftest import (
    ARCHIVE,
    FILES,
    FileServer,
    Page,
    RecordingWatch,
    left_over,
    make_zip,
    model_of,
    puller_for,
    source_of,
)


def test_a_pulled_model_is_in_place_and_nothing_else_is_left(server: FileServer, tmp_path: Path) -> None:
    watch = RecordingWatch()
    puller = puller_for(tmp_path, model_of(source_of(server.put("/a.zip", Page(ARCHIVE)))), watch=watch)
    assert puller.pull("small")
    puller.store.verify("small")
    assert left_over(tmp_path) == []
    assert watch.told[-1] == "installed small"
    assert watch.bytes_done[-1] == sum(map(len, FILES.values()))


def test_what_is_there_is_not_asked_for_again(server: FileServer, tmp_path: Path) -> None:
    puller = puller_for(tmp_path, model_of(source_of(server.put("/a.zip", Page(ARCHIVE)))))
    puller.pull("small")
    server.asked.clear()
    assert not puller.pull("small")
    assert puller.pull_choice(Choice("ears", ("small",), "")) == "small"
    assert server.asked == []


def test_the_second_source_serves_when_the_first_has_no_such_file(server: FileServer, tmp_path: Path) -> None:
    gone = server.put("/gone.zip", Page(b"", status=404, content_type="text/plain"))
    good = server.put("/good.zip", Page(ARCHIVE))
    watch = RecordingWatch()
    puller = puller_for(tmp_path, model_of(source_of(gone), source_of(good)), watch=watch)
    puller.pull("small")
    puller.store.verify("small")
    assert watch.told == [f"trying {gone}", f"failed {gone}", f"trying {good}", "installed small"]


def test_all_reasons_are_told_when_no_source_serves(server: FileServer, tmp_path: Path) -> None:
    gone = server.put("/gone.zip", Page(b"", status=404, content_type="text/plain"))
    login = server.put("/login.zip", Page(b"<html>", content_type="text/html"))
    puller = puller_for(tmp_path, model_of(source_of(gone), source_of(login)))
    with pytest.raises(DownloadError) as caught:
        puller.pull("small")
    assert "404" in caught.value.why
    assert "web page" in caught.value.why
    assert "assistant models pull small" in caught.value.fix
    assert not (tmp_path / "small").exists()
    assert left_over(tmp_path) == []


def test_a_damaged_model_is_replaced(server: FileServer, tmp_path: Path) -> None:
    puller = puller_for(tmp_path, model_of(source_of(server.put("/a.zip", Page(ARCHIVE)))))
    (tmp_path / "small" / "am").mkdir(parents=True)
    (tmp_path / "small" / "am" / "final.mdl").write_bytes(b"half")
    (tmp_path / "small" / "stray").write_bytes(b"stray")
    assert puller.pull("small")
    puller.store.verify("small")
    assert not (tmp_path / "small" / "stray").exists()
    assert left_over(tmp_path) == []


def test_a_damaged_model_stays_as_it_is_while_no_source_serves(server: FileServer, tmp_path: Path) -> None:
    puller = puller_for(tmp_path, model_of(source_of(server.put("/a.zip", Page(b"", status=404)))))
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "stray").write_bytes(b"stray")
    with pytest.raises(DownloadError):
        puller.pull("small")
    assert (tmp_path / "small" / "stray").exists()


def test_an_archive_of_the_right_sum_but_the_wrong_files_installs_nothing(server: FileServer, tmp_path: Path) -> None:
    wrong = make_zip({"am/final.mdl": FILES["am/final.mdl"]})
    puller = puller_for(tmp_path, model_of(source_of(server.put("/a.zip", Page(wrong)), wrong)))
    with pytest.raises(DownloadError, match="no source"):
        puller.pull("small")
    assert not (tmp_path / "small").exists()
    assert left_over(tmp_path) == []


def test_the_next_model_serves_a_need_and_is_announced(server: FileServer, tmp_path: Path) -> None:
    gone = model_of(source_of(server.put("/gone.zip", Page(b"", status=404))), model_id="first")
    good = model_of(source_of(server.put("/a.zip", Page(ARCHIVE))), model_id="second")
    watch = RecordingWatch()
    puller = puller_for(tmp_path, gone, good, watch=watch)
    need = Choice("ears", ("first", "second"), "why not")
    assert puller.pull_choice(need) == "second"
    assert watch.told[-1] == "second instead of first"
    server.asked.clear()
    assert puller.pull_choice(need) == "second"
    assert server.asked == []


def test_a_need_that_nothing_serves_tells_every_reason(server: FileServer, tmp_path: Path) -> None:
    models = [model_of(source_of(server.put(f"/{name}", Page(b"", status=404))), model_id=name) for name in ("a", "b")]
    with pytest.raises(DownloadError, match="no model for ears") as caught:
        puller_for(tmp_path, *models).pull_choice(Choice("ears", ("a", "b"), ""))
    assert "a: " in caught.value.why
    assert "b: " in caught.value.why


def test_two_pulls_at_once_fetch_once(server: FileServer, tmp_path: Path) -> None:
    gate = threading.Event()
    model = model_of(source_of(server.put("/a.zip", Page(ARCHIVE, gate=gate))))
    first, second = (puller_for(tmp_path, model, watch=RecordingWatch()) for _ in range(2))
    watches = [first.watch, second.watch]
    pulled: list[bool] = []
    threads = [
        threading.Thread(target=lambda puller=puller: pulled.append(puller.pull("small"))) for puller in (first, second)
    ]
    for thread in threads:
        thread.start()
    while not any(isinstance(watch, RecordingWatch) and watch.is_waiting.wait(0.01) for watch in watches):
        assert any(thread.is_alive() for thread in threads)
    gate.set()
    for thread in threads:
        thread.join()
    assert sorted(pulled) == [False, True]
    assert len(server.asked) == 1
    first.store.verify("small")


def test_a_disk_without_room_is_told_before_anything_is_fetched(server: FileServer, tmp_path: Path) -> None:
    huge = source_of(server.put("/a.zip", Page(ARCHIVE))).model_copy(update={"size_bytes": 10**15})
    with pytest.raises(ModelError, match="not enough disk space") as caught:
        puller_for(tmp_path, model_of(huge)).pull("small")
    assert str(tmp_path) in caught.value.what
    assert "MB" in caught.value.fix
    assert server.asked == []


def test_a_models_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    puller = puller_for(tmp_path / "file" / "models", model_of(source_of("http://127.0.0.1:9/a.zip")))
    with pytest.raises(ModelError, match=str(tmp_path / "file" / "models")):
        puller.pull("small")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 320 kB: room for the archive, not for its files."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=320k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_leaves_nothing_half_installed(
    server: FileServer, tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.disk._SPARE_BYTES", -10_000_000)
    puller = puller_for(tiny_disk, model_of(source_of(server.put("/a.zip", Page(ARCHIVE)))))
    with pytest.raises(ModelError, match="disk is full") as caught:
        puller.pull("small")
    assert caught.value.may_retry
    assert str(tiny_disk) in caught.value.what
    assert not (tiny_disk / "small").exists()
    assert [name for name in left_over(tiny_disk) if not name.startswith(".downloads/")] == []


_CHILD = """
import sys
from pathlib import Path
from tests.models.conftest import model_of, puller_for, source_of
puller_for(Path(sys.argv[1]), model_of(source_of(sys.argv[2]))).pull("small")
"""


@pytest.mark.process
def test_a_pull_that_was_killed_goes_on_where_it_stopped(server: FileServer, tmp_path: Path) -> None:
    gate = threading.Event()
    page = Page(ARCHIVE, gate=gate)
    url = server.put("/a.zip", page)
    root = Path(__file__).parents[2]
    part = tmp_path / ".downloads" / (source_of(url).file_name + ".part")
    with subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path), url], cwd=root) as child:
        while not (part.exists() and part.stat().st_size == len(ARCHIVE) // 2):
            assert child.poll() is None
            os.sched_yield()
        child.send_signal(signal.SIGKILL)
    page.gate = None
    gate.set()
    puller = puller_for(tmp_path, model_of(source_of(url)))
    assert not puller.store.is_installed("small")
    assert puller.pull("small")
    puller.store.verify("small")
    assert server.asked[-1] == ("/a.zip", f"bytes={len(ARCHIVE) // 2}-")
    assert left_over(tmp_path) == []
