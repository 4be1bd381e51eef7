"""The words of one slot → its value, by the slot's kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import assert_never

from assistant.core.intents import SlotKind, SlotSpec
from assistant.core.settings import TimesSettings
from assistant.core.turn import SlotValue
from assistant.core.values import Instant, Reading, Request, Wish
from assistant.language import duration_from, number_from, when_from
from assistant.language.asked import reading_for, time_of
from assistant.language.request import request_from
from assistant.understanding.names import Names
from assistant.understanding.places import place_from

NIGHT = timedelta(hours=4)
"""So long before a time that was moved by a change of the clocks, they have not changed yet."""


@dataclass(slots=True)
class SlotReader:
    """Reads slots of one utterance; what was read once is kept."""

    language: str
    names: Names
    now_local: datetime
    """Aware."""
    area_id: str | None
    times: TimesSettings = field(default_factory=TimesSettings)
    _known: dict[tuple[SlotKind, Wish | None, str], SlotValue] = field(default_factory=dict)

    def read(self, spec: SlotSpec, text: str) -> SlotValue:
        """The value that the whole text is, or None."""
        if spec.kind is SlotKind.CHOICE:
            return self.choice(spec, text)
        key = (spec.kind, spec.wish, text)
        if key not in self._known:
            self._known[key] = self._read(spec, text)
        return self._known[key]

    def _reading(self, is_latent_wanted: bool = False) -> Reading:
        return self.times.reading(self.now_local, self.language, is_latent_wanted=is_latent_wanted)

    def _read(self, spec: SlotSpec, text: str) -> SlotValue:
        if spec.kind is SlotKind.TIME:
            return time_of(text, reading_for(spec.wish, self._reading(is_latent_wanted=True)))
        if spec.kind is SlotKind.REQUEST and spec.wish is not None:
            return self._request(text, spec.wish)
        return self.read_kind(spec.kind, text)

    def _request(self, text: str, wish: Wish) -> Request | None:
        """None where nothing was said at all."""
        request = request_from(text, wish, self._reading())
        if request.triggers:
            return self._with_skipped(request, text, wish)
        return request if request.label else None

    def _with_skipped(self, request: Request, text: str, wish: Wish) -> Request:
        """Where the clocks change near the trigger: read again by a clock that never changes, to see what was said."""
        at = request.triggers[0]
        if not isinstance(at, Instant) or at.is_elapsed or at.at.utcoffset() == (at.at - NIGHT).utcoffset():
            return request
        steady = self.now_local.replace(tzinfo=timezone(self.now_local.utcoffset() or timedelta()))
        again = request_from(text, wish, replace(self._reading(), now=steady)).triggers[:1]
        said = again[0].at.replace(tzinfo=None) if again and isinstance(again[0], Instant) else None
        is_skipped = said is not None and said != at.at.replace(tzinfo=None)
        return replace(request, skipped_local=said) if is_skipped else request

    def read_kind(self, kind: SlotKind, text: str) -> SlotValue:
        """Likewise, for a kind that needs no list; of a time, the bare form of an answer will do."""
        match kind:
            case SlotKind.TEXT | SlotKind.CHOICE:
                return text or None
            case SlotKind.NUMBER:
                return number_from(text, self.language)
            case SlotKind.DURATION:
                return duration_from(text, self.language)
            case SlotKind.WHEN:
                return when_from(text, self.now_local, self.language, self._reading())
            case SlotKind.TIME | SlotKind.REQUEST:
                return time_of(text, self._reading(is_latent_wanted=True))
            case SlotKind.PLACE:
                return place_from(text)
            case SlotKind.AREA:
                return self.names.place_id(text)
            case SlotKind.ENTITY:
                return self._entity(text)
            case _:
                assert_never(kind)

    def choice(self, spec: SlotSpec, text: str) -> SlotValue:
        """The listed value that is called so."""
        return choices(spec, self.language).get(text.casefold())

    def _entity(self, text: str) -> SlotValue:
        """Of several with one name, the one in the speaker's area, else all ids as a tuple."""
        found = self.names.entities(text)
        if len(found) > 1:
            found = [entity for entity in found if entity.area_id == self.area_id] or found
        if len(found) == 1:
            return str(found[0].id)
        return tuple(str(entity.id) for entity in found) or None


def choices(spec: SlotSpec, language: str) -> Mapping[str, str]:
    """The words of a choice in that language, folded."""
    return {words.casefold(): value for words, value in spec.choices.get(language, {}).items()}
