"""The whole road on people's recordings: the product in a simulated home, heard and answered in real time.

Sound comes from the recordings instead of a microphone and goes to a buffer that takes as long as a speaker would;
all else (recogniser, understanding, skills, broker, devices, voice) is the product as it runs."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from assistant.acting.converse import Said
from assistant.core.audio import RATE_HZ
from assistant.core.errors import AssistantError, InputError
from assistant.core.settings import GeneralSettings, RecogniserSettings, Settings
from assistant.core.turn import Situation, Source, Transcript, Turn
from assistant.daemon import stage as stages
from assistant.daemon.brain import Brain
from assistant.daemon.config import Config
from assistant.daemon.paths import Paths
from benchmarks.asr import spoken_part
from benchmarks.cold_start import cold_start_s
from benchmarks.models import store
from benchmarks.recordings import Recording, read_manifest, silence
from benchmarks.report import rounded
from benchmarks.turns import Heard, Tally

NAME = "e2e"
_SPREAD = 60
"""So many recordings are heard unless --limit says otherwise: it takes as long as people take to speak."""
_AFTER_S = 0.6
_BREATH_S = 0.05
_SETTLE_S, _IDLE_S, _SHORT_IDLE_S = 3.0, 30.0, 10.0
_MEGABYTE = 1_000_000
_NEVER_MIND = {"en": "never mind", "ko": "취소"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--groups", default="", help="only these kinds of recordings, e.g. home,misc")
    parser.add_argument("--engines", default="", help="measure these recognisers too, e.g. whisper,vosk")
    parser.add_argument("--turns-only", action="store_true", help="leave out the idle time and the cold start")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Hear the recordings, and whatever else was asked for."""
    if args.data is None:
        raise InputError("e2e needs recordings", fix="give a folder with manifest.jsonl: --data FOLDER")
    recordings = _chosen(args)
    if not recordings:
        raise InputError("no recording of these groups has words", fix="see `domain` in the manifest, and --lang")
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(_hear_all(_config(args, recordings, Path(folder)), recordings, _idle_s(args)))
    figures = tally.figures()
    by_engine: dict[str, object] = {engine: tally.turns_of(engine) for engine in tally.engines()}
    by_engine |= {engine: _in_own_process(args, engine) for engine in args.engines.split(",") if engine}
    figures["by_engine"] = by_engine
    if not args.turns_only:
        figures |= _cold_start(args.engine or "auto", _language(args, recordings))
    return figures


def _cold_start(engine: str, language: str) -> dict[str, object]:
    """Its seconds; or why there are none, which costs the other figures nothing."""
    try:
        return {"cold_start_s": rounded(cold_start_s(engine, language), 2)}
    except AssistantError as error:
        return {"cold_start_s": None, "cold_start_why": str(error)}


def _chosen(args: argparse.Namespace) -> Sequence[Recording]:
    """Recordings with words, of the groups asked for; a spread in which every group has its share."""
    found = [one for one in read_manifest(args.data) if one.transcript]
    language = _language(args, found)
    wanted = [group for group in args.groups.split(",") if group]
    groups: dict[str, list[Recording]] = defaultdict(list)
    for one in found:
        if one.language in ("", language) and (not wanted or one.group in wanted):
            groups[one.group].append(one)
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*groups.values()))
    count = args.limit or (sum(map(len, groups.values())) if wanted else _SPREAD)
    return [one for one in in_turn if one is not None][:count]


def _language(args: argparse.Namespace, recordings: Sequence[Recording]) -> str:
    return args.lang or next((one.language for one in recordings if one.language), "en")


def _config(args: argparse.Namespace, recordings: Sequence[Recording], folder: Path) -> Config:
    general = GeneralSettings.model_validate({"language": _language(args, recordings)})
    recogniser = RecogniserSettings.model_validate({"engine": args.engine or "auto"})
    settings = Settings(general=general, recogniser=recogniser)
    return Config(settings, Paths(folder, store().models_dir, folder / "run"), folder / "none.toml", False, ())


def _idle_s(args: argparse.Namespace) -> float:
    if args.turns_only:
        return 0.0
    return _SHORT_IDLE_S if args.limit else _IDLE_S


def _in_own_process(args: argparse.Namespace, engine: str) -> Mapping[str, object]:
    """The turns of another engine, or why it couldn't be measured."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks", NAME, "--engine", engine, "--json", str(result), "--turns-only"]
        command += ["--data", str(args.data), "--lang", args.lang, "--limit", str(args.limit)]
        command += ["--groups", args.groups]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return {"not_measured": run.stderr.strip()[-300:]}
        figures: dict[str, object] = json.loads(result.read_text(encoding="utf-8"))
        del figures["by_engine"]
        return figures


async def _hear_all(config: Config, recordings: Sequence[Recording], idle_s: float) -> Tally:
    tally = Tally()

    async def on_stage(stage: stages.Stage) -> None:
        if idle_s:
            tally.cpu_idle_percent = await _cpu_idle_percent(stage, idle_s)
        for recording in recordings:
            tally.heard.append(await _hear(stage, recording))
            tally.rss_mb = max(tally.rss_mb, round(psutil.Process().memory_info().rss / _MEGABYTE))
            await _leave_as_found(stage, tally.heard[-1].turn)

    async def at_home(brain: Brain) -> None:
        await stages.with_stage(brain, on_stage)

    await stages.with_home(config, at_home)
    return tally


async def _cpu_idle_percent(stage: stages.Stage, seconds: float) -> float:
    """Share of one core that listening takes while nobody speaks; the room is never quite silent."""
    stage.source.add(_murmur(_SETTLE_S + seconds))
    await asyncio.sleep(_SETTLE_S)
    process = psutil.Process()
    before = process.cpu_times()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / seconds * 100


def _murmur(seconds: float) -> bytes:
    dice = random.Random(1)  # noqa: S311  noise, not a secret
    steps = [dice.randint(-2, 2) for _ in range(int(seconds * RATE_HZ))]
    return struct.pack(f"<{len(steps)}h", *steps)


async def _hear(stage: stages.Stage, recording: Recording) -> Heard:
    language = stage.brain.config.settings.general.language
    said = Transcript(recording.transcript, language, "reference")
    situation = Situation(language, Source.MICROPHONE, stage.brain.area_id)
    wanted = await stage.brain.understanding.understand(said, situation)
    pcm = await asyncio.to_thread(recording.pcm)
    turn = await stage.hear(spoken_part(pcm) + silence(_AFTER_S), opens_mic=True)
    return Heard(recording, wanted.plan, turn)


async def _leave_as_found(stage: stages.Stage, turn: Turn | None) -> None:
    """No timer rings into the next recording, no question waits for it as an answer."""
    schedule = stage.brain.schedule
    await schedule.cancel([item.id for item in schedule.pending()])
    while stage.brain.sounds.is_ringing():
        stage.brain.sounds.stop()
        await asyncio.sleep(_BREATH_S)
    if turn is not None and turn.reply is not None and turn.reply.expects_answer:
        language = stage.brain.config.settings.general.language
        words = Transcript(_NEVER_MIND.get(language, _NEVER_MIND["en"]), language, "reference")
        await stage.brain.conversation.take(Said(words, Source.MICROPHONE))
