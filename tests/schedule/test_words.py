"""Every item that falls due has words, in every language."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.acting.template import render
from assistant.core.schedule import DueItem, DueReason, ItemId, ItemKind, ScheduledItem
from assistant.schedule import announcement
from assistant.skillhost.wordfile import read_word_files
from tests.schedule.parts import NOON

SKILLS = Path(__file__).parents[2] / "skills"


@pytest.mark.parametrize("kind", ItemKind)
@pytest.mark.parametrize("reason", DueReason)
@pytest.mark.parametrize("label", ["", "pasta"])
def test_an_announcement_has_words_in_every_language(kind: ItemKind, reason: DueReason, label: str) -> None:
    duration = timedelta(minutes=5) if kind is ItemKind.TIMER else None
    item = ScheduledItem(ItemId(1), kind, label, NOON, "UTC", NOON, duration)
    said = announcement(DueItem(item, reason))
    files = {file.language: file for file in read_word_files(SKILLS / said.skill)}
    assert {"en", "ko"} <= files.keys()
    for file in files.values():
        values = {name: value and str(value) for name, value in said.values.items()}
        for template in file.replies[said.key]:
            text = render(template, {**values, "raw": dict(said.values)})
            assert label in text
            assert text.endswith(".")
