"""`assistant home set|pin`: do something to a device, behind the same fence as a spoken word."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from assistant.cli.home_reach import ask_home
from assistant.cli.terminal import Exit, err, out, print_json, quiet_config, run_async
from assistant.core.errors import InputError

_FAILED = frozenset({"failed", "unavailable", "unsupported"})
_WORDS = {
    "confirmed": "the device says that it is done",
    "assumed": "sent; the device does not report whether it is done",
    "failed": "the device did not do it",
    "unavailable": "the device can't be reached",
    "unsupported": "the device can't do that",
}
Answer = Mapping[str, Any]
Value = str | int | float | bool


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("set")(set_one)
    app.command("pin")(set_pin)


def set_one(
    name: Annotated[str, typer.Argument(help="Name or id of a thing, as `list` shows it.")],
    verb: Annotated[str, typer.Argument(help="on, off, open, lock, set_temperature, …; `show` names all.")],
    values: Annotated[list[str] | None, typer.Argument(help="More of it: brightness_pct=40 color=red.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it unlocks, opens or disarms.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Do something to a thing. What is guarded asks back; a PIN is asked for, or read from standard input."""
    asked: dict[str, object] = {"entity": name, "verb": verb, "values": values_of(values or ())}
    answer = ask_home("home_set", **asked, confirmed=yes)
    if answer["needs"] == "yes":
        _confirm(answer)
        answer = ask_home("home_set", **asked, confirmed=True)
    elif answer["needs"] == "pin":
        answer = ask_home("home_set", **asked, pin=_pin(f"PIN for the {answer['name']}"))
    _tell(answer, as_json=as_json)


def set_pin() -> None:
    """Set the PIN that guards what `safety.pin` names; it is asked for, or read from standard input."""
    from assistant.daemon.fencing import keep_pin
    from assistant.daemon.session import ask_daemon, daemon

    config, pin = quiet_config(), _pin("New PIN", is_new=True)
    if daemon(config) is not None:
        file = run_async(ask_daemon(config, "home_pin", pin=pin))["file"]
    else:
        config.paths.prepare()
        file = str(keep_pin(config, pin))
    out.print(f"The PIN is set; its hash lies in {file}.", markup=False)
    if not config.settings.safety.pin:
        err.print('Nothing asks for it yet: name what is guarded in safety.pin, such as pin = \\["lock"].')


def values_of(words: list[str] | tuple[str, ...]) -> dict[str, Value]:
    """`brightness_pct=40` and the like. Raises InputError."""
    values: dict[str, Value] = {}
    for word in words:
        name, is_given, text = word.partition("=")
        if not name or not is_given:
            raise InputError(f"{word!r} is no value", fix="write it as name=value, such as brightness_pct=40")
        values[name] = _value(text)
    return values


def _value(text: str) -> Value:
    """A number where it looks like one; a code may begin with a zero, and is none."""
    if text in {"true", "false"}:
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?[0-9]{1,9}\.[0-9]{1,9}", text) else text


def _confirm(answer: Answer) -> None:
    question = f"Really {answer['verb'].replace('_', ' ')} the {answer['name']}?"
    if not sys.stdin.isatty():
        raise InputError("this must be confirmed", why=question, fix="add --yes")
    if not typer.confirm(question, err=True):
        raise InputError("nothing was done")


def _pin(prompt: str, *, is_new: bool = False) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=is_new, err=True)).strip()
    pin = sys.stdin.readline().strip()
    if not pin:
        raise InputError("the PIN is needed", fix="type it on a terminal, or give it on standard input")
    return pin


def _tell(answer: Answer, *, as_json: bool) -> None:
    status = answer["status"]
    if as_json:
        print_json({key: answer[key] for key in ("name", "status", "detail", "state")})
    else:
        state = "" if answer["state"] is None else f" It is {answer['state']}."
        detail = f" ({answer['detail']})" if answer["detail"] else ""
        out.print(f"{answer['name']}: {_WORDS[status]}{detail}.{state}", markup=False)
    if status in _FAILED:
        raise typer.Exit(Exit.FAILED)
