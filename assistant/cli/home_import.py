"""`assistant home import-zigbee2mqtt`: names and areas out of Zigbee2MQTT's settings into the user's own file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import current_config, out
from assistant.core.errors import InputError, StoreError

SETTINGS = "configuration.yaml"
MAX_BYTES = 5_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import-zigbee2mqtt")(import_bridge)


def import_bridge(
    source: Annotated[Path, typer.Argument(help="Zigbee2MQTT's data folder, or its configuration.yaml.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be added.")] = False,
) -> None:
    """Take names and areas over from Zigbee2MQTT into home.toml; what stands there already is left as it is."""
    from assistant.home.areas import HomeFile, read_home_file
    from assistant.home.bridge_settings import as_entries, missing_from, named_things

    file = current_config().paths.home_file
    old = _text(file) if file.exists() else ""
    known = read_home_file(old, str(file)) if old else HomeFile()
    things = missing_from(known, named_things(bridge_settings(source)))
    table = Table("device or group", "name", "area")
    for thing in things:
        table.add_row(Text(thing.key), Text(thing.name), Text(thing.area))
    out.print(table if things else "There is nothing new.")
    if things and not dry_run:
        text = old + as_entries(things)
        read_home_file(text, str(file))
        _write(file, text)
        out.print(f"Added to {file}.", markup=False)


def bridge_settings(source: Path) -> dict[str, Any]:
    """The bridge's settings, with devices and groups that it keeps in files of their own. Raises InputError."""
    file = source / SETTINGS if source.is_dir() else source
    settings = _yaml(file)
    return settings | {key: _table(settings.get(key), file.parent) for key in ("devices", "groups")}


def _table(raw: object, folder: Path) -> dict[object, object]:
    """A table, or what the files hold that are named in its place."""
    names = raw if isinstance(raw, list) else [raw]
    tables = [_yaml(folder / name) if isinstance(name, str) else name for name in names]
    return {key: value for each in tables if isinstance(each, dict) for key, value in each.items()}


def _yaml(file: Path) -> dict[str, Any]:
    import yaml  # type: ignore[import-untyped]  # it has no types

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # it has no types
        """Plain YAML: `!secret` and the like are not looked up, addresses are no numbers."""

    Loader.add_multi_constructor("!", lambda *_: None)
    Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: loader.construct_scalar(node))
    text = _text(file)
    try:
        settings = yaml.load(text, Loader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise InputError(f"{file} can't be read", why="it is no YAML", fix="name Zigbee2MQTT's data folder") from error
    if not isinstance(settings, dict):
        raise InputError(f"{file} holds no settings", fix="name Zigbee2MQTT's data folder")
    return settings


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"{file} is too large")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or "it is no text"
        raise InputError(f"{file} can't be read", why=why, fix="name Zigbee2MQTT's data folder") from error


def _write(file: Path, text: str) -> None:
    new = file.with_suffix(".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise StoreError(
            f"{file} can't be written", why=error.strerror or str(error), fix="run this as the assistant's user"
        ) from error
