"""Hermes' way out: messages as JSON or sound, and which of those that come in are our own coming back."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Callable

from assistant.home.beside import Publish
from assistant.home.link import Message

DIALOGUE = "hermes/dialogueManager"
MAX_ECHOES = 64
"""Messages of ours that may be on their way back."""


def new_id() -> str:
    """An id that nobody can guess."""
    return uuid.uuid4().hex


class Post:
    """Sends; a broker brings us what we say ourselves on topics that we listen to."""

    def __init__(self, publish: Publish, hears: Callable[[str], bool]) -> None:
        self._publish = publish
        self._hears = hears
        self._echoes: deque[tuple[str, bytes]] = deque(maxlen=MAX_ECHOES)

    def tell(self, topic: str, **values: object) -> None:
        """A message as JSON, its keys as given."""
        payload = _encoded(values)
        if self._hears(topic):
            self._echoes.append((topic, payload))
        self._publish(topic, payload, False)

    def fail(self, part: str, error: str, *, site: str, session_id: str = "", context: str = "") -> None:
        """`hermes/error/<part>`."""
        self.tell(
            f"hermes/error/{part}", error=error, context=context or None, siteId=site, sessionId=session_id or None
        )

    def sound(self, site: str, request_id: str, wav: bytes) -> None:
        """Sound for one site, and for no other."""
        self._publish(f"hermes/audioServer/{site}/playBytes/{request_id}", wav, False)

    def is_echo(self, message: Message) -> bool:
        """True, once, for a message that we sent."""
        try:
            self._echoes.remove((message.topic, message.payload))
        except ValueError:
            return False
        return True

    def forget(self) -> None:
        """The connection is gone: nothing comes back."""
        self._echoes.clear()


def _encoded(values: dict[str, object]) -> bytes:
    """What a skill gave us to keep may hold halves of letters: JSON can say those, UTF-8 can't."""
    try:
        return json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(values).encode()
