"""What shares the connection to the broker with the home's devices: hooks, the hub's own topics, satellites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.core.home import EntityId, EntityState
from assistant.home.link import Message, Use

Publish = Callable[[str, str | bytes, bool], None]
"""(topic, payload, retain). What can't be sent now is not sent later, and is no error."""


class Beside(Protocol):
    """One such part. All is called on the loop, and returns at once."""

    @property
    def filters(self) -> Sequence[str]:
        """Topics to listen to."""
        ...

    @property
    def use(self) -> Use:
        """What those topics carry."""
        ...

    def take(self, message: Message) -> bool:
        """Every message of the connection comes by; True for one that is no device's."""
        ...

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """A message told the state of an entity; a retained one is from before."""
        ...

    def connection(self, is_connected: bool) -> None:
        """The broker came or went."""
        ...
