"""How words lead to a thing: what a guard asks before a call about it counts."""

from __future__ import annotations

from dataclasses import dataclass

WELL_NAMED = 0.85


@dataclass(frozen=True, slots=True)
class Evidence:
    """What in one clause speaks for one thing."""

    name: float = 0.0
    """How much of a name was said or heard, 0 to 1, weighed by how telling its words are."""
    kind: float = 0.0
    """Its kind was named, or a wish that such things fulfil."""
    is_kind_named: bool = False
    is_in_named_place: bool = False
    is_here: bool = False
    """It stands where the speaker is."""

    @property
    def is_linked(self) -> bool:
        """The words are about it: by name; or by kind, and by place."""
        return self.name > 0 or (self.kind > 0 and (self.is_in_named_place or self.is_here))

    @property
    def is_well_named(self) -> bool:
        """A whole name was said, or what sounds like it."""
        return self.name >= WELL_NAMED
