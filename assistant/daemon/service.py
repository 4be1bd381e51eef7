"""Installs the assistant as a systemd service: unit, user, folders, configuration and models."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from assistant.core.errors import AssistantError, StoreError
from assistant.core.settings import Settings
from assistant.daemon.config import Config, as_toml
from assistant.daemon.service_network import drop_in, needs_of

UNIT = "assistant.service"
_SOURCES = {
    "assistant.sysusers.conf": Path("etc/sysusers.d/assistant.conf"),
    "assistant.tmpfiles.conf": Path("etc/tmpfiles.d/assistant.conf"),
}


class ServiceError(AssistantError):
    """systemd, or the layout it needs, refused."""

    code = "service"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes below `root` ("/" for the real machine, a folder to stage or test)."""

    root: Path

    @property
    def unit(self) -> Path:
        """The unit file."""
        return self.root / "etc/systemd/system" / UNIT

    @property
    def network_drop_in(self) -> Path:
        """Opens the networks that the configuration needs."""
        return self.root / f"etc/systemd/system/{UNIT}.d/10-network.conf"

    @property
    def config(self) -> Path:
        """The system's configuration."""
        return self.root / "etc/assistant/config.toml"

    @property
    def models(self) -> Path:
        """Where the service finds its models."""
        return self.root / "var/lib/assistant/models"


def unit_sources() -> Path:
    """The folder with the unit files: inside the wheel, or beside the package in a checkout."""
    packaged = Path(str(resources.files("assistant.daemon"))) / "systemd"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "systemd"


def render_unit(program: Path) -> str:
    """The unit text that starts `program`; what lies in home folders is bound read-only into the service's view."""
    folders = {_project_folder(program), Path(sys.base_prefix)}
    hidden = sorted(str(folder) for folder in folders if str(folder).startswith(("/home/", "/root/")))
    binds = "\n".join(f"BindReadOnlyPaths={folder}" for folder in hidden)
    text = (unit_sources() / UNIT).read_text(encoding="utf-8")
    return text.replace("@EXEC@", str(program)).replace("@BINDS@\n", binds + "\n" if binds else "")


def _project_folder(program: Path) -> Path:
    # PROJECT/.venv/bin/assistant: the editable install points to PROJECT
    return program.parents[2] if len(program.parents) > 3 else program.parent


def install(layout: Layout, config: Config, program: Path, *, start: bool) -> list[str]:
    """Put everything in place; returns a line per step. Asking twice changes nothing more."""
    steps = []
    try:
        _write(layout.unit, render_unit(program))
        steps.append(f"unit {layout.unit}")
        for source, target in _SOURCES.items():
            _write(layout.root / target, (unit_sources() / source).read_text(encoding="utf-8"))
            steps.append(f"wrote {layout.root / target}")
        steps += _network(layout, config.settings)
        if not layout.config.exists():
            _write(layout.config, as_toml(config.settings, with_comments=True))
            steps.append(f"configuration {layout.config}")
        steps += _copy_models(config.paths.models_dir, layout.models)
    except OSError as error:
        raise StoreError(
            f"can't install into {layout.root}", why=str(error), fix="run it as root: sudo assistant service install"
        ) from error
    if layout.root == Path("/"):
        _systemctl_all(start=start)
        steps.append("enabled and started" if start else "ready: sudo systemctl enable --now assistant")
    return steps


def uninstall(layout: Layout) -> list[str]:
    """Take the service away; configuration and data stay (the last line says where)."""
    if layout.root == Path("/"):
        _run(["systemctl", "disable", "--now", UNIT])
    removed = []
    for path in (layout.unit, layout.network_drop_in, *(layout.root / target for target in _SOURCES.values())):
        if path.exists():
            path.unlink()
            removed.append(f"removed {path}")
    if layout.root == Path("/"):
        _run(["systemctl", "daemon-reload"])
    return [*removed, f"kept {layout.config.parent} and {layout.models.parent}: remove them to forget everything"]


def _network(layout: Layout, settings: Settings) -> list[str]:
    needs = [need for need in needs_of(settings) if need.addresses]
    if not needs:
        layout.network_drop_in.unlink(missing_ok=True)
        return []
    _write(layout.network_drop_in, drop_in(needs))
    return [f"{need.addresses} opened for {need.what}: {layout.network_drop_in}" for need in needs]


def _copy_models(source: Path, target: Path) -> list[str]:
    steps = []
    for model in sorted(source.iterdir()) if source.is_dir() else []:
        if model.is_dir() and not model.name.startswith(".") and not (target / model.name).exists():
            shutil.copytree(model, target / model.name)
            steps.append(f"model {model.name}")
    return steps


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _systemctl_all(*, start: bool) -> None:
    _run(["systemd-sysusers"])
    _run(["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/assistant.conf"])
    _run(["chown", "-R", "assistant:assistant", "/var/lib/assistant"])
    _run(["systemctl", "daemon-reload"])
    if start:
        _run(["systemctl", "enable", "--now", UNIT])


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    except FileNotFoundError as error:
        raise ServiceError(
            f"{command[0]} is not here",
            why="this machine does not run systemd",
            fix="start `assistant run` another way",
        ) from error
    except subprocess.CalledProcessError as error:
        raise ServiceError(
            f"`{' '.join(command)}` failed", why=str(error.stderr).strip(), fix="is systemd running here?"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ServiceError(f"`{' '.join(command)}` took over a minute", fix="look at `systemctl status`") from error
