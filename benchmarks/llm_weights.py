"""The weights that a model was built from, as their publisher has them: what a peer reads, and KL is held against."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from assistant.core.errors import DownloadError, InputError
from assistant.llm.form import Origin
from assistant.models import ModelStore
from assistant.models.catalogue import Model, ModelSource
from assistant.models.checksum import sha256_of
from assistant.models.fetch import Downloader, Progress
from assistant.models.pull import Puller, PullWatch
from assistant.models.registry import Registry

KEPT = Path(__file__).parent.parent / "out" / "peers"
"""Where they are kept from run to run."""
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "SSL_CERT_FILE")


def weights_of(origin: Origin, model_id: str, folder: Path = KEPT) -> Path:
    """The file that a model was built from: kept, or pulled anew from the catalogue's sources. Raises InputError,
    DownloadError, ModelError."""
    kept = folder / Path(origin.id).name
    if not _is_it(kept, origin):
        folder.mkdir(parents=True, exist_ok=True)
        _pull(model_id, kept)
    if not _is_it(kept, origin):
        raise InputError(
            f"the published weights of {model_id} are not those that it was built from",
            fix="build it again, or give them as --gguf",
        )
    return kept


def _is_it(file: Path, origin: Origin) -> bool:
    return file.is_file() and sha256_of(file) == origin.sha256


def _pull(model_id: str, target: Path) -> None:
    """As the assistant pulls it, up to where it would build."""

    def keep(published: Path, built: Path, _: Progress) -> None:
        shutil.copyfile(published, target)
        (built / "kept").touch()

    bundle = next((os.environ[name] for name in _BUNDLES if os.environ.get(name)), "")
    downloader = Downloader(ca_bundle=bundle)
    with tempfile.TemporaryDirectory(dir=target.parent) as passing:
        Puller(ModelStore(Path(passing)), downloader, Registry(downloader), _Quiet(), keep).pull(model_id)


class _Quiet(PullWatch):
    """Nobody watches."""

    def waiting(self, model: Model) -> None:
        """Nothing is told."""

    def trying(self, model: Model, source: ModelSource) -> None:
        """Nothing is told."""

    def progress(self, model: Model, step: str, done: int, total: int) -> None:
        """Nothing is told."""

    def source_failed(self, model: Model, source: ModelSource, error: DownloadError) -> None:
        """The error of the last source is raised."""

    def installed(self, model: Model) -> None:
        """Nothing is told."""

    def using_instead(self, wanted: Model, used: Model, why: str) -> None:
        """Nothing is told."""
