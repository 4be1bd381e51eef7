"""The command `assistant`: its parts, and the one place where an error becomes an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli import audio, config, models, service, skills, talk, things
from assistant.cli.terminal import Exit, exit_code, out, print_error
from assistant.core.errors import AssistantError

app = typer.Typer(
    name="assistant",
    help="A voice assistant that works with the network cable out. Exit codes: 0 done, 1 failed, "
    "2 wrong arguments or configuration, 3 another instance runs, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
talk.register(app)
app.add_typer(audio.app, name="audio")
app.add_typer(config.app, name="config")
app.add_typer(things.home, name="home")
app.add_typer(models.app, name="models")
app.add_typer(service.app, name="service")
app.add_typer(skills.app, name="skills")
app.add_typer(things.timers, name="timers")


@app.command()
def version(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the version."""
    out.print(f'{{"version": "{__version__}"}}' if as_json else __version__)


def main() -> None:
    """Run the command line; known errors are told in words, others keep their traceback."""
    try:
        app()
    except AssistantError as error:
        print_error(error)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # the reader of our output went away (`| head`); nothing is left to say
        sys.stderr.close()
        sys.exit(Exit.FAILED)
