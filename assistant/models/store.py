"""Where models lie on disk: one folder per id, checked against the catalogue before it is handed out."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.core.errors import ModelDamaged, ModelError, ModelMissing
from assistant.models.catalogue import Catalogue, Model, ModelFile, clean_path, load_catalogue
from assistant.models.checksum import first_wrong_size, first_wrong_sum, sha256_of
from assistant.models.disk import disk_error

MANIFEST = ".manifest.json"
"""In the folder of a model without catalogued files: what its archive, itself verified, held, or what was built."""
_MANIFEST_TYPE = TypeAdapter(tuple[ModelFile, ...])


class ModelStore:
    """The models folder. Reading needs no write permission and no network."""

    def __init__(self, models_dir: Path, catalogue: Catalogue | None = None) -> None:
        self.models_dir = models_dir
        self.catalogue = catalogue or load_catalogue()

    def folder(self, model_id: str) -> Path:
        """Where the model lies or would lie. Raises ModelError for an id that is no plain name."""
        model = self.catalogue.find(model_id)
        if model is not None and model.bundled:
            return _package_folder(model)
        try:
            clean_path(model_id)
        except ValueError as error:
            raise ModelError(f"not a model id: {model_id!r}", fix="see `assistant models list`") from error
        return self.models_dir / model_id

    def path(self, model_id: str) -> Path:
        """The model's folder, its sizes checked. Raises ModelMissing or ModelDamaged with the fix.

        A folder of the user's own that the catalogue doesn't know is handed out as it is.
        """
        self.quick_check(model_id)
        return self.folder(model_id)

    def is_installed(self, model_id: str) -> bool:
        """True when the model is there and its files have the right sizes."""
        try:
            self.quick_check(model_id)
        except ModelError:
            return False
        return True

    def quick_check(self, model_id: str) -> None:
        """Check that all files are there, by size; cheap enough for every start. Raises ModelMissing, ModelDamaged."""
        folder = self.folder(model_id)
        try:
            is_there = folder.is_dir()
            fault = first_wrong_size(folder, self._expected(model_id) or ()) if is_there else None
        except OSError as error:
            raise ModelDamaged(
                f"the model {model_id} can't be read",
                why=f"{folder}: {error.strerror}",
                fix=f"give this user read permission to {folder}",
            ) from error
        if not is_there:
            raise _missing(model_id, folder, known=self.catalogue.find(model_id) is not None)
        if fault:
            raise _damaged(model_id, fault)

    def verify(self, model_id: str) -> None:
        """Check every byte against its SHA-256. Raises ModelMissing, ModelDamaged."""
        self.quick_check(model_id)
        model = self.catalogue.get(model_id)
        if model.bundled:
            return
        folder = self.folder(model_id)
        files = self._expected(model_id)
        if files is None:
            raise _damaged(model_id, f"{folder / MANIFEST} is missing, so its files can't be verified")
        try:
            fault = first_wrong_sum(folder, files)
        except OSError as error:
            raise _damaged(model_id, f"{folder} can't be read: {error.strerror}") from error
        if fault:
            raise _damaged(model_id, fault)

    def installed(self) -> tuple[Model, ...]:
        """The catalogue's models that are there."""
        return tuple(model for model in self.catalogue.models if self.is_installed(model.id))

    def remove(self, model_id: str) -> None:
        """Delete the model's folder. Raises ModelMissing when it isn't there, ModelError when it can't be deleted."""
        model = self.catalogue.find(model_id)
        if model is not None and model.bundled:
            raise ModelError(f"{model_id} is part of the package {model.package} and can't be removed")
        folder = self.folder(model_id)
        if not folder.is_dir():
            raise _missing(model_id, folder, known=model is not None)
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise disk_error(folder, error) from error

    def _expected(self, model_id: str) -> tuple[ModelFile, ...] | None:
        """The catalogue's files, else the manifest's, else None: a folder put there by hand."""
        model = self.catalogue.find(model_id)
        if model is not None and (model.files or model.bundled):
            return model.files
        return read_manifest(self.folder(model_id), model_id)


def read_manifest(folder: Path, model_id: str) -> tuple[ModelFile, ...] | None:
    """What the manifest lists; None without one. Raises ModelDamaged for one that can't be read."""
    file = folder / MANIFEST
    if not file.exists():
        return None
    try:
        return _MANIFEST_TYPE.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise _damaged(model_id, f"{file} can't be read") from error


def write_manifest(folder: Path, files: tuple[ModelFile, ...]) -> None:
    """Keep what was unpacked. Raises OSError."""
    rows = [file.model_dump() for file in files]
    (folder / MANIFEST).write_text(json.dumps(rows, indent=1), encoding="utf-8")


def seal(folder: Path) -> None:
    """Keep what a folder that was made here holds now, so that it can be verified later. Raises OSError."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != MANIFEST)
    write_manifest(
        folder,
        tuple(
            ModelFile(path=str(file.relative_to(folder)), size_bytes=file.stat().st_size, sha256=sha256_of(file))
            for file in files
        ),
    )


def _package_folder(model: Model) -> Path:
    spec = importlib.util.find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(
            f"the model {model.id} is missing",
            why=f"the Python package {model.package}, which carries it, is not installed",
            fix="reinstall the assistant",
        )
    return Path(spec.submodule_search_locations[0]) / model.folder


def _missing(model_id: str, folder: Path, *, known: bool) -> ModelMissing:
    fix = f"run `assistant models pull {model_id}`" if known else "see `assistant models list`"
    return ModelMissing(f"the model {model_id} is missing", why=f"there is no folder {folder}", fix=fix)


def _damaged(model_id: str, fault: str) -> ModelDamaged:
    fix = f"run `assistant models pull {model_id}`"
    return ModelDamaged(f"the model {model_id} is damaged", why=fault, fix=fix)
