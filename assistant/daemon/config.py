"""Reads the configuration: TOML file, then environment; all faults are shown together, each with the nearest key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from assistant.core.errors import ConfigError
from assistant.core.settings import Settings
from assistant.daemon.paths import Paths, config_file, paths_from

ENVIRONMENT_ALIASES = {
    "ASSISTANT_LANGUAGE": "ASSISTANT_GENERAL_LANGUAGE",
    "ASSISTANT_ZONE": "ASSISTANT_GENERAL_ZONE",
    "ASSISTANT_DATA_DIR": "ASSISTANT_DAEMON_DATA_DIR",
    "ASSISTANT_MODELS_DIR": "ASSISTANT_DAEMON_MODELS_DIR",
}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force and where they came from."""

    settings: Settings
    paths: Paths
    file: Path
    has_file: bool
    from_environment: tuple[str, ...]


def load_config(environ: Mapping[str, str], file: Path | None = None) -> Config:
    """Read file and environment. Raises ConfigError with every fault."""
    path = file or config_file(environ)
    has_file = path.exists()
    if file is not None and not has_file:
        raise ConfigError(f"there is no configuration file {path}", fix="run `assistant config init`")
    values = _read(path) if has_file else {}
    names = _apply_environment(values, environ)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(
            f"the configuration {path if has_file else 'from the environment'} can't be used:\n{_faults(error)}",
            fix="correct these keys; `assistant config show` prints all that exist",
        ) from error
    return Config(settings, paths_from(settings.daemon, environ), path, has_file, tuple(names))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML", why=str(error), fix="correct that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read", why=str(error), fix="check its permissions and encoding") from error


def _apply_environment(values: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    used = []
    known = {f"ASSISTANT_{section}_{key}".upper(): (section, key) for section, key in keys()}
    for name, text in environ.items():
        target = known.get(ENVIRONMENT_ALIASES.get(name, name))
        if target is None:
            continue
        section, key = target
        table = values.setdefault(section, {})
        if isinstance(table, dict):
            is_list = str(Settings.model_fields[section].annotation.model_fields[key].annotation).startswith("tuple")  # type: ignore[union-attr]  # every section is a Section
            table[key] = [part.strip() for part in text.split(",") if part.strip()] if is_list else text
            used.append(name)
    return used


def keys() -> list[tuple[str, str]]:
    """Every (section, key) that exists."""
    return [
        (section, key)
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for key in field.annotation.model_fields
    ]


def _faults(error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        path = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            lines.append(f"  {path}: no such key{_nearest(fault['loc'])}")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            lines.append(f"  {path} = {fault['input']!r}: {message}")
    return "\n".join(lines)


def _nearest(loc: tuple[int | str, ...]) -> str:
    if len(loc) == 1:
        candidates = list(Settings.model_fields)
        homes = [f"{section}.{key}" for section, key in keys() if key == loc[0]]
        near = homes or difflib.get_close_matches(str(loc[0]), candidates, n=1)
    else:
        candidates = [key for section, key in keys() if section == loc[0]]
        elsewhere = [f"{section}.{key}" for section, key in keys() if key == loc[1]]
        near = difflib.get_close_matches(str(loc[1]), candidates, n=1) or elsewhere
    return f"; did you mean {near[0]!r}?" if near else ""


def as_toml(settings: Settings, *, with_comments: bool) -> str:
    """The settings as a TOML text; with comments each key carries its description (secrets are left out)."""
    lines = []
    for section, field in Settings.model_fields.items():
        table = getattr(settings, section)
        if isinstance(table, tuple):
            lines += _repeated(section, table)
            continue
        lines.append(f"[{section}]")
        for key, key_field in type(table).model_fields.items():
            value = getattr(table, key)
            if with_comments:
                lines.append(f"# {key_field.description}")
            text = _toml_value(value)
            is_idle = text is None or (with_comments and value == getattr(field.default, key))
            lines.append(("# " if is_idle else "") + f"{key} = " + (text or '""'))
        lines.append("")
    return "\n".join(lines)


def _repeated(section: str, tables: Sequence[BaseModel]) -> list[str]:
    """Sections that may stand any number of times: what differs from the default, of each."""
    lines = []
    for table in tables:
        keys = [(key, getattr(table, key)) for key in sorted(table.model_fields_set)]
        lines += [f"[[{section}]]", *(f"{key} = {_toml_value(value)}" for key, value in keys), ""]
    return lines


def _toml_value(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case SecretStr():
            return '"(hidden)"' if value.get_secret_value() else '""'
        case tuple():
            return "[" + ", ".join(_toml_value(item) or '""' for item in value) + "]"
        case int() | float():
            return str(value)
        case _:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
