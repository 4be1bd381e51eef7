"""Requests to the assistant from outside: through the running daemon, or alone where none runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.core.errors import InputError
from assistant.daemon.config import Config
from assistant.daemon.control import ControlClient, Emit, Message, is_daemon_there
from assistant.daemon.paths import SYSTEM_SOCKET

if TYPE_CHECKING:
    from assistant.daemon.body import Body
    from assistant.daemon.brain import Brain

Request = tuple[str, Mapping[str, object]]


async def _ignore(_: Message) -> None:
    """Events are for those who watch the daemon."""


async def request(
    config: Config, requests: Sequence[Request], *, needs_sound: bool = False, on_event: Emit = _ignore
) -> list[Message]:
    """Each request's answer, in order; what is told before an answer goes to `on_event`. Without a daemon the assistant
    is built for just these requests."""
    client = daemon(config)
    if client is not None:
        return [await _asked(client, command, values, on_event) for command, values in requests]

    # most of the house is imported only where no daemon has it in memory already
    from assistant.daemon.brain import with_brain
    from assistant.daemon.commands import Commands

    async def work(brain: Brain) -> list[Message]:
        body = await _body(brain) if needs_sound else None
        table = Commands(brain, body).table()
        return [await table[command](dict(values), on_event) for command, values in requests]

    return await with_brain(config, work, keeps_time=False)


async def _asked(client: ControlClient, command: str, values: Mapping[str, object], on_event: Emit) -> Message:
    answer: Message = {}
    async for message in client.events(command, **values):
        if "ok" in message:
            answer = message
        else:
            await on_event(message)
    return answer


async def _body(brain: Brain) -> Body:
    """What hears and speaks is imported only by requests that need it: a typed question is answered the sooner."""
    from assistant.daemon.body import Air, build_body

    return await build_body(brain, Air())


def daemon(config: Config) -> ControlClient | None:
    """The running daemon, this user's or the system's."""
    for path in (config.paths.control_socket, SYSTEM_SOCKET):
        if is_daemon_there(path):
            return ControlClient(path)
    return None


async def ask_daemon(config: Config, command: str, **values: object) -> Message:
    """One request that only a running daemon can answer."""
    client = daemon(config)
    if client is None:
        raise InputError("no assistant is running", fix="start it: assistant run")
    return await client.ask(command, **values)
