"""How long to wait before the next connection, by how the last one ended; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LossKind(StrEnum):
    """Why there is no connection."""

    UNREACHABLE = "unreachable"
    """Nobody answers."""
    REFUSED = "refused"
    """The broker answers and does not want us, or we do not trust it."""
    LOST = "lost"
    """It had taken us and hung up."""
    SILENT = "silent"
    """It had taken us and answers no more; we hung up."""
    TAKEN_OVER = "taken over"
    """Somebody else came with our client id."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How a connection ended."""

    kind: LossKind
    why: str
    """Goes after the broker's name: `can't be reached: …`."""
    fix: str = ""
    is_of_version: bool = False
    """The broker does not speak the version of MQTT that we tried, or looks like that."""


STEADY_S = 10.0
"""A connection that held for so long was no accident."""
FIRST_S = {
    LossKind.UNREACHABLE: 0.2,
    LossKind.REFUSED: 5.0,
    LossKind.LOST: 0.2,
    LossKind.SILENT: 0.2,
    LossKind.TAKEN_OVER: 60.0,
}
LONGEST_S = {
    LossKind.UNREACHABLE: 30.0,
    LossKind.REFUSED: 60.0,
    LossKind.LOST: 60.0,
    LossKind.SILENT: 30.0,
    LossKind.TAKEN_OVER: 300.0,
}
_WAS_TAKEN = {LossKind.LOST, LossKind.SILENT, LossKind.TAKEN_OVER}
CONTESTED_AFTER = 3
"""So many times in a row taken and hung up on, by a broker that stays there."""


class Backoff:
    """Fed with each loss; gives the pause before the next try, without jitter."""

    def __init__(self) -> None:
        self._kind = LossKind.UNREACHABLE
        self._pause_s = 0.0
        self._kicks = 0

    @property
    def is_contested(self) -> bool:
        """True when the broker takes us and hangs up again and again: two clients with one id look like that."""
        return self._kicks >= CONTESTED_AFTER

    def pause_s(self, kind: LossKind, held_s: float = 0.0) -> float:
        """The pause after a connection that held for `held_s` seconds.

        Two hubs with one id throw each other out, so that each holds as long as the other waits: only what held longer
        than twice our own pause counts as steady."""
        if kind in _WAS_TAKEN and self._is_new_life(held_s):
            self._pause_s, self._kicks = 0.0, 0
        elif kind is not self._kind:
            self._pause_s = 0.0 if kind is LossKind.UNREACHABLE else self._pause_s
        self._kicks = self._kicks + 1 if kind is LossKind.LOST else 0
        self._kind = kind
        self._pause_s = min(max(self._pause_s * 2, FIRST_S[kind]), LONGEST_S[kind])
        return self._pause_s

    def note_restart(self) -> None:
        """The broker has forgotten us: it was away in between, however briefly."""
        self._kind = LossKind.UNREACHABLE

    def _is_new_life(self, held_s: float) -> bool:
        """The broker was away in between, or the connection was a good one."""
        return self._kind is LossKind.UNREACHABLE or held_s > max(STEADY_S, 2 * self._pause_s)
