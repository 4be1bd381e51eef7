"""The assistant as a process of its own: started with its own folders and port, asked, watched, killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, Any]
PROGRAM = (str(Path(sys.executable).with_name("assistant")),)
READY_LIMIT_S = 30.0
STEP_S = 0.02
_END = b"end"
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_START")


def free_port() -> int:
    """A TCP port on loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(what: str, look: Callable[[], T | None], limit_s: float) -> T:
    """What `look` gives once that is true. Raises AssertionError naming `what` after `limit_s`."""
    limit = time.monotonic() + limit_s
    while not (found := look()):
        if time.monotonic() > limit:
            raise AssertionError(f"not within {limit_s} s: {what}")
        time.sleep(STEP_S)
    return found


class NotifySocket:
    """What systemd listens at; `messages` are the fields of all that came, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.messages: list[dict[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._reader = threading.Thread(target=self._read, name="notify")
        self._reader.start()

    def has(self, **fields: str) -> bool:
        """True once one message held all these fields."""
        return any(fields.items() <= message.items() for message in self.messages)

    def close(self) -> None:
        """End the reader and the socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(_END, str(self.path))
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        while (datagram := self._socket.recv(4096)) != _END:
            self.messages.append(dict(line.split("=", 1) for line in datagram.decode().splitlines()))


class Daemon:
    """`assistant run` in a folder of its own. `environ` are settings: MQTT_MODE="off" becomes ASSISTANT_MQTT_MODE."""

    def __init__(self, folder: Path, models_dir: Path, sound: Mapping[str, str], **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.data_dir = folder / "data"
        self.log_file = folder / "log"
        self.notify = NotifySocket(folder / "notify")
        settings = {"DATA_DIR": str(self.data_dir), "MODELS_DIR": str(models_dir), "MQTT_PORT": str(self.port)}
        settings |= {"LLM_PLANNER": "false", "LLM_CHAT": "false"}  # a test that needs the language model says so
        self.environ = {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "HOME": str(folder),
            **sound,
            "LANG": "C.UTF-8",
            **{f"ASSISTANT_{name}": value for name, value in {**settings, **environ}.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    # ── the process ──────────────────────────────────────────────────────────────────────────────

    def start(self, *arguments: str, more_environ: Mapping[str, str] | None = None, waits: bool = True) -> Daemon:
        """Start it; returns when it told systemd that it is ready."""
        self.launch((*PROGRAM, "run", *arguments), more_environ or {})
        if waits:
            self.wait_ready()
        return self

    def launch(self, command: Sequence[str], more_environ: Mapping[str, str]) -> None:
        """Start any command line in the daemon's environment, with a fresh log."""
        environ = {**self.environ, "NOTIFY_SOCKET": str(self.notify.path), **more_environ}
        self.notify.messages.clear()
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environ, start_new_session=True
            )

    def wait_ready(self) -> None:
        """Wait for READY=1. Raises AssertionError with the log when it ends or takes too long."""

        def look() -> bool:
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.log_text()}"
            return self.notify.has(READY="1")

        wait_until("READY=1", look, READY_LIMIT_S)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    def rss_mb(self) -> float:
        """Resident memory now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def kill(self) -> None:
        """Signal 9: nothing is tidied up."""
        self.process.kill()
        self.process.wait(5)

    def terminate(self) -> float:
        """SIGTERM; gives the seconds until it was gone. The exit status is `process.returncode`."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        return time.monotonic() - began

    def close(self) -> None:
        """End whatever is left of it."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)
        self.notify.close()

    # ── talking to it ────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A raw connection to the control socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(str(self.data_dir / "run/control.sock"))
            yield client

    def request(self, command: str, **values: object) -> Row:
        """One request on the control socket; the answer, good or bad."""
        with self.connected() as client, client.makefile("rwb") as stream:
            stream.write(json.dumps({"command": command, **values}).encode() + b"\n")
            stream.flush()
            answer: Row = json.loads(stream.readline())
            return answer

    def ask(self, text: str) -> str:
        """The reply to a typed sentence."""
        answer = self.request("ask", text=text)
        assert answer["ok"], answer
        return str(answer["reply"])

    def outcomes(self, text: str) -> list[str]:
        """The statuses of what a typed sentence led to."""
        return [outcome["status"] for outcome in self.request("ask", text=text)["turn"]["outcomes"]]

    def cli(self, *arguments: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Another `assistant …` command in the same environment."""
        return subprocess.run(
            (*PROGRAM, *arguments), input=stdin, env={**self.environ, **environ}, capture_output=True, encoding="utf-8",
            timeout=60,
        )  # fmt: skip

    # ── its log ──────────────────────────────────────────────────────────────────────────────────

    def log_text(self) -> str:
        """All that it wrote since its last start."""
        return self.log_file.read_text(encoding="utf-8")

    def log(self) -> list[Row]:
        """The log's lines; each must be JSON."""
        return [json.loads(line) for line in self.log_text().splitlines() if line.endswith("}")]

    def logged(self, message: str, **fields: object) -> list[Row]:
        """Lines with this message and these fields."""
        return [row for row in self.log() if row["message"] == message and fields.items() <= row.items()]

    def wait_logged(self, message: str, limit_s: float = 10.0, **fields: object) -> Row:
        """The first line with this message and these fields."""
        return wait_until(f"log line {message!r} {fields}", lambda: self.logged(message, **fields), limit_s)[0]


@contextmanager
def installed(models_dir: Path, sound: Mapping[str, str] | None = None, **environ: str) -> Iterator[Daemon]:
    """A daemon that was not started yet, in a folder that goes afterwards (short: sockets have short names)."""
    folder = Path(tempfile.mkdtemp(prefix="assistant-"))
    daemon = Daemon(folder, models_dir, sound or {}, **environ)
    try:
        yield daemon
    finally:
        daemon.close()
        shutil.rmtree(folder, ignore_errors=True)
