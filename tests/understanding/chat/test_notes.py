"""The user's notes: found by words, read as written, never more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.understanding.chat.notes import LONGEST, Notes
from assistant.understanding.chat.words import chat_words

GARDEN = """# Garden

The roses were planted in April 2019. They want water twice a week.

- Compost goes out on Thursdays.
- The spare key of the shed hangs behind the ladder.
"""


def notes_in(folder: Path) -> Notes:
    (folder / "garden.md").write_text(GARDEN, encoding="utf-8")
    (folder / "boiler-room.txt").write_text("Pressure: keep it at 1.5 bar.\nService: Mr Okafor, every May.\n")
    words = chat_words("en")
    assert words is not None
    return Notes(folder, "en", words.notes.common)


@pytest.mark.parametrize(
    ("question", "title", "text"),
    [
        ("where is the key of the shed", "garden", "The spare key of the shed hangs behind the ladder."),
        ("when was the rose planted", "garden", "The roses were planted in April 2019. They want water twice a week."),
        ("what pressure does the boiler need", "boiler room", "Pressure: keep it at 1.5 bar."),
        ("who does the service of the boiler", "boiler room", "Service: Mr Okafor, every May."),
    ],
)
def test_the_passage_that_fits_is_found(tmp_path: Path, question: str, title: str, text: str) -> None:
    notes = notes_in(tmp_path)
    found = notes.find(question)
    assert found is not None
    assert (found.passage.title, notes.excerpt(found.passage, question)) == (title, text)


def test_what_no_note_tells_carries_little(tmp_path: Path) -> None:
    notes = notes_in(tmp_path)
    found = notes.find("why is the sky blue over the garden of eden")
    assert found is not None
    assert found.share < 0.5
    assert notes.find("what is that") is None


def test_changed_new_and_removed_notes_count_at_once(tmp_path: Path) -> None:
    notes = notes_in(tmp_path)
    assert notes.find("trumpet lessons") is None
    (tmp_path / "music.md").write_text("Trumpet lessons are on Monday.")
    found = notes.find("trumpet lessons")
    assert found is not None
    assert found.share == 1.0
    (tmp_path / "music.md").unlink()
    assert notes.find("trumpet lessons") is None


def test_hidden_foreign_and_outside_files_are_no_notes(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("The zebra code is nine.")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / ".hidden.md").write_text("The zebra code is eight.")
    (folder / "zebra.pdf").write_bytes(b"zebra code")
    assert notes_in(folder).find("zebra code") is None


def test_bytes_that_are_no_text_and_missing_folders_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_bytes(b"\xff\xfe\x00 zebra \x80\n\n\x00")
    assert notes_in(tmp_path).find("zebra") is not None
    words = chat_words("en")
    assert words is not None
    assert Notes(tmp_path / "none", "en", words.notes.common).find("zebra") is None


def test_a_long_passage_is_read_from_where_it_fits(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text(
        "Nothing of note here at all. " * 40 + "The zebra sleeps at noon. " + "More. " * 200
    )
    notes = notes_in(tmp_path)
    found = notes.find("when does the zebra sleep")
    assert found is not None
    said = notes.excerpt(found.passage, "when does the zebra sleep")
    assert said.startswith("The zebra sleeps at noon.")
    assert len(said) <= LONGEST
