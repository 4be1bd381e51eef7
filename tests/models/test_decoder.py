"""A language model is built out of what its source publishes; only the built one stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.core.errors import DownloadError, ModelDamaged, ModelError
from assistant.models.catalogue import Decoder, FilesSource, Model, ModelSource, Task
from assistant.models.fetch import Progress
from assistant.models.pull import DecoderBuilder, Puller
from tests.models.conftest import (
    ARCHIVE,
    FILES,
    FileServer,
    Page,
    RecordingWatch,
    files_of,
    left_over,
    puller_for,
    source_of,
)

WEIGHTS = "am/final.mdl"


def decoder_of(*sources: ModelSource) -> Model:
    """A language model that is built from FILES."""
    return Model(
        id="talker",
        task=Task.LLM,
        languages=("en",),
        licence="MIT",
        description="a talker",
        home="https://example.org",
        size_bytes=1000,
        ram_mb=1,
        sources=sources,
        decoder=Decoder(weights=WEIGHTS, files=files_of(FILES)),
    )


def twice(weights: Path, folder: Path, progress: Progress) -> None:
    """A builder whose models are their weights twice, beside what else was published."""
    assert (weights.parent.parent / "conf/model.conf").exists()
    (folder / "built").write_bytes(weights.read_bytes() * 2)
    progress(1, 1)


@dataclass
class Bench:
    server: FileServer
    models_dir: Path
    watch: RecordingWatch

    def puller(self, model: Model, builder: DecoderBuilder | None = twice) -> Puller:
        plain = puller_for(self.models_dir, model, watch=self.watch)
        return Puller(plain.store, plain.downloader, plain.registry, self.watch, builder)

    def published(self) -> FilesSource:
        for name, content in FILES.items():
            self.server.put(f"/published/{name}", Page(content))
        return FilesSource(
            kind="files",
            url=f"http://127.0.0.1:{self.server.server_port}/published",
            size_bytes=sum(map(len, FILES.values())),
        )


@pytest.fixture
def bench(server: FileServer, tmp_path: Path) -> Bench:
    return Bench(server, tmp_path / "models", RecordingWatch())


def test_it_is_built_out_of_an_archive_and_can_be_verified(bench: Bench) -> None:
    puller = bench.puller(decoder_of(source_of(bench.server.put("/one.zip", Page(ARCHIVE)))))
    assert puller.pull("talker")
    assert (bench.models_dir / "talker/built").read_bytes() == FILES[WEIGHTS] * 2
    puller.store.verify("talker")
    assert left_over(bench.models_dir) == []
    assert not puller.pull("talker")
    (bench.models_dir / "talker/built").write_bytes(FILES[WEIGHTS] + bytes(len(FILES[WEIGHTS])))
    with pytest.raises(ModelDamaged, match="wrong checksum"):
        puller.store.verify("talker")


def test_it_is_built_out_of_single_files(bench: Bench) -> None:
    puller = bench.puller(decoder_of(bench.published()))
    assert puller.pull("talker")
    puller.store.verify("talker")
    assert left_over(bench.models_dir) == []
    assert max(bench.watch.bytes_done) == sum(map(len, FILES.values()))


def test_of_single_files_what_came_is_not_asked_for_again(bench: Bench) -> None:
    source = bench.published()
    missing = bench.server.pages.pop("/published/conf/model.conf")
    puller = bench.puller(decoder_of(source))
    with pytest.raises(DownloadError):
        puller.pull("talker")
    bench.server.pages["/published/conf/model.conf"] = missing
    bench.server.asked.clear()
    assert puller.pull("talker")
    assert {path for path, _ in bench.server.asked} == {"/published/conf/model.conf"}


def test_single_files_of_wrong_bytes_are_refused(bench: Bench) -> None:
    source = bench.published()
    bench.server.pages[f"/published/{WEIGHTS}"] = Page(bytes(len(FILES[WEIGHTS])))
    with pytest.raises(DownloadError, match="no source"):
        bench.puller(decoder_of(source)).pull("talker")
    assert not (bench.models_dir / "talker").exists()


def test_a_build_that_fails_leaves_nothing_but_its_reason(bench: Bench) -> None:
    def fails(weights: Path, folder: Path, progress: Progress) -> None:
        (folder / "half").write_bytes(b"half")
        raise ModelError("the built model differs too much from its source")

    with pytest.raises(ModelError, match="differs too much"):
        bench.puller(decoder_of(bench.published()), fails).pull("talker")
    assert left_over(bench.models_dir) == []
    assert not (bench.models_dir / "talker").exists()


def test_without_a_builder_it_is_told(bench: Bench) -> None:
    with pytest.raises(ModelError, match="can't be built here"):
        bench.puller(decoder_of(bench.published()), None).pull("talker")
    assert bench.server.asked == []


@pytest.mark.parametrize(
    "changes",
    [{"decoder": None}, {"task": "asr"}, {"files": files_of(FILES)}, {"sources": ()}],
    ids=["unbuilt", "another task", "with files", "without sources"],
)
def test_a_catalogue_entry_of_a_language_model_is_whole(changes: dict[str, object], bench: Bench) -> None:
    with pytest.raises(ValidationError):
        Model.model_validate(decoder_of(bench.published()).model_dump() | changes)
