"""Recognisers on recorded sentences: word (Korean: letter) error rate, sentences right, speed and memory."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from assistant.core.errors import AssistantError, ConfigError, InputError, ModelError
from assistant.core.ports import Recogniser
from assistant.core.settings import RecogniserSettings
from assistant.hearing import SileroDetector, recogniser_for
from benchmarks.models import store
from benchmarks.recordings import FRAME_BYTES, Recording, frames_of, read_manifest, seconds_of
from benchmarks.report import percentile, rounded
from benchmarks.words import comparable, distance

NAME = "asr"
ENGINES = ("vosk", "moonshine", "whisper")
_BEFORE_S, _AFTER_S = 0.3, 0.4
_SPEECH = 0.5
_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--phrases", type=Path, help="sentences to expect, one a line (grammar); none: open speech")
    parser.add_argument("--own-phrases", action="store_true", help="expect the data's own sentences (best case)")
    parser.add_argument("--model", default="", help="id of the engine's model")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Every engine that can hear the language, each in a process of its own, so that memory is its own."""
    if args.data is None:
        raise InputError("asr needs recordings", fix="give a folder with manifest.jsonl: --data FOLDER")
    if args.engine:
        return {args.engine: _measure_engine(args)}
    figures: dict[str, object] = {}
    for engine in ENGINES:
        figures |= _in_own_process(args, engine)
    return figures


def _in_own_process(args: argparse.Namespace, engine: str) -> Mapping[str, object]:
    """The figures of one engine, or why it couldn't be measured."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks", NAME, "--engine", engine, "--json", str(result)]
        command += ["--data", str(args.data), "--lang", args.lang, "--limit", str(args.limit)]
        command += ["--phrases", str(args.phrases)] if args.phrases else []
        command += ["--own-phrases"] if args.own_phrases else []
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return {engine: {"not_measured": run.stderr.strip()[-300:]}}
        figures: Mapping[str, object] = json.loads(result.read_text(encoding="utf-8"))
        return figures


@dataclass(slots=True)
class _Tally:
    """Sums over the sentences of one group."""

    errors: int = 0
    words: int = 0
    right: int = 0
    n: int = 0
    audio_s: float = 0.0
    busy_s: float = 0.0
    late_ms: list[float] = field(default_factory=list)

    def figures(self, language: str) -> dict[str, object]:
        rate = "cer" if language == "ko" else "wer"
        return {
            rate: rounded(self.errors / self.words, 4) if self.words else None,
            "command_right": rounded(self.right / self.n, 4) if self.n else None,
            "n": self.n,
            "rtf": rounded(self.busy_s / self.audio_s) if self.audio_s else None,
            "p50_ms": rounded(percentile(self.late_ms, 50), 1),
            "p95_ms": rounded(percentile(self.late_ms, 95), 1),
        }


def _measure_engine(args: argparse.Namespace) -> dict[str, object]:
    recordings = [one for one in read_manifest(args.data) if one.transcript]
    language = args.lang or next((one.language for one in recordings if one.language), "en")
    recordings = [one for one in recordings if one.language in ("", language)][:: _stride(len(recordings), args.limit)]
    recogniser = _recogniser(args, language)
    began_s = time.perf_counter()
    recogniser.load()
    load_s = time.perf_counter() - began_s
    left_out = recogniser.set_phrases(_phrases(args, recordings))
    groups: dict[str, _Tally] = {}
    whole = _Tally()
    for recording in recordings:
        _read(recogniser, recording, language, (whole, groups.setdefault(recording.group, _Tally())))
    figures = whole.figures(language)
    figures |= {"load_s": rounded(load_s), "rss_mb": round(psutil.Process().memory_info().rss / _MEGABYTE)}
    figures["words_left_out"] = len(left_out)
    return figures | {"by_group": {name: tally.figures(language) for name, tally in sorted(groups.items())}}


def _stride(count: int, limit: int) -> int:
    return max(1, -(-count // limit)) if limit > 0 else 1


def _recogniser(args: argparse.Namespace, language: str) -> Recogniser:
    settings = RecogniserSettings(engine=args.engine, model=args.model)
    try:
        return recogniser_for(settings, language, store()).recogniser
    except (ConfigError, ModelError) as error:
        raise AssistantError(f"{args.engine} can't be measured", why=str(error)) from error


def _phrases(args: argparse.Namespace, recordings: Sequence[Recording]) -> Sequence[str]:
    phrases = args.phrases.read_text(encoding="utf-8").splitlines() if args.phrases else []
    return [*phrases, *({one.transcript for one in recordings} if args.own_phrases else ())]


def _read(recogniser: Recogniser, recording: Recording, language: str, tallies: Sequence[_Tally]) -> None:
    """Feed one recording as it would come from a microphone and count what came of it."""
    pcm = spoken_part(recording.pcm())
    stream = recogniser.open()
    ready_s = busy_s = 0.0
    for number, start in enumerate(range(0, len(pcm), FRAME_BYTES), 1):
        began_s = time.perf_counter()
        stream.accept(pcm[start : start + FRAME_BYTES])
        spent_s = time.perf_counter() - began_s
        busy_s += spent_s
        ready_s = max(ready_s, number * FRAME_BYTES / 32_000) + spent_s
    began_s = time.perf_counter()
    text = stream.finish().text
    spent_s = time.perf_counter() - began_s
    late_s = max(ready_s, seconds_of(pcm)) + spent_s - seconds_of(pcm)
    wanted, heard = comparable(recording.transcript, language), comparable(text, language)
    for tally in tallies:
        tally.errors += distance(wanted, heard)
        tally.words += len(wanted)
        tally.right += wanted == heard
        tally.n += 1
        tally.audio_s += seconds_of(pcm)
        tally.busy_s += busy_s + spent_s
        tally.late_ms.append(late_s * 1000)


def spoken_part(pcm: bytes) -> bytes:
    """The recording from just before its speech to just after it, as the endpointer would cut it."""
    detector = SileroDetector()
    spoken = [place for place, frame in enumerate(frames_of(pcm)) if detector.probability(frame) >= _SPEECH]
    if not spoken:
        return pcm
    before, after = int(_BEFORE_S * 16_000) * 2, int(_AFTER_S * 16_000) * 2
    return pcm[max(0, spoken[0] * FRAME_BYTES - before) : (spoken[-1] + 1) * FRAME_BYTES + after]
