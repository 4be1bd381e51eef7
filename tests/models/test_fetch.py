"""Downloads against a real web server: resume, truncation, wrong bytes, pages, faults of the disk."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from assistant.core.errors import DownloadError, ModelError
from assistant.models.fetch import Downloader, Patience, Remote
from tests.models.conftest import ARCHIVE, IMPATIENT, FileServer, Page


def remote_of(url: str, body: bytes = ARCHIVE) -> Remote:
    return Remote(url, len(body), hashlib.sha256(body).hexdigest())


def fetch(remote: Remote, target: Path, done: list[int] | None = None) -> None:
    Downloader(patience=IMPATIENT).download(
        remote, target, lambda count, _: (done if done is not None else []).append(count)
    )


def test_the_file_arrives_whole_and_progress_reaches_its_size(server: FileServer, tmp_path: Path) -> None:
    done: list[int] = []
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip", done)
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE
    assert done == sorted(done)
    assert done[-1] == len(ARCHIVE)
    assert not (tmp_path / "a.zip.part").exists()


def test_what_came_before_is_not_fetched_again(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(ARCHIVE[:1000])
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip")
    assert server.asked == [("/a.zip", "bytes=1000-")]
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE


def test_a_server_that_can_not_resume_is_read_from_the_start(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(ARCHIVE[:1000])
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE, can_resume=False))), tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE


def test_a_cut_connection_goes_on_where_it_stopped(server: FileServer, tmp_path: Path) -> None:
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE, cuts=[5000, 5000, 5000]))), tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE
    assert [asked for _, asked in server.asked] == ["", "bytes=5000-", "bytes=10000-", "bytes=15000-"]


def test_a_server_that_always_cuts_is_given_up_and_the_rest_is_kept(server: FileServer, tmp_path: Path) -> None:
    url = server.put("/a.zip", Page(ARCHIVE, cuts=[5000, 0, 0, 0]))
    with pytest.raises(DownloadError, match=f"stopped at 5000 of {len(ARCHIVE)} bytes") as caught:
        fetch(remote_of(url), tmp_path / "a.zip")
    assert caught.value.may_retry
    assert (tmp_path / "a.zip.part").stat().st_size == 5000
    assert not (tmp_path / "a.zip").exists()


def test_wrong_bytes_are_refused_and_not_kept(server: FileServer, tmp_path: Path) -> None:
    url = server.put("/a.zip", Page(bytes(len(ARCHIVE))))
    with pytest.raises(DownloadError, match="wrong checksum"):
        fetch(remote_of(url), tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_first_half_is_healed_by_starting_over(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(bytes(1000))
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE


def test_a_rest_that_is_too_long_is_thrown_away(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(ARCHIVE + b"more")
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip")
    assert server.asked == [("/a.zip", "")]


def test_a_login_page_in_place_of_the_archive_is_named(server: FileServer, tmp_path: Path) -> None:
    page = Page(b"<html>log in first</html>", content_type="text/html; charset=utf-8")
    with pytest.raises(DownloadError, match="web page") as caught:
        fetch(remote_of(server.put("/a.zip", page)), tmp_path / "a.zip")
    assert "hotspot" in caught.value.why
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_size_is_refused_before_it_is_fetched(server: FileServer, tmp_path: Path) -> None:
    url = server.put("/a.zip", Page(ARCHIVE + b"x"))
    with pytest.raises(DownloadError, match="not the one of the catalogue"):
        fetch(remote_of(url), tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (500, 2), (503, 2)])
def test_only_a_fault_that_may_pass_is_tried_again(server: FileServer, tmp_path: Path, status: int, tries: int) -> None:
    url = server.put("/a.zip", Page(b"no", status=status, content_type="text/plain"))
    with pytest.raises(DownloadError, match=str(status) if tries == 1 else "stopped at 0"):
        fetch(remote_of(url), tmp_path / "a.zip")
    assert len(server.asked) == tries


def test_a_closed_port_is_told_with_its_address(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.zip"
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1") as caught:
        fetch(remote_of(url), tmp_path / "a.zip")
    assert "refused" in caught.value.why


def test_a_silent_server_is_left_after_the_read_timeout(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.zip"
        patience = Patience(connect_s=0.2, read_s=0.1, attempts=1)
        with pytest.raises(DownloadError, match="stopped at 0"):
            Downloader(patience=patience).download(remote_of(url), tmp_path / "a.zip", lambda *_: None)


def test_a_full_disk_is_told_with_path_and_fix(server: FileServer, tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.symlink_to("/dev/full")
    with pytest.raises(ModelError, match="disk is full") as caught:
        fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip")
    assert str(part) in caught.value.what
    assert "ASSISTANT_MODELS_DIR" in caught.value.fix


def test_a_folder_that_is_gone_is_the_disks_fault(server: FileServer, tmp_path: Path) -> None:
    url = server.put("/a.zip", Page(ARCHIVE))
    with pytest.raises(ModelError, match="can't write"):
        fetch(remote_of(url), tmp_path / "gone" / "a.zip")


def test_a_registry_that_is_a_folder_is_copied_from(tmp_path: Path) -> None:
    (tmp_path / "a b.whl").write_bytes(ARCHIVE)
    fetch(remote_of((tmp_path / "a b.whl").as_uri()), tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == ARCHIVE


def test_a_folder_without_that_wheel_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="there is no file"):
        fetch(remote_of((tmp_path / "none.whl").as_uri()), tmp_path / "a.zip")


def test_a_file_that_is_there_is_not_asked_for(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(ARCHIVE)
    fetch(remote_of(server.put("/a.zip", Page(ARCHIVE))), tmp_path / "a.zip")
    assert server.asked == []
