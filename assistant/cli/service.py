"""`assistant service`: the systemd service."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.terminal import Exit, current_config, out
from assistant.daemon.service import UNIT, Layout, ServiceError, install, uninstall

app = typer.Typer(help="Install and look after the systemd service.", no_args_is_help=True)
Root = Annotated[Path, typer.Option(help="Stage below this folder instead of the real machine.")]


@app.command("install")
def install_command(
    root: Root = Path("/"),
    start: Annotated[bool, typer.Option("--start/--no-start", help="Enable and start it now.")] = True,
) -> None:
    """Put unit, user, folders, configuration and models in place, and start the service."""
    program = Path(sys.argv[0]).absolute()
    for step in install(Layout(root), current_config(), program, start=start):
        out.print(f"✓ {step}", markup=False)


@app.command("uninstall")
def uninstall_command(root: Root = Path("/")) -> None:
    """Stop and remove the service; configuration and data stay."""
    for step in uninstall(Layout(root)):
        out.print(f"✓ {step}", markup=False)


@app.command()
def status() -> None:
    """What systemd says of the service."""
    raise typer.Exit(_systemd("systemctl", "status", "--no-pager", UNIT))


@app.command()
def logs(follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep on printing.")] = False) -> None:
    """The service's log."""
    more = ["--follow"] if follow else ["--no-pager", "-n", "200"]
    raise typer.Exit(_systemd("journalctl", "-u", UNIT, "-o", "cat", *more))


def _systemd(program: str, *arguments: str) -> int:
    path = shutil.which(program)
    if path is None:
        raise ServiceError(f"{program} is not here", why="this machine does not run systemd")
    try:
        return subprocess.run([path, *arguments], check=False).returncode
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
