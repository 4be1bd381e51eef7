"""Tells systemd how we are: readiness, status, watchdog (protocol of sd_notify(3))."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping

from assistant.core.clock import Clock

_LOGGER = logging.getLogger(__name__)
SEND_LIMIT_S = 0.5
"""A listener that doesn't take messages may hold up the loop for so long, and no longer."""


class Notifier:
    """Sends to $NOTIFY_SOCKET; does nothing where there is none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_s = int(environ.get("WATCHDOG_USEC", "0") or 0) / 1e6
        """The interval systemd expects a sign of life in; 0: none."""

    def send(self, **fields: str) -> None:
        """Send e.g. READY="1". A lost socket is logged, since systemd will act on the silence."""
        if not self._address:
            return
        text = "\n".join(f"{name}={value}" for name, value in fields.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(SEND_LIMIT_S)
                sender.connect(self._address)
                sender.sendall(text.encode())
        except OSError as error:
            _LOGGER.warning("systemd's notify socket did not take a message", extra={"error": str(error)})


async def feed_watchdog(notifier: Notifier, is_alive: Callable[[], bool], clock: Clock) -> None:
    """Send a sign of life twice per interval while `is_alive`; without a watchdog, end at once."""
    if not notifier.watchdog_s:
        return
    while True:
        if is_alive():
            notifier.send(WATCHDOG="1")
        else:
            _LOGGER.error("a part makes no progress; systemd's watchdog is not fed")
        await clock.sleep(notifier.watchdog_s / 2)
