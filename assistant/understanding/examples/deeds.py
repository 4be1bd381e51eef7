"""Commands for one home with words that mean them: one thing, two at once, a room, a storey, all of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from assistant.core.home import AreaId, Entity, HomeView
from assistant.core.turn import Command, SlotValue
from assistant.language import normalise
from assistant.understanding.examples.example import Piece
from assistant.understanding.examples.names import Caller
from assistant.understanding.examples.sentences import NAMES, Frames
from assistant.understanding.examples.targets import areas, floors, has, rivals, things
from assistant.understanding.examples.values import Said, said_value
from assistant.understanding.examples.words import Deed, ExampleWords

_IS_PAIR = 0.08


@dataclass(frozen=True, slots=True)
class Made:
    """Words, and the commands that they mean."""

    pieces: tuple[Piece, ...]
    commands: tuple[Command, ...]


Target = tuple[str, tuple[Said, ...]]
"""The placeholder, and the words and ids of what is meant (two where two are named)."""


class DeedMaker:
    """Makes deeds for one home."""

    def __init__(self, home: HomeView, words: ExampleWords, frames: Frames, random: Random) -> None:
        self._home = home
        self._words = words
        self._frames = frames
        self._random = random
        self._caller = Caller(home, words, random)

    def make(self, deed: Deed, here: AreaId | None) -> Made | None:
        """One way to say the deed here; None where this home has nothing that it could be done to."""
        target = self._target(deed, here)
        if target is None:
            return None
        placeholder, meant = target
        thing = self._entity(meant[0][1]) if placeholder == "thing" and meant else None
        values = self._values(deed, thing)
        if values is None:
            return None
        filled = {name: words for name, (words, _) in values.items()}
        if meant:
            filled[placeholder] = self._together([words for words, _ in meant])
        pieces = self._frames.one(self._random.choice(deed.say), self._random, filled)
        said = [{**values, placeholder: each} for each in meant] or [values]
        return Made(pieces, tuple(self._command(deed, each) for each in said))

    # ── what is meant ────────────────────────────────────────────────────────────────────────────

    def _target(self, deed: Deed, here: AreaId | None) -> Target | None:
        """None where there is nothing; no ids where nothing is named."""
        if deed.kinds:
            return self._named(deed, here)
        if deed.group:
            return self._placed("area", [(self._caller.area(area), area.id) for area in areas(self._home, deed.group)])
        if deed.floor:
            return self._placed("floor", [(floor.name, floor.id) for floor in floors(self._home, deed.floor)])
        if deed.here:
            return ("", ()) if here is not None and has(self._home, deed.here, here) else None
        return ("", ()) if not deed.home or has(self._home, deed.home) else None

    def _named(self, deed: Deed, here: AreaId | None) -> Target | None:
        known = things(self._home, deed)
        if not known:
            return None
        many = 2 if len(known) > 1 and "option" not in deed.slots.values() and self._random.random() < _IS_PAIR else 1
        chosen = self._random.sample(known, many)
        others = rivals(self._home, deed)
        called = [(self._caller.call(each, others, here), str(each.id)) for each in chosen]
        said = tuple((words, entity_id) for words, entity_id in called if words is not None)
        return ("thing", said) if len(said) == many else None

    def _placed(self, placeholder: str, known: list[tuple[str, str]]) -> Target | None:
        if not known:
            return None
        many = 2 if len(known) > 1 and self._random.random() < _IS_PAIR else 1
        return placeholder, tuple(self._random.sample(known, many))

    def _entity(self, entity_id: SlotValue) -> Entity | None:
        return next((each for each in self._home.entities if each.id == entity_id), None)

    # ── what is said ─────────────────────────────────────────────────────────────────────────────

    def _together(self, names: list[str]) -> str:
        if len(names) == 1:
            return names[0]
        return self._random.choice(self._words.values.pairs).format(first=names[0], second=names[1])

    def _values(self, deed: Deed, thing: Entity | None) -> dict[str, Said] | None:
        wanted = {name for name in deed.slots.values() if not name.startswith("=")} - NAMES
        made = {name: said_value(name, self._words, self._random, thing) for name in sorted(wanted)}
        known = {name: said for name, said in made.items() if said is not None}
        return known if len(known) == len(made) else None

    def _command(self, deed: Deed, said: dict[str, Said]) -> Command:
        slots: dict[str, SlotValue] = {}
        words: dict[str, str] = {}
        for slot, source in deed.slots.items():
            if source.startswith("="):
                slots[slot] = source.removeprefix("=")
                continue
            spoken, slots[slot] = said[source]
            words[slot] = normalise(spoken, self._words.language)
        return Command(deed.intent, slots, words=words)
