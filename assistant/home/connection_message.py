"""A message, what it is for, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """What a message is for; decides how sure its delivery is."""

    STATE = "state"
    """What is so. At least once; while we are away for a moment the broker keeps it for us."""
    COMMAND = "command"
    """What is to be done now. Sent at least once, and thrown away when it can't be handed on within seconds; none of
    those sent to us while we were away, or kept from before, is heard."""
    STREAM = "stream"
    """Sound and the like. At most once."""

    @property
    def publish_qos(self) -> int:
        """Quality of service of what we send."""
        return 0 if self is Use.STREAM else 1

    @property
    def subscribe_qos(self) -> int:
        """Quality of service of what we hear: a broker keeps nothing of 0 for those who are away."""
        return 1 if self is Use.STATE else 0


class Delivery(StrEnum):
    """What became of a message that was sent."""

    TAKEN = "taken"
    """The broker has acknowledged it."""
    NOBODY = "nobody"
    """It has, and says that nobody listens there."""
    REFUSED = "refused"
    """It does not allow it."""
    LOST = "lost"
    """The connection ended before; it may or may not have arrived. It is not sent again."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `is_retained` is true for what the broker had kept from before."""

    topic: str
    payload: bytes
    is_retained: bool = False


OnMessage = Callable[[Message], Iterable[None] | None]
"""Called on the loop. What takes long comes back as parts: the loop may do other things between two of them, and takes
no other message before the last."""
