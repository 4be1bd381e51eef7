"""Looks at everything the assistant needs and names the fix for each fault; changes nothing."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from assistant import __version__
from assistant.audio import input_devices, output_devices
from assistant.core.errors import AssistantError, ConfigError
from assistant.core.settings import Settings
from assistant.daemon.config import Config, load_config
from assistant.daemon.control import is_daemon_there
from assistant.daemon.zone import home_zone
from assistant.hearing import recogniser_for, wake_detector
from assistant.home.areas import read_home_file
from assistant.models import ModelStore
from assistant.speech import voice_for

BUILT_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock before this was never set."""
LOW_DISK_BYTES = 200_000_000
SPEECH_CHECK_S = 20


class Grade(StrEnum):
    """How a finding is meant."""

    GOOD = "good"
    NOTE = "note"
    """It works, but less than it could."""
    FAULT = "fault"

    @property
    def mark(self) -> str:
        """One sign for a table."""
        return {Grade.GOOD: "✓", Grade.NOTE: "!", Grade.FAULT: "✗"}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    part: str
    grade: Grade
    text: str
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"part": self.part, "grade": self.grade.value, "text": self.text, "fix": self.fix}


def good(part: str, text: str) -> Finding:
    """All is well."""
    return Finding(part, Grade.GOOD, text)


def of_error(part: str, error: AssistantError, grade: Grade = Grade.FAULT) -> Finding:
    """An error as a finding."""
    text = error.what + (f": {error.why}" if error.why else "")
    return Finding(part, grade, text, error.fix)


async def examine() -> list[Finding]:
    """Look at everything. Without a usable configuration only that is said."""
    findings = [_program()]
    try:
        config = load_config(os.environ)
    except ConfigError as error:
        return [*findings, of_error("configuration", error)]
    findings.append(
        good("configuration", str(config.file) if config.has_file else f"defaults ({config.file} is not there)")
    )
    checks: list[Callable[[Config], Iterator[Finding]]] = [
        _folders,
        _database,
        _clock,
        _locale,
        _microphone,
        _speaker,
        _recogniser,
        _wake,
        _llm,
        _broker,
        _names,
        _pin,
        _calendars,
        _running,
    ]
    for check in checks:
        findings += await asyncio.to_thread(_findings, check, config)
    findings.append(await _voice(config))
    return findings


def _findings(check: Callable[[Config], Iterator[Finding]], config: Config) -> list[Finding]:
    return list(check(config))


def _program() -> Finding:
    machine = platform.machine()
    text = f"assistant {__version__}, Python {platform.python_version()}, {platform.system()} {machine}"
    if sys.version_info[:2] not in {(3, 11), (3, 12), (3, 13)}:
        return Finding("program", Grade.NOTE, text, "use Python 3.11, 3.12 or 3.13")
    return good("program", text)


def _folders(config: Config) -> Iterator[Finding]:
    try:
        config.paths.prepare()
    except AssistantError as error:
        yield of_error("data folder", error)
        return
    free = shutil.disk_usage(config.paths.data_dir).free
    text = f"{config.paths.data_dir}, {free // 1_000_000} MB free"
    if free < LOW_DISK_BYTES:
        yield Finding(
            "data folder", Grade.FAULT, text, "free some space: timers and reminders can't be kept without it"
        )
    else:
        yield good("data folder", text)


def _database(config: Config) -> Iterator[Finding]:
    path = config.paths.database
    if not path.exists():
        yield good("database", "none yet; it is made at the first start")
        return
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2) as connection:
            verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        connection.close()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict == "ok":
        yield good("database", str(path))
    else:
        fix = "start the assistant: it sets the file aside and uses the newest backup"
        yield Finding("database", Grade.FAULT, f"{path}: {verdict}", fix)


def _clock(config: Config) -> Iterator[Finding]:
    yield clock_finding(datetime.now(UTC), home_zone(config.settings.general))


def clock_finding(now: datetime, zone: ZoneInfo) -> Finding:
    """Whether the clock can be right."""
    text = f"{now.astimezone(zone):%Y-%m-%d %H:%M} in {zone.key}"
    if now < BUILT_AT:
        fix = "set it: sudo timedatectl set-time …, or add a clock chip"
        return Finding("clock", Grade.FAULT, f"{text}: the clock was never set", fix)
    return good("clock", text)


def _locale(_: Config) -> Iterator[Finding]:
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8":
        yield good("locale", encoding)
    else:
        yield Finding("locale", Grade.NOTE, f"the locale's encoding is {encoding}", "export LANG=C.UTF-8")


def _microphone(config: Config) -> Iterator[Finding]:
    yield _device("microphone", config.settings.audio.microphone, input_devices)


