"""Wake words: how many are heard, how often something else is taken for one, and what listening costs."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import InputError
from assistant.core.ports import WakeDetector
from assistant.core.settings import WakeSettings
from assistant.hearing.microwakeword import available_words
from assistant.hearing.openwakeword import word_files
from assistant.hearing.wake import OPENWAKEWORD_MODEL, wake_detector
from benchmarks.models import store
from benchmarks.recordings import Recording, frames_of, read_manifest, seconds_of, silence
from benchmarks.report import rounded

NAME = "wake"
ENGINES = ("microwakeword", "openwakeword")
_BEFORE_S, _AFTER_S = 1.5, 1.0
_NEGATIVE_SIBLINGS = ("noise", "commands", "speech")
_HOUR_S = 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--negatives", type=Path, nargs="*", help="folders without wake words [default: its siblings]")
    parser.add_argument("--threshold", type=float, help="score that counts as a hit [default: the model's own]")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Every engine whose models are there."""
    if args.data is None:
        raise InputError("wake needs recordings", fix="give a folder with manifest.jsonl: --data FOLDER")
    spoken = [one for one in read_manifest(args.data, args.limit) if one.is_positive]
    others = [one for one in read_manifest(args.data, args.limit) if not one.is_positive]
    for folder in _negative_folders(args):
        others.extend(read_manifest(folder, args.limit))
    engines = (args.engine,) if args.engine else ENGINES
    return {engine: _measure_engine(engine, args.threshold, spoken, others) for engine in engines}


def _negative_folders(args: argparse.Namespace) -> Sequence[Path]:
    if args.negatives is not None:
        return list(args.negatives)
    siblings = (args.data.resolve().parent / name for name in _NEGATIVE_SIBLINGS)
    return [folder for folder in siblings if folder.is_dir() and list(folder.glob("*.jsonl"))]


@dataclass(slots=True)
class _Cost:
    """Time spent on frames."""

    frames: int = 0
    spent_s: float = 0.0


def _measure_engine(
    engine: str, threshold: float | None, spoken: Sequence[Recording], others: Sequence[Recording]
) -> dict[str, object]:
    known = available_words() if engine == "microwakeword" else tuple(word_files(store().path(OPENWAKEWORD_MODEL)))
    words = tuple(sorted({one.wake_word for one in spoken} & set(known)))
    if not words:
        return {"not_measured": f"no recording has one of its words: {', '.join(known)}"}
    settings = WakeSettings.model_validate({"engine": engine, "words": words, "threshold": threshold})
    detector = wake_detector(settings, store())
    cost = _Cost()
    hits = {word: _positives(detector, [one for one in spoken if one.wake_word == word], cost) for word in words}
    false, hours = _negatives(detector, others, cost)
    figures: dict[str, object] = {
        word: {**found, "false_per_hour": _per_hour(false.get(word, 0), hours)} for word, found in hits.items()
    }
    figures |= {"false_per_hour": _per_hour(sum(false.values()), hours), "hours": rounded(hours)}
    return figures | {"ms_per_frame": rounded(_ms_per_frame(cost))}


def _per_hour(count: int, hours: float) -> float | None:
    return rounded(count / hours) if hours else None


def _ms_per_frame(cost: _Cost) -> float:
    return cost.spent_s / max(1, cost.frames) * 1000


def _positives(detector: WakeDetector, recordings: Sequence[Recording], cost: _Cost) -> dict[str, object]:
    hits = 0
    twice = 0
    for recording in recordings:
        detector.reset()
        words = list(_hits(detector, silence(_BEFORE_S) + recording.pcm() + silence(_AFTER_S), cost))
        hits += recording.wake_word in words
        twice += len(words) > 1
    return {"hit_rate": rounded(hits / len(recordings), 4), "n": len(recordings), "more_than_one_hit": twice}


def _negatives(detector: WakeDetector, recordings: Sequence[Recording], cost: _Cost) -> tuple[Mapping[str, int], float]:
    """False hits by word, and the hours they were found in."""
    seconds = 0.0
    false: dict[str, int] = {}
    detector.reset()
    for recording in recordings:
        pcm = recording.pcm()
        seconds += seconds_of(pcm)
        for word in _hits(detector, pcm, cost):
            false[word] = false.get(word, 0) + 1
    return false, seconds / _HOUR_S


def _hits(detector: WakeDetector, pcm: bytes, cost: _Cost) -> Iterable[str]:
    for frame in frames_of(pcm):
        began_s = time.perf_counter()
        hit = detector.feed(frame)
        cost.spent_s += time.perf_counter() - began_s
        cost.frames += 1
        if hit is not None:
            yield hit.word
