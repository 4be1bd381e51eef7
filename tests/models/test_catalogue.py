"""The shipped catalogue and what a catalogue may say."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.errors import ModelError
from assistant.models import default_set, load_catalogue
from assistant.models.catalogue import ArchiveSource, clean_path

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()


def test_every_model_has_a_card_with_its_licence() -> None:
    for model in CATALOGUE.models:
        card = (ROOT / "models" / "cards" / f"{model.id}.md").read_text(encoding="utf-8")
        words = model.licence.replace("-4.0", " 4.0").replace("CC-BY", "CC BY").replace("CC0-1.0", "CC0")
        assert words in card, model.id


def test_every_card_belongs_to_a_model() -> None:
    assert {card.stem for card in (ROOT / "models" / "cards").glob("*.md")} == {m.id for m in CATALOGUE.models}


def test_words_that_may_not_be_used_commercially_are_marked_and_never_recommended() -> None:
    marked = {model.id for model in CATALOGUE.models if model.non_commercial}
    assert marked == {"openwakeword"}
    for language in ("en", "ko"):
        for choice in default_set(language, demo=True, catalogue=CATALOGUE).choices:
            assert not marked & set(choice.ids)


def test_a_projects_own_home_comes_before_the_registry() -> None:
    for model in CATALOGUE.models:
        kinds = [source.kind for source in model.sources]
        assert kinds == sorted(kinds), model.id


def test_every_file_lies_below_the_sources_root_without_its_own_models_manifest() -> None:
    for model in CATALOGUE.models:
        for source in model.sources:
            assert model.published or isinstance(source, ArchiveSource), "a package's files are listed one by one"


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(ModelError, match="did you mean vosk-ko"):
        CATALOGUE.get("vosk-kr")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('task = "asr"', 'task = "video"', "task"),
        ("ram_mb = 300", 'ram_mb = 300\ncolour = "red"', "colour"),
        ('id = "vosk-ko"', 'id = "vosk-en-small"', "same id"),
        ('path = "am/final.mdl"', 'path = "../final.mdl"', "plain relative path"),
        ("size_bytes = 14356670, ", "size_bytes = 14356671, ", "not the sum"),
        ("version = 1", "version = 2", "version"),
        ("[[models]]", "[[models", "TOML"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_its_fault(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (ROOT / "models" / "catalog.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "catalog.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_catalogue(file)
    assert str(file) in caught.value.what
    assert fault in caught.value.why or fault == "TOML"


@given(st.text(alphabet="./\\a:\x00\n ", max_size=12) | st.text(max_size=20))
def test_a_clean_path_stays_inside_its_folder(text: str) -> None:
    try:
        path = clean_path(text)
    except ValueError:
        return
    inside = Path("/models/x") / path
    assert PurePosixPath(path).parts == tuple(path.split("/"))
    assert Path("/models/x") in inside.parents
    assert ".." not in inside.parts


@pytest.mark.parametrize("bad", ["", "/etc/passwd", "../x", "a/../x", "a//b", "a\\b", "c:x", "./x", "a\x00b", "a/"])
def test_paths_that_could_leave_the_folder_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="plain relative path"):
        clean_path(bad)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('of = "vosk-ko"', 'of = "vosk-kr"', "can't be pulled"),
        ('of = "vosk-ko"', 'of = "vosk-ko-small"', "can't be pulled"),
        ("also = '", "also = '(", "not a regular expression"),
        ("words = 110_000", "words = 0", "words"),
        ("[models.fewer_words]", 'bundled = true\npackage = "x"\n\n[models.fewer_words]', "or is made from another"),
    ],
)
def test_a_model_made_from_another_says_how_and_from_one_that_can_be_pulled(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    test_a_wrong_catalogue_is_refused_with_its_fault(tmp_path, old, new, fault)
