"""Where configuration, data, models and the control socket lie, for a person (XDG) and under systemd."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from assistant.core.errors import StoreError
from assistant.core.settings import DaemonSettings

SYSTEM_CONFIG = Path("/etc/assistant/config.toml")
SYSTEM_SOCKET = Path("/run/assistant/control.sock")
APP = "assistant"
SOCKET_NAME_BYTES = 107
"""No unix socket can have a longer path (unix(7))."""


@dataclass(frozen=True, slots=True)
class Paths:
    """All folders and files of one instance."""

    data_dir: Path
    models_dir: Path
    runtime_dir: Path

    @property
    def database(self) -> Path:
        """Timers, reminders and skills' notes."""
        return self.data_dir / "assistant.sqlite"

    @property
    def skills_dir(self) -> Path:
        """The user's own skills."""
        return self.data_dir / "skills"

    @property
    def prompts_dir(self) -> Path:
        """What the language model has read of prompts that stay; may be removed at any time."""
        return self.data_dir / "prompts"

    @property
    def control_socket(self) -> Path:
        """The unix socket of the running daemon."""
        return self.runtime_dir / "control.sock"

    @property
    def lock_file(self) -> Path:
        """Held by the one instance that owns the data folder."""
        return self.data_dir / "instance.lock"

    @property
    def home_file(self) -> Path:
        """The user's own names, areas and floors of the home."""
        return self.data_dir / "home.toml"

    @property
    def given_names(self) -> Path:
        """Names and areas that were given by voice."""
        return self.data_dir / "names.json"

    @property
    def hub_id_file(self) -> Path:
        """The stable id of this hub on the broker."""
        return self.data_dir / "hub-id"

    def prepare(self) -> None:
        """Make the folders, closed to others. Raises StoreError naming the folder and the fix."""
        too_long = len(os.fsencode(self.control_socket)) - SOCKET_NAME_BYTES
        if too_long > 0:
            raise StoreError(
                f"the name of the control socket {self.control_socket} is too long",
                why=f"a socket's path takes {SOCKET_NAME_BYTES} bytes at most",
                fix=f"set daemon.data_dir to a folder whose name is {too_long} bytes shorter",
            )
        for folder in (self.data_dir, self.models_dir, self.runtime_dir, self.skills_dir):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                probe = folder / ".write-probe"
                if folder != self.models_dir:
                    probe.write_bytes(b"")
                    probe.unlink()
            except OSError as error:
                raise StoreError(
                    f"can't write to the folder {folder}",
                    why=error.strerror or str(error),
                    fix=f"give this user write permission to {folder}, or set daemon.data_dir to another folder",
                ) from error


def paths_from(settings: DaemonSettings, environ: Mapping[str, str]) -> Paths:
    """Settings first, then systemd's folders, then XDG."""
    state = environ.get("STATE_DIRECTORY", "").split(":")[0]
    data_dir = settings.data_dir or Path(state or platformdirs.user_data_dir(APP))
    models_dir = settings.models_dir or data_dir / "models"
    runtime = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if not runtime and settings.data_dir is None and environ.get("XDG_RUNTIME_DIR"):
        runtime = str(Path(environ["XDG_RUNTIME_DIR"]) / APP)
    runtime_dir = Path(runtime) if runtime else data_dir / "run"
    return Paths(data_dir.expanduser().absolute(), models_dir.expanduser().absolute(), runtime_dir.absolute())


def config_file(environ: Mapping[str, str]) -> Path:
    """The file that would be read: $ASSISTANT_CONFIG, the user's own, else the system's."""
    if named := environ.get("ASSISTANT_CONFIG"):
        return Path(named).expanduser()
    own = Path(platformdirs.user_config_dir(APP)) / "config.toml"
    return own if own.exists() or not SYSTEM_CONFIG.exists() else SYSTEM_CONFIG
