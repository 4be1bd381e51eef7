"""How `assistant home` reaches the home: the running daemon, or alone where devices can be reached without one."""

from __future__ import annotations

from typing import Any

from assistant.cli.terminal import quiet_config, run_async
from assistant.core.errors import InputError
from assistant.daemon.config import Config


def ask_home(command: str, **values: object) -> dict[str, Any]:
    """One request about the home. Raises InputError where no daemon runs and the broker can't be there either."""
    from assistant.daemon.session import request

    config = quiet_config()
    must_be_reachable(config)
    return run_async(request(config, [(command, values)]))[0]


def must_be_reachable(config: Config) -> None:
    """Raises InputError where no device could answer, rather than showing an empty home."""
    from assistant.daemon.session import daemon

    mode = config.settings.mqtt.mode
    if mode == "external" or daemon(config) is not None:
        return
    why = {
        "embedded": "devices are connected to its own broker, which runs only while it runs",
        "off": "and mqtt.mode is off, so that it has no devices",
    }[mode]
    raise InputError("no assistant is running", why=why, fix="start it: assistant run")
