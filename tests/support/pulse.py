"""A private PulseAudio for tests: a room to speak into (its monitor is the microphone) and a speaker to listen at."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ROOM = "va_room"
SPEAKER = "va_speaker"
MICROPHONE = "va_mic"
RATE_HZ = 16_000
START_LIMIT_S = 10.0
PLAY_LATENCY_MS = 200
"""What is said into the room must not stutter on a busy machine."""
SINK_PERIOD_S = 2.0
"""A null sink works in periods of two seconds until its first client with low latency has played for one of them."""

ASOUND = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
ctl.pulse { type pulse }
"""

_NAMES = ("PULSE_SERVER", "ALSA_CONFIG_PATH", "PULSE_SOURCE", "PULSE_SINK")


def is_installed() -> bool:
    """True if the programs that the tests need are there."""
    return all(shutil.which(name) for name in ("pulseaudio", "pactl", "pacat", "parec"))


class Pulse:
    """One running server and its room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "asound.conf").write_text(ASOUND)
        self.env = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
            "PULSE_SOURCE": MICROPHONE,
            "PULSE_SINK": SPEAKER,
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._hum: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the server and wait until it answers and its sinks run in short periods."""
        self._server = subprocess.Popen(self._command(), env={**os.environ, **self._home()}, **_QUIET)
        limit = time.monotonic() + START_LIMIT_S
        while self._pactl("info", check=False).returncode != 0:
            if time.monotonic() > limit:
                raise RuntimeError(f"PulseAudio did not start: {(self.folder / 'pulse.log').read_text()[-2000:]}")
            time.sleep(0.05)
        self._hum = [self._murmur(), self._play(SPEAKER, Path("/dev/zero"))]
        time.sleep(SINK_PERIOD_S)

    def stop(self) -> None:
        """End the server, and all that plays or records there."""
        for player in self._hum:
            os.killpg(player.pid, signal.SIGKILL)
            player.wait()
        self._hum = []
        if self._server:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(10)
            self._server = None

    def play(self, sound: Path | bytes) -> subprocess.Popen[bytes]:
        """Say a WAV file, or 16 kHz mono int16 PCM, into the room; returns at once."""
        if isinstance(sound, Path):
            return subprocess.Popen(["paplay", f"--device={ROOM}", str(sound)], env=self._client_env(), **_QUIET)
        path = self.folder / "said.raw"
        path.write_bytes(sound)
        return self._play(ROOM, path, PLAY_LATENCY_MS)

    @contextmanager
    def hear(self, sink: str = SPEAKER) -> Iterator[Path]:
        """Record what the speaker (or the room) plays, as 16 kHz mono int16, into the file that is yielded."""
        path = self.folder / f"heard-{time.monotonic_ns()}.raw"
        command = ["parec", "-d", f"{sink}.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        with path.open("wb") as out:
            recorder = subprocess.Popen(
                [*command, "--latency-msec=20"], stdin=subprocess.DEVNULL, stdout=out, env=self._client_env()
            )
            try:
                yield path
            finally:
                recorder.terminate()
                recorder.wait(5)

    @contextmanager
    def near(self) -> Iterator[None]:
        """The microphone stands by the speaker: the room hears what the speaker plays (echo, barge-in)."""
        self._pactl("load-module", "module-loopback", f"source={SPEAKER}.monitor", f"sink={ROOM}", "latency_msec=20")
        try:
            yield
        finally:
            self._pactl("unload-module", "module-loopback")

    def unplug_microphone(self) -> None:
        """The microphone vanishes."""
        self._pactl("unload-module", "module-remap-source")

    def plug_microphone(self) -> None:
        """The microphone comes (back)."""
        self._pactl("load-module", "module-remap-source", f"master={ROOM}.monitor", f"source_name={MICROPHONE}")

    def _murmur(self) -> subprocess.Popen[bytes]:
        """A room is never quite silent: one or two steps of noise, without end, keep its sink awake."""
        path = self.folder / "murmur.raw"
        path.write_bytes(np.random.default_rng(1).integers(-2, 3, 10 * RATE_HZ).astype("<i2").tobytes())
        command = f"while cat {path}; do :; done | {' '.join(_pacat(ROOM))}"
        return subprocess.Popen(["sh", "-c", command], env=self._client_env(), start_new_session=True, **_QUIET)

    def _play(self, sink: str, path: Path, latency_ms: int = 20) -> subprocess.Popen[bytes]:
        command = [*_pacat(sink, latency_ms), str(path)]
        return subprocess.Popen(command, env=self._client_env(), start_new_session=True, **_QUIET)

    def _pactl(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *arguments], env=self._client_env(), check=check, capture_output=True, timeout=10
        )

    def _client_env(self) -> dict[str, str]:
        return {**os.environ, **self._home(), **self.env}

    def _home(self) -> dict[str, str]:
        return {"XDG_RUNTIME_DIR": str(self.folder), "HOME": str(self.folder)}

    def _command(self) -> list[str]:
        sink = f"rate={RATE_HZ} channels=1 format=s16le"
        modules = (
            f"module-native-protocol-unix socket={self.folder}/native auth-anonymous=1",
            f"module-null-sink sink_name={SPEAKER} {sink}",
            f"module-null-sink sink_name={ROOM} {sink}",
            f"module-remap-source master={ROOM}.monitor source_name={MICROPHONE}",
        )
        flags = ["--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--disable-shm=yes", "--use-pid-file=no"]
        loads = [part for module in modules for part in ("-L", module)]
        return ["pulseaudio", "-n", *flags, f"--log-target=file:{self.folder}/pulse.log", *loads]


def _pacat(sink: str, latency_ms: int = 20) -> list[str]:
    form = ["--format=s16le", f"--rate={RATE_HZ}", "--channels=1", f"--latency-msec={latency_ms}"]
    return ["pacat", "--playback", "-d", sink, *form]


_QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextmanager
def running_pulse() -> Iterator[Pulse]:
    """A server for as long as the block lasts; this process's environment names it meanwhile."""
    before = {name: os.environ.get(name) for name in _NAMES}
    folder = Path(tempfile.mkdtemp(prefix="pulse-"))
    pulse = Pulse(folder)
    os.environ.update(pulse.env)
    try:
        pulse.start()
        yield pulse
    finally:
        pulse.stop()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)
