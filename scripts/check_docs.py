"""Generates docs/configuration.md and docs/cli.md from the code (--write), or says whether they are current."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
import typer.core
import typer.main
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from assistant.cli.main import app
from assistant.core.settings import Section, Settings

ROOT = Path(__file__).parents[1]


def configuration() -> str:
    """A table per section: key, default, meaning."""
    lines = [
        "# Configuration",
        "",
        "Generated from `assistant/core/settings.py` by `make docs`. The file is `$ASSISTANT_CONFIG`, else"
        " `~/.config/assistant/config.toml`, else `/etc/assistant/config.toml`; `assistant config init` writes it.",
        "Every key can also be set in the environment as `ASSISTANT_SECTION_KEY` (lists with commas); short forms:"
        " `ASSISTANT_LANGUAGE`, `ASSISTANT_ZONE`, `ASSISTANT_DATA_DIR`, `ASSISTANT_MODELS_DIR`.",
        "Unknown keys and wrong values are errors, all told together.",
    ]
    for section, field in Settings.model_fields.items():
        is_repeated = get_origin(field.annotation) is tuple
        table = get_args(field.annotation)[0] if is_repeated else field.annotation
        if not (isinstance(table, type) and issubclass(table, Section)):
            raise TypeError(f"{section} is no section")
        lines += [
            "",
            f"## [[{section}]]" if is_repeated else f"## [{section}]",
            "",
            str(table.__doc__).strip(),
            "",
            "| key | default | meaning |",
            "|---|---|---|",
        ]
        for key, key_field in table.model_fields.items():
            lines.append(f"| `{key}` | {_default(key_field.default)} | {key_field.description} |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    match value:
        case None | "" | ():
            return "–"
        case SecretStr():
            return "–"
        case tuple():
            return "`" + ", ".join(str(item) for item in value) + "`"
        case bool():
            return f"`{str(value).lower()}`"
        case _ if value is PydanticUndefined:
            return "required"
        case _:
            return f"`{value}`"


def command_line() -> str:
    """A line per command with its options."""
    root = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        "Generated from the code by `make docs`. `assistant COMMAND --help` says more; `assistant --install-completion`"
        " adds shell completion.",
        "",
        "Exit codes: 0 done · 1 failed · 2 wrong arguments or configuration · 3 another instance runs"
        " · 130 interrupted.",
        "",
        "| command | what it does | options |",
        "|---|---|---|",
    ]
    lines += _rows("assistant", root)
    return "\n".join(lines) + "\n"


def _rows(name: str, command: Any) -> list[str]:
    if isinstance(command, typer.core.TyperGroup):
        context = typer.Context(command)
        names = command.list_commands(context)
        children = [(child, command.get_command(context, child)) for child in names]
        return [row for child, part in children if part is not None for row in _rows(f"{name} {child}", part)]
    options = [f"`{param.opts[0]}`" for param in command.params if param.param_type_name == "option"]
    arguments = [f"[{(param.name or '').upper()}]" for param in command.params if param.param_type_name == "argument"]
    summary = (command.help or "").split("\n")[0]
    return [f"| `{' '.join([name, *arguments])}` | {summary} | {' '.join(options)} |"]


def main() -> int:
    """Write or compare; 1 if a page is not current."""
    pages = {ROOT / "docs/configuration.md": configuration(), ROOT / "docs/cli.md": command_line()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--write" in sys.argv:
        for path in stale:
            path.write_text(pages[path], encoding="utf-8")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not current; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
