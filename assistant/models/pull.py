"""Pulls models: each source in order, one pull at a time, and nothing half-installed."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.core.errors import DownloadError, ModelDamaged, ModelError
from assistant.models.catalogue import ArchiveSource, Decoder, FewerWords, FilesSource, Model, ModelSource
from assistant.models.checksum import first_wrong_sum
from assistant.models.disk import disk_faults, exclusive, make_folder, require_space
from assistant.models.fetch import Downloader, Progress, Remote
from assistant.models.recommend import Choice
from assistant.models.registry import Registry
from assistant.models.store import ModelStore, seal
from assistant.models.unpack import Packed, unpack

_LOGGER = logging.getLogger(__name__)
_WORK = ".downloads"
"""In the models folder: archives on their way and the locks."""


DecoderBuilder = Callable[[Path, Path, Progress], None]
"""Fills an empty folder with a language model out of the published weights (which lie beside what else was published).

The models room fetches and checks; whoever makes the puller gives the builder, which knows the insides of models.
"""


class PullWatch(Protocol):
    """Who is told how a pull goes."""

    def waiting(self, model: Model) -> None:
        """Another pull of the same model is at work; this one waits for it."""
        ...

    def trying(self, model: Model, source: ModelSource) -> None:
        """A source is asked."""
        ...

    def progress(self, model: Model, step: str, done: int, total: int) -> None:
        """Bytes done of a step: download, unpack or make."""
        ...

    def source_failed(self, model: Model, source: ModelSource, error: DownloadError) -> None:
        """A source gave nothing usable; the next is tried."""
        ...

    def installed(self, model: Model) -> None:
        """The model is in place, every byte checked."""
        ...

    def using_instead(self, wanted: Model, used: Model, why: str) -> None:
        """`wanted` could not be had, `used` serves."""
        ...


@dataclass(frozen=True, slots=True)
class Puller:
    """Brings models into a store."""

    store: ModelStore
    downloader: Downloader
    registry: Registry
    watch: PullWatch
    build_decoder: DecoderBuilder | None = None
    """None: language models can't be pulled."""

    def pull(self, model_id: str) -> bool:
        """Make the model be there; False when it was already, and then nothing was asked of the network.

        Raises DownloadError when no source helped, ModelError for faults of the disk or an unknown id.
        """
        model = self.store.catalogue.get(model_id)
        if self.store.is_installed(model_id):
            return False
        if model.bundled:
            self.store.path(model_id)  # says which package is missing
        work = self.store.models_dir / _WORK
        make_folder(work)
        with exclusive(work / f"{model_id}.lock", lambda: self.watch.waiting(model)):
            if self.store.is_installed(model_id):
                return False
            if model.fewer_words:
                self._make(model, model.fewer_words, work)
            elif model.decoder:
                self._build(model, model.decoder, work)
            else:
                self._pull_from_any(model, work, self.store.folder(model_id))
        self.watch.installed(model)
        return True

    def pull_choice(self, choice: Choice) -> str:
        """Serve a need by the first id that can be had; one that is there already serves it without the network.

        Returns the id that serves. Raises DownloadError with all reasons when none can be had.
        """
        for model_id in choice.ids:
            if self.store.is_installed(model_id):
                return model_id
        wanted = self.store.catalogue.get(choice.ids[0])
        reasons: list[str] = []
        for model_id in choice.ids:
            try:
                self.pull(model_id)
            except DownloadError as error:
                reasons.append(f"{model_id}: {error.why}")
                continue
            if model_id != wanted.id:
                self.watch.using_instead(wanted, self.store.catalogue.get(model_id), choice.why)
            return model_id
        raise DownloadError(
            f"no model for {choice.need} could be had",
            why="; ".join(reasons),
            fix="check the network (and REQUESTS_CA_BUNDLE, HTTPS_PROXY where a proxy stands between), then pull again",
            may_retry=True,
        )

    def _make(self, model: Model, wish: FewerWords, work: Path) -> None:
        # only here: numpy takes memory that other commands don't need
        from assistant.models.fewer_words import make_fewer_words

        larger = self.store.catalogue.get(wish.of)
        unfinished = self.store.models_dir / f".make-{model.id}"
        lock = exclusive(work / f"{larger.id}.lock", lambda: self.watch.waiting(larger))
        with lock, self._at_hand(larger, work) as source, disk_faults(unfinished), _fresh_folder(unfinished) as folder:
            require_space(work, model.size_bytes)
            progress = self._step(model, "make")
            make_fewer_words(source, folder, words=wish.words, also=wish.also, progress=progress)
            if fault := first_wrong_sum(folder, model.files):
                raise ModelDamaged(
                    f"{model.id}, made from {larger.id}, differs from the catalogue",
                    why=fault,
                    fix=f"use {larger.id} itself: `assistant models pull {larger.id}`",
                )
            _on_disk(folder)
            _put_in_place(folder, self.store.folder(model.id))

    def _build(self, model: Model, decoder: Decoder, work: Path) -> None:
        if self.build_decoder is None:
            raise ModelError(f"{model.id} can't be built here", fix=f"run `assistant models pull {model.id}`")
        passing, unfinished = (self.store.models_dir / f".{kind}-{model.id}" for kind in ("passing", "make"))
        with disk_faults(passing), _fresh_folder(passing), _fresh_folder(unfinished) as folder:
            self._pull_from_any(model, work, passing)
            require_space(work, model.size_bytes)
            self.build_decoder(passing / decoder.weights, folder, self._step(model, "make"))
            seal(folder)
            _on_disk(folder)
            _put_in_place(folder, self.store.folder(model.id))

    @contextmanager
    def _at_hand(self, model: Model, work: Path) -> Iterator[Path]:
        """A folder with every byte of the model: the installed one, else one that is gone afterwards."""
        try:
            self.store.verify(model.id)
        except ModelError:
            passing = self.store.models_dir / f".passing-{model.id}"
            with disk_faults(passing), _fresh_folder(passing):
                self._pull_from_any(model, work, passing)
                yield passing
        else:
            yield self.store.folder(model.id)

    def _pull_from_any(self, model: Model, work: Path, target: Path) -> None:
        reasons: list[str] = []
        for source in model.sources:
            self.watch.trying(model, source)
            try:
                self._pull_from(model, source, work, target)
            except DownloadError as error:
                _LOGGER.info("model source failed", extra={"model": model.id, "code": error.code})
                self.watch.source_failed(model, source, error)
                reasons.append(f"{error.what}: {error.why}" if error.why else error.what)
            else:
                return
        raise DownloadError(
            f"no source of the model {model.id} answered with the right bytes",
            why="; ".join(reasons),
            fix=f"check the network, then run `assistant models pull {model.id}`",
            may_retry=True,
        )

    def _pull_from(self, model: Model, source: ModelSource, work: Path, target: Path) -> None:
        unpacked = self.store.models_dir / f".unpack-{model.id}"
        with disk_faults(unpacked), _fresh_folder(unpacked) as folder:
            if isinstance(source, FilesSource):
                done = self._fetch_files(model, source, work, folder)
            else:
                done = self._fetch_archive(model, source, work, folder)
            _put_in_place(folder, target)
        for file in done:
            file.unlink(missing_ok=True)

    def _fetch_files(self, model: Model, source: FilesSource, work: Path, folder: Path) -> list[Path]:
        """Fill the folder with each of the published files; what came whole is kept for a next try."""
        arrived = {file: work / f"{file.sha256[:16]}-{file.path.replace('/', '-')}" for file in model.published}
        require_space(work, sum(_missing_bytes(path, file.size_bytes) for file, path in arrived.items()))
        progress = self._step(model, "download")
        before = 0
        for file, path in arrived.items():
            remote = Remote(f"{source.url}/{file.path}", file.size_bytes, file.sha256)
            self.downloader.download(remote, path, _shifted(progress, before, source.size_bytes))
            before += file.size_bytes
        for file, path in arrived.items():
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            path.rename(folder / file.path)
        return []

    def _fetch_archive(self, model: Model, source: Packed, work: Path, folder: Path) -> list[Path]:
        """Fill the folder out of the archive; it can be deleted when all is in place."""
        archive = work / source.file_name
        require_space(work, _missing_bytes(archive, source.size_bytes) + model.size_bytes)
        self._fetch(source, archive, self._step(model, "download"))
        try:
            unpack(archive, model, source, folder, self._step(model, "unpack"))
        except DownloadError:
            # an archive of the right checksum that can't be used will not get better by keeping it
            archive.unlink(missing_ok=True)
            raise
        return [archive]

    def _fetch(self, source: Packed, archive: Path, progress: Progress) -> None:
        if isinstance(source, ArchiveSource):
            self.downloader.download(Remote(source.url, source.size_bytes, source.sha256), archive, progress)
        else:
            self.registry.fetch(source, archive, progress)

    def _step(self, model: Model, step: str) -> Progress:
        return lambda done, total: self.watch.progress(model, step, done, total)


def _missing_bytes(target: Path, size_bytes: int) -> int:
    """What is still to come of a download."""
    part = target.with_name(target.name + ".part")
    have = max((path.stat().st_size for path in (target, part) if path.exists()), default=0)
    return max(0, size_bytes - have)


def _shifted(progress: Progress, before: int, total: int) -> Progress:
    """Progress of one file as progress of all."""
    return lambda done, _: progress(min(before + done, total), total)


@contextmanager
def _fresh_folder(folder: Path) -> Iterator[Path]:
    """An empty folder, gone afterwards unless it was renamed; rests of a killed pull are cleared first."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        if folder.exists():
            shutil.rmtree(folder)


def _on_disk(folder: Path) -> None:
    """Wait until every file is written: a power cut must not leave names without bytes."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())


def _put_in_place(folder: Path, target: Path) -> None:
    """Rename the filled folder to its final name; a damaged one there is moved away first."""
    old = target.with_name(f".old-{target.name}")
    with disk_faults(target):
        if old.exists():
            shutil.rmtree(old)
        if target.exists():
            target.rename(old)
        folder.rename(target)
        if old.exists():
            shutil.rmtree(old)
