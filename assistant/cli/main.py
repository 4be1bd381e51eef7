"""The command `assistant`: its parts, and the one place where an error becomes an exit code."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer
import typer.core

from assistant import __version__
from assistant.cli import talk
from assistant.cli.terminal import Exit, arguments, exit_code, out, print_error, speak_utf8
from assistant.core.errors import AssistantError

GROUPS = {
    "alarms": ("assistant.cli.alarms", "app"),
    "audio": ("assistant.cli.audio", "app"),
    "calendar": ("assistant.cli.calendar", "app"),
    "config": ("assistant.cli.config", "app"),
    "home": ("assistant.cli.home", "app"),
    "lists": ("assistant.cli.lists", "app"),
    "models": ("assistant.cli.models", "app"),
    "reminders": ("assistant.cli.reminders", "app"),
    "service": ("assistant.cli.service", "app"),
    "skills": ("assistant.cli.skills", "app"),
    "timers": ("assistant.cli.timers", "app"),
}
"""Groups of commands: module and typer application. Each is imported when it is called: a weak board feels the rest."""


class LazyGroup(typer.core.TyperGroup):
    """The root, whose groups are loaded when they are needed. Typer keeps its click private, hence `Any`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in order."""
        return sorted([*super().list_commands(ctx), *GROUPS])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command, imported now if it is a group."""
        if cmd_name not in GROUPS:
            return super().get_command(ctx, cmd_name)
        module, name = GROUPS[cmd_name]
        command = typer.main.get_command(getattr(importlib.import_module(module), name))
        command.name = cmd_name
        return command


app = typer.Typer(
    name="assistant",
    cls=LazyGroup,
    help="A voice assistant that works with the network cable out. Exit codes: 0 done, 1 failed, "
    "2 wrong arguments or configuration, 3 another instance runs, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
talk.register(app)


@app.command()
def version(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the version."""
    out.print(f'{{"version": "{__version__}"}}' if as_json else __version__)


def main() -> None:
    """Run the command line; known errors are told in words, others keep their traceback."""
    speak_utf8()
    try:
        app(arguments())
    except AssistantError as error:
        print_error(error)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # the reader of our output went away (`| head`); nothing is left to say
        sys.stderr.close()
        sys.exit(Exit.FAILED)
