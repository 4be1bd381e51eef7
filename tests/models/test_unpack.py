"""Archives of every kind of malice: nothing leaves the folder, nothing wrong stays."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.errors import AssistantError, DownloadError
from assistant.models.store import MANIFEST, read_manifest
from assistant.models.unpack import unpack
from tests.models.conftest import FILES, make_zip, model_of, source_of

SOURCE = source_of("http://127.0.0.1/x.zip")
STRICT = model_of(SOURCE)
LOOSE = model_of(SOURCE, with_files=False)


def take(archive: bytes, folder: Path, *, strict: bool) -> Path:
    packed = folder / "x.zip"
    packed.write_bytes(archive)
    target = folder / "target"
    target.mkdir()
    unpack(packed, STRICT if strict else LOOSE, SOURCE, target, lambda *_: None)
    return target


def test_only_the_catalogues_files_are_taken(tmp_path: Path) -> None:
    target = take(make_zip({**FILES, "evil.py": b"x", "../../out": b"x"}), tmp_path, strict=True)
    assert {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} == set(FILES)


def test_without_a_list_all_is_taken_and_noted(tmp_path: Path) -> None:
    target = take(make_zip({**FILES, "README": b"hello"}), tmp_path, strict=False)
    noted = read_manifest(target, "small") or ()
    assert {file.path for file in noted} == {*FILES, "README"}
    assert {path.name for path in target.iterdir()} == {"am", "conf", "README", MANIFEST}


@pytest.mark.parametrize("name", ["../out", "../../out", "a/../../out", "/out", "a\\..\\..\\out", "c:out", "a//b"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DownloadError, match="can't be unpacked"):
        take(make_zip({name: b"x"}), tmp_path, strict=False)
    assert {path.name for path in tmp_path.iterdir()} == {"x.zip", "target"}


names = st.text(alphabet="./\\ab:\n é", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(names, min_size=1, max_size=4, unique=True), st.booleans())
def test_no_archive_writes_outside_the_folder(members: list[str], strict: bool) -> None:
    with TemporaryDirectory() as parent:
        inner = Path(parent) / "inner"
        inner.mkdir()
        with suppress(AssistantError):
            take(make_zip(dict.fromkeys(members, b"content")), inner, strict=strict)
        assert os.listdir(parent) == ["inner"]
        assert sorted(os.listdir(inner)) == ["target", "x.zip"]
        assert not any(path.is_symlink() for path in inner.rglob("*"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.integers(0, 500).map(lambda at: make_zip({"f": b"y" * 300})[:at]))
def test_any_bytes_in_place_of_a_zip_are_a_told_error(content: bytes) -> None:
    with TemporaryDirectory() as folder, pytest.raises(DownloadError):
        take(content, Path(folder), strict=True)


def test_a_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("small-1.0/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(DownloadError, match="a link"):
        take(packed.getvalue(), tmp_path, strict=False)


def test_a_file_with_other_bytes_of_the_right_size_is_refused(tmp_path: Path) -> None:
    wrong = {**FILES, "conf/model.conf": b"--rate=11025\n"}
    assert len(wrong["conf/model.conf"]) == len(FILES["conf/model.conf"])
    with pytest.raises(DownloadError, match="wrong checksum"):
        take(make_zip(wrong), tmp_path, strict=True)


def test_a_file_of_another_size_is_refused_before_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="expected 13"):
        take(make_zip({**FILES, "conf/model.conf": b"x" * 5_000_000}), tmp_path, strict=True)
    assert not list((tmp_path / "target").rglob("model.conf"))


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"holds no small-1.0/conf/model.conf"):
        take(make_zip({"am/final.mdl": FILES["am/final.mdl"]}), tmp_path, strict=True)


def test_an_archive_with_another_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="holds no folder"):
        take(make_zip(FILES, root="other"), tmp_path, strict=False)
