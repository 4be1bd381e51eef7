"""Dialogues are kept apart, and old ones are forgotten; one in the middle of a turn is not."""

from __future__ import annotations

from assistant.acting.dialogue import MAX_PARTNERS, Dialogues
from assistant.core.turn import Source


async def test_old_partners_are_forgotten_but_not_one_whose_turn_goes_on() -> None:
    dialogues = Dialogues()
    busy, old = dialogues.of(Source.SATELLITE, "busy"), dialogues.of(Source.SATELLITE, "old")
    async with busy.lock:
        for number in range(MAX_PARTNERS):
            dialogues.of(Source.SATELLITE, str(number))
        assert dialogues.of(Source.SATELLITE, "busy") is busy
        assert dialogues.of(Source.SATELLITE, "old") is not old


async def test_one_channel_name_of_two_sources_is_two_partners() -> None:
    dialogues = Dialogues()
    assert dialogues.of(Source.TYPED, "") is not dialogues.of(Source.MICROPHONE, "")
    assert dialogues.of(Source.TYPED, "") is dialogues.of(Source.TYPED, "")
