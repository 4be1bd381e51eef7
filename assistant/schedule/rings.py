"""What rings now, and what was missed: in memory as on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from assistant.core.schedule import DueItem, DueReason, ItemId, ScheduledItem
from assistant.schedule.item_rows import FiringId, FiringState


@dataclass(frozen=True, slots=True)
class Ring:
    """One time that an item fell due, until it is over."""

    id: FiringId
    due: DueItem
    state: FiringState

    @property
    def item(self) -> ScheduledItem:
        """As it was when it fell due."""
        return self.due.item

    @property
    def is_missed(self) -> bool:
        """Nobody answered, or it came while the assistant was off and is being told late."""
        return self.state is FiringState.MISSED or self.due.reason is DueReason.MISSED


class Rings:
    """In order of beginning."""

    def __init__(self) -> None:
        self._rings: dict[FiringId, Ring] = {}
        self._unwritten = count(-1, -1)

    def put(self, ring: Ring) -> None:
        """It rings, or is something else from now on."""
        self._rings[ring.id] = ring

    def unwritten_id(self) -> FiringId:
        """An id for what rings though the disk can't be written."""
        return FiringId(next(self._unwritten))

    def drop(self, firing_ids: Sequence[FiringId]) -> None:
        """They are over."""
        for firing_id in firing_ids:
            self._rings.pop(firing_id, None)

    def get(self, firing_id: FiringId) -> Ring | None:
        """One that isn't over."""
        return self._rings.get(firing_id)

    def of(self, item_id: ItemId) -> Sequence[Ring]:
        """All of an item."""
        return [ring for ring in self._rings.values() if ring.item.id == item_id]

    def still_rings(self, item_id: ItemId) -> bool:
        """True while it is being told."""
        return any(ring.state is FiringState.RINGING for ring in self.of(item_id))

    def ringing(self) -> Sequence[ScheduledItem]:
        """Items that are being told now."""
        return [ring.item for ring in self._rings.values() if ring.state is FiringState.RINGING]

    def missed(self) -> Sequence[ScheduledItem]:
        """Items that nobody answered, or that are told late."""
        return [ring.item for ring in self._rings.values() if ring.is_missed]
