"""A model that is made from another: from the installed one without the network, else from one fetched for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.core.errors import DownloadError, ModelDamaged
from assistant.models.catalogue import Model
from assistant.models.fewer_words import make_fewer_words
from assistant.models.pull import Puller
from tests.models.conftest import (
    FileServer,
    Page,
    RecordingWatch,
    files_of,
    left_over,
    made_model,
    make_zip,
    model_of,
    puller_for,
    source_of,
)
from tests.models.graphs import model_files

WORDS = 3


@dataclass
class Bench:
    """A large model to be had from a server, and the one made from it."""

    server: FileServer
    large: Model
    made: Model
    models_dir: Path
    watch: RecordingWatch

    def puller(self) -> Puller:
        return puller_for(self.models_dir, self.large, self.made, watch=self.watch)


@pytest.fixture
def bench(server: FileServer, tmp_path: Path) -> Bench:
    files = model_files(tmp_path / "large")
    make_fewer_words(tmp_path / "large", tmp_path / "cut", words=WORDS, also="켜줘", progress=lambda *_: None)
    cut = {str(path.relative_to(tmp_path / "cut")): path for path in (tmp_path / "cut").rglob("*") if path.is_file()}
    archive = make_zip(files)
    source = source_of(server.put("/large.zip", Page(archive)), archive)
    large = model_of(source, model_id="large").model_copy(
        update={"files": files_of(files), "size_bytes": sum(map(len, files.values()))}
    )
    made = made_model(large, {name: path.read_bytes() for name, path in cut.items()}, WORDS)
    return Bench(server, large, made, tmp_path / "models", RecordingWatch())


def test_it_is_made_from_the_installed_one_without_the_network(bench: Bench) -> None:
    puller = bench.puller()
    puller.pull("large")
    bench.server.asked.clear()
    assert puller.pull("made")
    puller.store.verify("made")
    puller.store.verify("large")
    assert bench.server.asked == []
    assert left_over(bench.models_dir) == []
    assert not puller.pull("made"), "what is there is not made again"


def test_what_was_fetched_for_the_making_is_not_kept(bench: Bench) -> None:
    puller = bench.puller()
    assert puller.pull("made")
    puller.store.verify("made")
    assert not (bench.models_dir / "large").exists()
    assert left_over(bench.models_dir) == []
    assert bench.watch.told == [f"trying {bench.large.sources[0].label}", "installed made"]


def test_a_damaged_installed_one_is_not_used(bench: Bench) -> None:
    puller = bench.puller()
    puller.pull("large")
    file = bench.models_dir / "large" / "graph/HCLr.fst"
    file.write_bytes(bytes(file.stat().st_size))
    puller.pull("made")
    puller.store.verify("made")


def test_nothing_is_installed_when_the_larger_one_can_not_be_had(bench: Bench) -> None:
    bench.server.pages.clear()
    with pytest.raises(DownloadError, match="large"):
        bench.puller().pull("made")
    assert not (bench.models_dir / "made").exists()
    assert left_over(bench.models_dir) == []


def test_what_differs_from_the_catalogue_is_not_installed(bench: Bench) -> None:
    bench.made = made_model(bench.large, {"graph/Gr.fst": b"other"}, WORDS)
    with pytest.raises(ModelDamaged, match="made from large") as caught:
        bench.puller().pull("made")
    assert "assistant models pull large" in caught.value.fix
    assert not (bench.models_dir / "made").exists()
    assert left_over(bench.models_dir) == []