def _speaker(config: Config) -> Iterator[Finding]:
    yield _device("speaker", config.settings.audio.speaker, output_devices)


def _device(part: str, wanted: str, listing: Callable[[], list[Any]]) -> Finding:
    if wanted == "none":
        return Finding(part, Grade.NOTE, f"switched off by audio.{part} = 'none'")
    try:
        devices = listing()
    except AssistantError as error:
        return of_error(part, error)
    matching = [device for device in devices if wanted.casefold() in device.name.casefold()]
    if matching:
        return good(part, next((device.name for device in matching if device.is_default), matching[0].name))
    if devices:
        names = ", ".join(device.name for device in devices)
        return Finding(part, Grade.FAULT, f"none is called {wanted!r}; there are: {names}", f"correct audio.{part}")
    fix = "plug one in and check that this user is in the group audio; the assistant takes it up by itself"
    return Finding(part, Grade.NOTE, "none was found", fix)


def _recogniser(config: Config) -> Iterator[Finding]:
    settings = config.settings
    try:
        choice = recogniser_for(settings.recogniser, settings.general.language, ModelStore(config.paths.models_dir))
        choice.recogniser.load()
    except AssistantError as error:
        yield of_error("recogniser", error)
        return
    yield good("recogniser", f"{choice.recogniser.name} with {choice.model_id}: {choice.why}")


def _wake(config: Config) -> Iterator[Finding]:
    try:
        detector = wake_detector(config.settings.wake, ModelStore(config.paths.models_dir))
    except AssistantError as error:
        yield of_error("wake word", error)
        return
    yield good("wake word", f"{', '.join(detector.words)} ({config.settings.wake.engine})")


def _llm(config: Config) -> Iterator[Finding]:
    # it needs the words of this module
    from assistant.daemon.llm_checks import llm_findings

    yield from llm_findings(config)


def _broker(config: Config) -> Iterator[Finding]:
    # it needs the words of this module
    from assistant.daemon.mqtt_checks import broker_findings, secret_findings

    mqtt = config.settings.mqtt
    if mqtt.mode == "off":
        yield Finding("broker", Grade.NOTE, "switched off by mqtt.mode = 'off': no devices")
        return
    yield from secret_findings(mqtt)
    if mqtt.mode == "external":
        yield from broker_findings(mqtt)
        return
    where = f"{mqtt.host}:{mqtt.port}"
    if _is_open(mqtt.host, mqtt.port) and not is_daemon_there(config.paths.control_socket):
        fix = 'use that broker: mqtt.mode = "external"; or choose a free mqtt.port'
        yield Finding("broker", Grade.FAULT, f"another program has taken the port {where}", fix)
    else:
        yield good("broker", f"embedded, on {where}")


def _is_open(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def _names(config: Config) -> Iterator[Finding]:
    file = config.paths.home_file
    try:
        text = file.read_text(encoding="utf-8")
        names = read_home_file(text, str(file))
    except FileNotFoundError:
        yield good("names", f"{file} is not there: things are called as they announce themselves, and as was said")
    except (OSError, UnicodeDecodeError) as error:
        yield Finding("names", Grade.FAULT, f"{file} can't be read: {error}", "save it as UTF-8, readable for all")
    except ConfigError as error:
        yield of_error("names", error)
    else:
        yield good("names", f"{file}: {len(names.things) + len(names.patterns)} things, {len(names.areas)} areas")


def _pin(config: Config) -> Iterator[Finding]:
    # it needs the words of this module
    from assistant.daemon.pin_checks import pin_findings

    yield from pin_findings(config)


def _calendars(config: Config) -> Iterator[Finding]:
    # it needs the words of this module
    from assistant.daemon.calendar_checks import calendar_findings

    yield from calendar_findings(config)


def _running(config: Config) -> Iterator[Finding]:
    is_there = is_daemon_there(config.paths.control_socket)
    yield good("daemon", "running" if is_there else "not running; `assistant run` starts it")


async def _voice(config: Config) -> Finding:
    settings: Settings = config.settings
    try:
        voice = voice_for(settings.voice, settings.general.language, ModelStore(config.paths.models_dir))
        try:
            async with asyncio.timeout(SPEECH_CHECK_S):
                seconds = sum([chunk.seconds async for chunk in voice.synthesize("1 2 3")])
        finally:
            await voice.close()
    except AssistantError as error:
        return of_error("voice", error)
    except TimeoutError:
        return Finding("voice", Grade.FAULT, f"{settings.voice.engine} made no sound in {SPEECH_CHECK_S} s", "restart")
    if settings.voice.engine == "none":
        return Finding("voice", Grade.NOTE, "switched off by voice.engine = 'none'")
    return good("voice", f"{voice.name} made {seconds:.1f} s of speech")
