"""Packages from the registry: a scripted pip for every answer, and the real one where it can be reached."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from assistant.core.errors import DownloadError
from assistant.models import load_catalogue
from assistant.models.catalogue import PackageSource
from assistant.models.fetch import Downloader
from assistant.models.registry import Registry
from tests.models.conftest import ARCHIVE, IMPATIENT, FileServer, Page

SUM = hashlib.sha256(ARCHIVE).hexdigest()
SOURCE = PackageSource(
    kind="package", package="small-model", version="1.0", root="small-1.0", size_bytes=len(ARCHIVE), sha256=SUM
)

_PIP = """#!{python}
import json, pathlib, shutil, sys
arguments = sys.argv[1:]
here = pathlib.Path(__file__).parent
with (here / "asked").open("a") as asked:
    asked.write(" ".join(arguments) + "\\n")
answer = json.loads((here / "answer.json").read_text())
if "download" in arguments and answer.get("wheel"):
    shutil.copy(answer["wheel"], arguments[arguments.index("--dest") + 1])
elif "download" in arguments or answer.get("fault"):
    sys.exit("Looking in indexes\\nERROR: " + answer.get("fault", "no download"))
else:
    print(answer["report"])
"""


class ScriptedPip:
    """An interpreter whose pip answers what the test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "python"
        self.python.write_text(_PIP.format(python=sys.executable))
        self.python.chmod(self.python.stat().st_mode | stat.S_IXUSR)

    def answer(self, url: str = "", sha256: str = SUM, **more: str) -> None:
        entry = {"download_info": {"url": url, "archive_info": {"hashes": {"sha256": sha256}}}}
        report = json.dumps({"install": [entry]})
        (self.folder / "answer.json").write_text(json.dumps({"report": report, **more}))

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def fetch(self, target: Path, source: PackageSource = SOURCE) -> None:
        Registry(Downloader(patience=IMPATIENT), (str(self.python),)).fetch(source, target, lambda *_: None)


@pytest.fixture
def pip(tmp_path: Path) -> ScriptedPip:
    folder = tmp_path / "pip"
    folder.mkdir()
    return ScriptedPip(folder)


def test_the_wheel_comes_from_the_address_that_pip_names(pip: ScriptedPip, server: FileServer, tmp_path: Path) -> None:
    pip.answer(server.put("/small.whl", Page(ARCHIVE, cuts=[1000])))
    pip.fetch(tmp_path / "small.whl")
    assert (tmp_path / "small.whl").read_bytes() == ARCHIVE
    assert len(server.asked) == 2
    assert len(pip.asked) == 1
    assert "--dry-run" in pip.asked[0]
    assert pip.asked[0].endswith("small-model==1.0")


def test_the_wheel_of_another_platform_is_asked_for_by_name(
    pip: ScriptedPip, server: FileServer, tmp_path: Path
) -> None:
    pip.answer(server.put("/small.whl", Page(ARCHIVE)))
    pip.fetch(tmp_path / "small.whl", SOURCE.model_copy(update={"platform": "manylinux_2_34_x86_64"}))
    assert "--platform manylinux_2_34_x86_64" in pip.asked[0]
    assert "--only-binary=:all:" in pip.asked[0]


def test_pip_fetches_what_only_pip_may(pip: ScriptedPip, server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "small-1.0-py3-none-any.whl").write_bytes(ARCHIVE)
    locked = server.put("/small.whl", Page(b"log in", status=401, content_type="text/plain"))
    pip.answer(locked, wheel=str(tmp_path / "small-1.0-py3-none-any.whl"))
    pip.fetch(tmp_path / "small.whl")
    assert (tmp_path / "small.whl").read_bytes() == ARCHIVE
    assert sorted(os.listdir(tmp_path)) == ["pip", "small-1.0-py3-none-any.whl", "small.whl"]


def test_another_file_from_pip_is_refused(pip: ScriptedPip, server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "small-1.0-py3-none-any.whl").write_bytes(b"other")
    locked = server.put("/small.whl", Page(b"log in", status=401, content_type="text/plain"))
    pip.answer(locked, wheel=str(tmp_path / "small-1.0-py3-none-any.whl"))
    with pytest.raises(DownloadError, match="another file"):
        pip.fetch(tmp_path / "small.whl")
    assert not (tmp_path / "small.whl").exists()


def test_a_registry_that_offers_another_checksum_is_not_used(
    pip: ScriptedPip, server: FileServer, tmp_path: Path
) -> None:
    pip.answer(server.put("/small.whl", Page(ARCHIVE)), sha256="0" * 64)
    with pytest.raises(DownloadError, match="offers another"):
        pip.fetch(tmp_path / "small.whl")
    assert server.asked == []


def test_pips_own_reason_is_told(pip: ScriptedPip, tmp_path: Path) -> None:
    pip.answer(fault="No matching distribution found for small-model==1.0")
    with pytest.raises(DownloadError, match="did not give small-model") as caught:
        pip.fetch(tmp_path / "small.whl")
    assert "No matching distribution" in caught.value.why
    assert caught.value.may_retry


def test_a_python_without_pip_is_told_how_to_get_it(pip: ScriptedPip, tmp_path: Path) -> None:
    pip.answer(fault="/usr/bin/python3: No module named pip")
    with pytest.raises(DownloadError, match="no pip") as caught:
        pip.fetch(tmp_path / "small.whl")
    assert "ensurepip" in caught.value.fix


@pytest.mark.parametrize("report", ["", "{}", '{"install": []}', '{"install": [{"download_info": {}}]}', "[]", "3"])
def test_an_answer_that_is_no_report_is_told(pip: ScriptedPip, tmp_path: Path, report: str) -> None:
    pip.answer(report=report)
    with pytest.raises(DownloadError, match="can't be read"):
        pip.fetch(tmp_path / "small.whl")


def test_an_interpreter_that_is_gone_is_told(tmp_path: Path) -> None:
    registry = Registry(Downloader(), (str(tmp_path / "no-python"),))
    with pytest.raises(DownloadError, match="did not give"):
        registry.fetch(SOURCE, tmp_path / "small.whl", lambda *_: None)


@pytest.mark.network
def test_the_real_registry_has_the_wheels_of_the_catalogue() -> None:
    registry = Registry(Downloader())
    for model in load_catalogue().models:
        for source in model.sources:
            if not isinstance(source, PackageSource):
                continue
            try:
                remote = registry.locate(source)
            except DownloadError as error:
                if error.may_retry:
                    pytest.skip(f"no registry answers: {error.why}")
                raise
            assert remote.sha256 == source.sha256
