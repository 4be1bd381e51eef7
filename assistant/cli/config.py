"""`assistant config`: make, show and check the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.terminal import current_config, out, print_json
from assistant.core.errors import ConfigError
from assistant.core.settings import Settings
from assistant.daemon.config import as_toml, load_config

app = typer.Typer(help="Make, show and check the configuration.", no_args_is_help=True)


@app.command()
def init(
    file: Annotated[Path | None, typer.Option(help="Where to write; default: the file that would be read.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a configuration file with every key, its default and what it means."""
    import os

    from assistant.daemon.paths import config_file

    target = file or config_file(os.environ)
    if target.exists() and not force:
        raise ConfigError(f"{target} exists", fix="edit it, or write it anew with --force")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_toml(Settings(), with_comments=True), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"can't write {target}", why=str(error), fix="choose another place with --file") from error
    out.print(f"wrote {target}")


@app.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Print the settings in force (file and environment); secrets are hidden."""
    config = current_config()
    if as_json:
        print_json(config.settings.model_dump(mode="json"))
        return
    origin = str(config.file) if config.has_file else f"{config.file} (not there: defaults)"
    out.print(f"# from {origin}" + "".join(f", ${name}" for name in config.from_environment))
    out.print(as_toml(config.settings, with_comments=False), markup=False)


@app.command()
def check(file: Annotated[Path | None, typer.Argument(help="A file; default: the one in force.")] = None) -> None:
    """Say whether the configuration can be used; every fault at once."""
    import os

    config = load_config(os.environ, file)
    out.print(f"{config.file if config.has_file else 'defaults'}: good")
