"""What was understood, as Hermes tells it: intents and slots, with the place of each slot in the sentence."""

from __future__ import annotations

import re

from assistant.core.settings import HermesSettings
from assistant.home.hermes_ports import Intent, Partner, Slot, Words
from assistant.home.hermes_post import Post
from assistant.home.hermes_reading import Query
from assistant.home.hermes_sites import fits


def parsed(intent: Intent, text: str) -> dict[str, object]:
    """`intent` and `slots` of a message about a sentence."""
    return {
        "intent": {"intentName": intent.name, "confidenceScore": round(intent.confidence, 3)},
        "slots": [_slot(slot, text) for slot in intent.slots],
    }


def _slot(slot: Slot, text: str) -> dict[str, object]:
    words = slot.words or str(slot.value)
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) if words else None
    place = None
    if found is not None:
        start, end = found.span()
        place = {"start": start, "end": end, "rawStart": start, "rawEnd": end}
    return {
        "entity": slot.name,
        "slotName": slot.name,
        "confidence": 1.0,
        "rawValue": found.group() if found is not None else words,
        "value": {"kind": "Unknown", "value": slot.value},
        "range": place,
    }


class Nlu:
    """Answers `hermes/nlu/query`; nothing is done."""

    def __init__(self, settings: HermesSettings, partner: Partner, post: Post) -> None:
        self._settings = settings
        self._partner = partner
        self._post = post

    @property
    def has_skills(self) -> bool:
        """True when there are intents that skills answer."""
        return bool(self._settings.skills_intents)

    def is_skills(self, intent: Intent) -> bool:
        """True for what a skill answers, not we."""
        return fits(intent.name, self._settings.skills_intents)

    async def understand(self, words: Words, intents: frozenset[str]) -> Intent | None:
        """What the words mean; None for what isn't among `intents` (empty: all)."""
        intent = await self._partner.understand(words)
        return None if intent is None or (intents and intent.name not in intents) else intent

    async def answer(self, query: Query) -> None:
        """`intentParsed` and `hermes/intent/<name>`, or `intentNotRecognized`."""
        words = Words(query.site, query.text)
        intent = await self.understand(words, query.intents) if query.text else None
        common: dict[str, object] = {
            "input": query.text,
            "id": query.id or None,
            "siteId": query.site,
            "sessionId": query.session_id or None,
        }
        if intent is None:
            self._post.tell("hermes/nlu/intentNotRecognized", **common)
            return
        understood = parsed(intent, query.text)
        self._post.tell("hermes/nlu/intentParsed", **common, **understood)
        self._post.tell(f"hermes/intent/{intent.name}", **common, customData=query.custom, **understood)
