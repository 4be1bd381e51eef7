"""The commands that talk: run, demo, ask, say, listen, why, doctor."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer
from rich.table import Table

from assistant.cli.terminal import Exit, current_config, err, out, print_json, quiet_config, run_async
from assistant.core.errors import InputError

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the root."""
    for command in (run, demo, ask, say, listen, why, doctor):
        app.command()(command)


def run(
    simulate: Annotated[bool, typer.Option("--simulate", help="Announce a simulated home on the broker.")] = False,
    or_demo: Annotated[
        bool, typer.Option("--or-demo", help="Without microphone and terminal, play the demonstration and end.")
    ] = False,
) -> None:
    """Run the assistant in the foreground: it listens, and on a terminal one can type too."""
    config = current_config()

    from assistant.daemon.run import has_microphone, run_daemon

    is_terminal = sys.stdin.isatty()
    if or_demo and not is_terminal and not has_microphone(config.settings.audio):
        out.print("No microphone and no terminal here: this is the demonstration.")
        demo()
        return
    run_async(run_daemon(config, simulate=simulate, types=is_terminal))
    gc.freeze()  # everything is closed: the interpreter need not look through all objects once more before it ends


def demo(as_json: AsJson = False) -> None:
    """Play the demonstration: spoken sentences go the whole road for real, and a table shows what each stage took."""
    from assistant.daemon.demo import play_demo, table_of

    result = run_async(play_demo(quiet_config(), progress=None if as_json else err.print))
    if as_json:
        print_json(result.as_json())
    else:
        out.print(table_of(result))
        for line in result.remarks:
            out.print(line, markup=False)
    if not result.is_good:
        raise typer.Exit(Exit.FAILED)


def ask(
    text: Annotated[list[str] | None, typer.Argument(help="The sentence; empty: lines from standard input.")] = None,
    area: Annotated[str, typer.Option(help="Where you are, e.g. kitchen.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask in writing; the running daemon answers, or, without one, this command alone."""
    from assistant.daemon.session import request

    lines = [" ".join(text)] if text else [line.strip() for line in sys.stdin if line.strip()]
    if not lines:
        raise InputError("there is nothing to ask", fix='say it: assistant ask "what time is it"')
    answers = run_async(request(quiet_config(), [("ask", {"text": line, "area": area}) for line in lines]))
    if as_json:
        print_json(answers[0]["turn"] if text else [answer["turn"] for answer in answers])
    else:
        for answer in answers:
            out.print(answer["reply"], markup=False)
    if not all(answer["understood"] for answer in answers):
        raise typer.Exit(Exit.FAILED)


def say(text: Annotated[list[str], typer.Argument(help="What to say.")]) -> None:
    """Say something aloud through the assistant's voice and speaker."""
    from assistant.daemon.session import request

    run_async(request(quiet_config(), [("say", {"text": " ".join(text)})], needs_sound=True))


def listen(as_json: AsJson = False) -> None:
    """Push to talk: open the microphone of the running daemon for one utterance and print what came of it."""
    from assistant.daemon.session import ask_daemon

    answer = run_async(ask_daemon(current_config(), "listen"))
    if as_json:
        print_json(answer["turn"])
    else:
        out.print(f"heard: {answer['heard']}\nanswer: {answer['reply']}", markup=False)
    if not answer["heard"]:
        raise typer.Exit(Exit.FAILED)


def why(
    back: Annotated[int, typer.Argument(help="0: the last turn, 1: the one before, …", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Why the assistant did what it did: words heard, tiers tried, outcome, milliseconds."""
    from assistant.daemon.session import ask_daemon

    answer = run_async(ask_daemon(current_config(), "why", back=back))
    if as_json:
        print_json(answer["turn"])
    else:
        out.print(answer["text"], markup=False)


def doctor(as_json: AsJson = False) -> None:
    """Check everything and name the fix for each fault."""
    from assistant.daemon.doctor import Grade, examine

    findings = run_async(examine())
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        table = Table(show_header=False, box=None, pad_edge=False)
        for finding in findings:
            style = {Grade.GOOD: "green", Grade.NOTE: "yellow", Grade.FAULT: "bold red"}[finding.grade]
            table.add_row(f"[{style}]{finding.grade.mark}[/]", finding.part, finding.text)
            if finding.fix:
                table.add_row("", "", f"fix: {finding.fix}")
        out.print(table)
    if any(finding.grade is Grade.FAULT for finding in findings):
        raise typer.Exit(Exit.FAILED)
