"""End of speech: how late it is found, and how often a speaker is cut off.

The truth is the last frame that the speech detector calls speech over the whole recording, so the delay is that of
the decision, not of the detector."""

from __future__ import annotations

import argparse
import time

from assistant.core.errors import InputError
from assistant.core.settings import EndpointSettings
from assistant.hearing import Endpointer, SileroDetector
from assistant.hearing.endpoint import SpeechEnded
from benchmarks.recordings import frames_of, read_manifest, silence
from benchmarks.report import percentile, rounded

NAME = "endpoint"
_AFTER_S = 2.0
_CUT_S = 0.1
"""An endpoint so long before the truth cut the speaker off."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--tail", type=float, default=EndpointSettings().tail_s, help="silence that ends an utterance")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """All recordings that have words, each with some silence after it."""
    if args.data is None:
        raise InputError("endpoint needs recordings", fix="give a folder with manifest.jsonl: --data FOLDER")
    settings = EndpointSettings(tail_s=args.tail, max_s=60, wait_s=60)
    delays_ms: list[float] = []
    cut = missed = frames = 0
    spent_s = 0.0
    recordings = [one for one in read_manifest(args.data, args.limit) if one.transcript]
    for recording in recordings:
        began_s = time.perf_counter()
        end_s, truth_s, count = _ends(recording.pcm() + silence(_AFTER_S), settings)
        spent_s += time.perf_counter() - began_s
        frames += count
        if end_s is None or truth_s is None:
            missed += 1
        elif end_s < truth_s - _CUT_S:
            cut += 1
        else:
            delays_ms.append((end_s - truth_s) * 1000)
    heard = len(recordings) - missed
    return {
        "cut_off": rounded(cut / heard, 4) if heard else None,
        "delay_p50_ms": rounded(percentile(delays_ms, 50), 1),
        "delay_p95_ms": rounded(percentile(delays_ms, 95), 1),
        "not_heard": rounded(missed / len(recordings), 4) if recordings else None,
        "n": len(recordings),
        "ms_per_frame": rounded(spent_s / max(1, frames) * 1000),
        "tail_s": args.tail,
    }


def _ends(pcm: bytes, settings: EndpointSettings) -> tuple[float | None, float | None, int]:
    """Second of the (first) endpoint, second of the last speech, and the number of frames."""
    detector, endpointer = SileroDetector(), Endpointer(settings)
    end_s: float | None = None
    truth_s: float | None = None
    count = 0
    for frame in frames_of(pcm):
        probability = detector.probability(frame)
        count += 1
        event = endpointer.feed(frame, probability)
        if isinstance(event, SpeechEnded):
            end_s = event.endpoint_at_s
        if probability >= settings.speech_probability:
            truth_s = frame.at_s
    return end_s, truth_s, count
