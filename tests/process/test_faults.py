"""Each fault of the outside is told in a clear sentence with its fix, and what can go on does."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.process.conftest import Install
from tests.process.daemon import Daemon, wait_until

pytestmark = pytest.mark.process
SILENT = {"AUDIO_MICROPHONE": "none", "AUDIO_SPEAKER": "none", "VOICE_ENGINE": "none"}
QUICK = {**SILENT, "MQTT_MODE": "off"}
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount and become another user")


def findings(daemon: Daemon) -> dict[str, Any]:
    """What the doctor says, by part; it must say it with exit code 1 if there is a fault, else 0."""
    result = daemon.cli("doctor", "--json")
    rows = json.loads(result.stdout)
    assert result.returncode == any(row["grade"] == "fault" for row in rows), result.stderr
    return {row["part"]: row for row in rows}


# ── the broker ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def mosquitto(daemon: Daemon) -> Iterator[None]:
    config = daemon.folder / "mosquitto.conf"
    config.write_text(f"listener {daemon.port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    with subprocess.Popen(["mosquitto", "-c", str(config)], stderr=subprocess.DEVNULL) as broker:
        try:
            yield
        finally:
            broker.terminate()


@pytest.mark.broker
@pytest.mark.skipif(not shutil.which("mosquitto"), reason="mosquitto is not installed (apt install mosquitto)")
def test_a_broker_that_is_away_is_told_and_taken_up_when_it_comes(install: Install) -> None:
    daemon = install(**SILENT, MQTT_MODE="external").start()
    assert daemon.ask("what time is it")
    broker = findings(daemon)["broker"]
    assert broker["grade"] == "fault"
    assert f"127.0.0.1:{daemon.port} can't be reached" in broker["text"]
    assert "start it" in broker["fix"]
    assert daemon.wait_logged("no broker")["level"] == "warning"
    assert not daemon.logged("broker connected")
    told = len(daemon.logged("no broker"))
    with mosquitto(daemon):
        daemon.wait_logged("broker connected", 15)
    wait_until("the loss is told", lambda: len(daemon.logged("no broker")) > told, 10)
    assert daemon.ask("what time is it")
    with mosquitto(daemon):
        wait_until("it is taken up again", lambda: len(daemon.logged("broker connected")) == 2, 15)


def test_a_taken_port_of_the_embedded_broker_is_told_and_taken_up_when_it_is_free(install: Install) -> None:
    daemon = install(**SILENT)
    with socket.create_server(("127.0.0.1", daemon.port)):
        broker = findings(daemon)["broker"]
        assert broker["grade"] == "fault"
        assert "another program has taken the port" in broker["text"]
        assert 'mqtt.mode = "external"' in broker["fix"]
        daemon.start()
        failed = daemon.wait_logged("a part failed", failed_part="home")
        assert "can't listen on" in str(failed["error"])
        assert "choose a free mqtt.port" in str(failed["error"])
        assert daemon.ask("what time is it")
    daemon.wait_logged("broker connected", 15)


# ── the configuration ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [("run",), ("ask", "hello"), ("config", "check"), ("doctor",), ("timers", "list")])
def test_all_faults_of_the_configuration_are_told_at_once_with_exit_code_2(
    install: Install, command: tuple[str, ...]
) -> None:
    daemon = install()
    file = daemon.folder / "config.toml"
    file.write_text('[general]\nlangage = "en"\n[audio]\nvolume_percent = "loud"\n[audo]\nspeaker = ""\n')
    result = daemon.cli(*command, ASSISTANT_CONFIG=str(file))
    said = result.stdout + result.stderr
    assert "general.langage: no such key; did you mean 'language'?" in said
    assert "audio.volume_percent = 'loud'" in said
    assert "audo: no such key; did you mean 'audio'?" in said
    assert str(file) in said
    assert "Traceback" not in said
    assert result.returncode == (1 if command == ("doctor",) else 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[general\n", "line 1"),
        (b'[general]\nname = "\xff"\n', "encoding"),
        (b'[general]\nlanguage = "xx"\n', "general.language = 'xx'"),
        (b"general = 3\n", "general = 3"),
    ],
)
def test_a_configuration_that_is_no_configuration_is_refused_with_the_place(
    install: Install, content: bytes, words: str
) -> None:
    daemon = install()
    file = daemon.folder / "config.toml"
    file.write_bytes(content)
    result = daemon.cli("run", ASSISTANT_CONFIG=str(file))
    assert result.returncode == 2
    assert words in result.stderr
    assert str(file) in result.stderr
    assert "fix:" in result.stderr


# ── models ───────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_model_is_told_with_the_command_that_fetches_it(install: Install) -> None:
    daemon = install(**QUICK)
    models = daemon.folder / "models"
    models.mkdir()
    daemon.environ["ASSISTANT_MODELS_DIR"] = str(models)
    daemon.start()
    why = str(daemon.wait_logged("it can't hear: no recogniser")["error"])
    assert "assistant models pull" in why
    assert "can't hear" in next(message["STATUS"] for message in daemon.notify.messages if "READY" in message)
    assert daemon.ask("what time is it")
    recogniser = findings(daemon)["recogniser"]
    assert recogniser["grade"] == "fault"
    assert "assistant models pull" in recogniser["fix"]


def test_missing_models_of_wake_word_and_voice_cost_those_alone(install: Install) -> None:
    daemon = install(**{**QUICK, "AUDIO_MICROPHONE": "", "WAKE_ENGINE": "openwakeword", "VOICE_ENGINE": "piper"})
    models = daemon.folder / "models"
    models.mkdir()
    daemon.environ["ASSISTANT_MODELS_DIR"] = str(models)
    daemon.start()
    assert "assistant models pull" in str(
        daemon.wait_logged("the voice can't be used; pyttsx3 speaks instead")["error"]
    )
    assert daemon.ask("what time is it")
    found = findings(daemon)
    for part in ("recogniser", "wake word", "voice"):
        assert found[part]["grade"] == "fault"
        assert "assistant models pull" in found[part]["fix"]


@pytest.fixture
def moonshine(models_dir: Path) -> Path:
    folder = models_dir / "moonshine-tiny-en"
    if not folder.is_dir():
        pytest.skip("moonshine-tiny-en was not pulled")
    return folder


def copied(daemon: Daemon, model: Path) -> Path:
    """A copy of the model that the daemon uses and a test may spoil."""
    models = daemon.folder / "models"
    shutil.copytree(model, models / model.name)
    daemon.environ["ASSISTANT_MODELS_DIR"] = str(models)
    return models / model.name


@pytest.mark.models
def test_a_truncated_model_is_told_and_the_rest_serves(install: Install, moonshine: Path) -> None:
    daemon = install(**QUICK)
    file = copied(daemon, moonshine) / "encoder_model.ort"
    os.truncate(file, file.stat().st_size // 2)
    daemon.start()
    why = str(daemon.wait_logged("it can't hear: no recogniser")["error"])
    assert "encoder_model.ort" in why
    assert "assistant models pull moonshine-tiny-en" in why
    assert daemon.ask("what time is it")
    recogniser = findings(daemon)["recogniser"]
    assert recogniser["grade"] == "fault"
    assert "assistant models pull moonshine-tiny-en" in recogniser["fix"]


@pytest.mark.models
def test_a_model_of_the_right_size_with_wrong_bytes_is_told(install: Install, moonshine: Path) -> None:
    daemon = install(**{**QUICK, "AUDIO_MICROPHONE": ""})
    file = copied(daemon, moonshine) / "encoder_model.ort"
    with file.open("r+b") as handle:
        handle.write(b"\x00" * 4096)
    verified = daemon.cli("models", "verify", "moonshine-tiny-en")
    assert verified.returncode == 1
    assert "encoder_model.ort" in verified.stdout + verified.stderr
    assert "assistant models pull moonshine-tiny-en" in verified.stdout + verified.stderr
    daemon.start()
    assert daemon.ask("what time is it")
    why = str(daemon.wait_logged("it can't hear: the recogniser's model can't be used")["error"])
    assert "encoder_model.ort" in why
    assert "models verify" in why
    recogniser = findings(daemon)["recogniser"]
    assert recogniser["grade"] == "fault"
    assert "models verify" in recogniser["fix"]


# ── the disk ─────────────────────────────────────────────────────────────────────────────────────


def test_a_data_folder_that_is_a_file_is_refused_with_the_fix(install: Install) -> None:
    daemon = install(**QUICK)
    daemon.data_dir.write_text("")
    for command in (("run",), ("ask", "hello")):
        result = daemon.cli(*command)
        assert result.returncode == 1
        assert str(daemon.data_dir) in result.stderr
        assert "write permission" in result.stderr
        assert "Traceback" not in result.stderr


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    if result.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@needs_root
def test_a_read_only_data_folder_is_refused_with_the_fix(install: Install) -> None:
    daemon = install(**QUICK)
    with mounted(daemon.data_dir, "ro,size=1m"):
        result = daemon.cli("run")
        folder = findings(daemon)["data folder"]
    with mounted(daemon.data_dir, "size=3m"):
        small = findings(daemon)["data folder"]
    assert small["grade"] == "fault"
    assert "free some space" in small["fix"]
    assert result.returncode == 1
    assert "write permission" in result.stderr
    assert folder["grade"] == "fault"
    assert str(daemon.data_dir) in folder["text"] + folder["fix"]


@needs_root
def test_a_full_disk_is_told_when_a_timer_is_set_and_heals(install: Install) -> None:
    daemon = install(**QUICK)
    with mounted(daemon.data_dir, "size=3m"):
        daemon.start()
        assert daemon.outcomes("set a timer for 20 minutes") == ["done"]
        filler = daemon.data_dir / "filler"
        fill(filler)
        statuses = [status for _ in range(40) for status in daemon.outcomes("set a timer for 30 minutes")]
        assert statuses[-1] == "failed", "nothing told that the disk is full"
        assert daemon.ask("what time is it")
        kept = statuses.count("done") + 1
        assert len(daemon.request("timers")["items"]) == kept
        filler.unlink()
        assert daemon.outcomes("set a timer for 40 minutes") == ["done"]
        daemon.kill()
        daemon.start()
        assert len(daemon.request("timers")["items"]) == kept + 1
        daemon.kill()


def fill(file: Path) -> None:
    """Until nothing more fits."""
    with file.open("wb", buffering=0) as handle:
        for size in (65536, 4096, 512):
            try:
                while True:
                    handle.write(b"x" * size)
            except OSError:
                continue


def test_a_damaged_database_is_told_and_set_aside(install: Install) -> None:
    daemon = install(**QUICK)
    daemon.data_dir.mkdir()
    (daemon.data_dir / "assistant.sqlite").write_bytes(b"no database at all" * 500)
    database = findings(daemon)["database"]
    assert database["grade"] == "fault"
    assert "start the assistant" in database["fix"]
    daemon.start()
    daemon.wait_logged("announcement", key="database_damaged")
    assert daemon.outcomes("set a timer for 20 minutes") == ["done"]
    assert findings(daemon)["database"]["grade"] == "good"
    kept = [file for file in daemon.data_dir.iterdir() if file.is_file()]
    assert any(b"no database at all" in file.read_bytes() for file in kept), "the old file is kept"


def test_a_taken_metrics_port_is_refused_with_the_fix(install: Install) -> None:
    daemon = install(**QUICK)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = daemon.cli("run", ASSISTANT_DAEMON_METRICS_PORT=str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert "the metrics port" in result.stderr
    assert "daemon.metrics_port" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_wake_word_is_refused_with_those_there_are(install: Install) -> None:
    daemon = install(**{**QUICK, "AUDIO_MICROPHONE": ""}, WAKE_WORDS="sesame")
    result = daemon.cli("run")
    assert result.returncode == 2
    assert "sesame" in result.stderr
    assert "okay_nabu" in result.stderr
    assert "Traceback" not in result.stderr


# ── words and locales ────────────────────────────────────────────────────────────────────────────


def test_without_a_locale_korean_is_answered_all_the_same(install: Install) -> None:
    daemon = install(**QUICK, LANGUAGE="ko")
    del daemon.environ["LANG"]
    daemon.environ |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    daemon.start()
    for asked in (daemon.cli("ask", "지금 몇 시야"), daemon.cli("ask", stdin="지금 몇 시야\n")):
        assert asked.returncode == 0, asked.stderr
        assert "지금은" in asked.stdout
    assert daemon.cli("why").returncode == 0
    assert findings(daemon)["locale"]["fix"] == "export LANG=C.UTF-8"


def test_a_data_folder_whose_name_is_too_long_for_a_socket_is_refused_with_the_fix(install: Install) -> None:
    daemon = install(**QUICK)
    long = daemon.folder / ("d" * 120)
    daemon.environ["ASSISTANT_DATA_DIR"] = str(long)
    result = daemon.cli("run")
    assert result.returncode == 1
    assert "too long" in result.stderr
    assert "data_dir" in result.stderr
