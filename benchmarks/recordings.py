"""Recordings of a folder with manifest.jsonl, as 16 kHz mono PCM and as frames."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, AudioFrame
from assistant.core.errors import InputError

FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Recording:
    """One line of a manifest."""

    path: Path
    transcript: str
    group: str
    """What the line calls its kind: domain, channel, label or language."""
    wake_word: str
    is_positive: bool
    language: str

    def pcm(self) -> bytes:
        """16 kHz mono int16. Raises InputError when no program can decode the file."""
        return decoded(self.path)


def read_manifest(folder: Path, limit: int = 0) -> Sequence[Recording]:
    """All recordings of a folder, or of its folders. Raises InputError where no manifest is."""
    manifests = sorted(folder.glob("*.jsonl")) or sorted(folder.glob("*/*.jsonl"))
    if not manifests:
        raise InputError(f"no manifest (*.jsonl) in {folder}", fix="give a folder of recordings with --data")
    found = [recording for manifest in manifests for recording in _lines(manifest)]
    return _spread(found, limit)


def _lines(manifest: Path) -> Iterator[Recording]:
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            file = str(fields["file"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise InputError(f"{manifest} line {number} is no recording", why=str(error)) from error
        kinds = (fields.get(key) for key in ("domain", "channel", "label", "lang"))
        yield Recording(
            manifest.parent / file,
            str(fields.get("transcript") or ""),
            next((str(kind).split(" (")[0] for kind in kinds if kind), "all"),
            str(fields.get("wake_word") or ""),
            bool(fields.get("positive", False)),
            str(fields.get("lang") or ""),
        )


def _spread(found: Sequence[Recording], limit: int) -> Sequence[Recording]:
    """At most `limit`, evenly from the whole list."""
    if limit <= 0 or limit >= len(found):
        return found
    return [found[place * len(found) // limit] for place in range(limit)]


def decoded(path: Path) -> bytes:
    """PCM of a FLAC, WAV or other file that flac or sox can read."""
    result = subprocess.run(_command(path), capture_output=True, timeout=_LIMIT_S, check=False)
    if result.returncode != 0:
        raise InputError(f"{path} can't be decoded", why=result.stderr.decode("utf-8", "replace").strip()[-300:])
    return result.stdout


def _command(path: Path) -> list[str]:
    if sox := shutil.which("sox"):
        form = ["-t", "raw", "-r", str(RATE_HZ), "-c", "1", "-e", "signed-integer", "-b", "16", "-L", "-"]
        return [sox, "-V1", "-D", str(path), *form]
    if path.suffix == ".flac" and (flac := shutil.which("flac")):
        return [flac, "-dcs", "--force-raw-format", "--endian=little", "--sign=signed", str(path)]
    raise InputError(
        f"{path.name} can't be decoded: neither sox nor flac is installed", fix="run: apt-get install sox flac"
    )


def frames_of(pcm: bytes) -> Iterator[AudioFrame]:
    """Frames of FRAME_SAMPLES, from second 0; an incomplete last one is filled with silence."""
    for start in range(0, len(pcm), FRAME_BYTES):
        piece = pcm[start : start + FRAME_BYTES]
        end = start + FRAME_BYTES
        yield AudioFrame(piece.ljust(FRAME_BYTES, b"\x00"), end / SAMPLE_BYTES / RATE_HZ)


def silence(seconds: float) -> bytes:
    """Zeros."""
    return bytes(int(seconds * RATE_HZ) * SAMPLE_BYTES)


def seconds_of(pcm: bytes) -> float:
    """Length in seconds."""
    return len(pcm) / SAMPLE_BYTES / RATE_HZ
