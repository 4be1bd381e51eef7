"""What the store says about models that are there, missing or damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ModelDamaged, ModelError, ModelMissing
from assistant.models import Catalogue, ModelStore
from assistant.models.catalogue import load_catalogue
from assistant.models.store import MANIFEST, write_manifest
from tests.models.conftest import FILES, files_of, model_of, source_of

MODEL = model_of(source_of("http://127.0.0.1/x.zip"))
LOOSE = model_of(source_of("http://127.0.0.1/x.zip"), model_id="loose", with_files=False)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    for name, content in FILES.items():
        for model_id in ("small", "loose"):
            file = tmp_path / model_id / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    return ModelStore(tmp_path, Catalogue(version=1, models=(MODEL, LOOSE)))


def test_a_sound_model_is_handed_out(store: ModelStore) -> None:
    assert store.path("small") == store.models_dir / "small"
    store.verify("small")
    assert [model.id for model in store.installed()] == ["small", "loose"]


def test_a_missing_model_names_the_command_that_brings_it(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "none", Catalogue(version=1, models=(MODEL,)))
    with pytest.raises(ModelMissing) as caught:
        store.path("small")
    assert "assistant models pull small" in caught.value.fix
    assert str(tmp_path / "none" / "small") in caught.value.why
    assert not store.is_installed("small")
    assert store.installed() == ()


def test_a_truncated_file_is_found_by_the_quick_check(store: ModelStore) -> None:
    file = store.models_dir / "small" / "am/final.mdl"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelDamaged) as caught:
        store.path("small")
    assert str(file) in caught.value.why
    assert "assistant models pull small" in caught.value.fix


def test_a_lost_file_is_found_by_the_quick_check(store: ModelStore) -> None:
    (store.models_dir / "small" / "conf/model.conf").unlink()
    with pytest.raises(ModelDamaged, match="missing"):
        store.quick_check("small")


def test_one_flipped_byte_is_found_by_verify_alone(store: ModelStore) -> None:
    file = store.models_dir / "small" / "am/final.mdl"
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    store.quick_check("small")
    with pytest.raises(ModelDamaged, match="wrong checksum"):
        store.verify("small")


def test_a_manifest_stands_in_for_files_that_the_catalogue_does_not_list(store: ModelStore) -> None:
    folder = store.models_dir / "loose"
    write_manifest(folder, files_of(FILES))
    store.verify("loose")
    (folder / "conf/model.conf").write_bytes(b"--rate=8000\n")
    with pytest.raises(ModelDamaged):
        store.path("loose")


def test_a_folder_put_there_by_hand_serves_but_can_not_be_verified(store: ModelStore) -> None:
    assert store.path("loose") == store.models_dir / "loose"
    with pytest.raises(ModelDamaged, match="can't be verified"):
        store.verify("loose")


@pytest.mark.parametrize("text", ["", "{", '[{"path": "../x", "size_bytes": 1, "sha256": "0"}]', "null"])
def test_a_broken_manifest_is_damage_not_a_crash(store: ModelStore, text: str) -> None:
    (store.models_dir / "loose" / MANIFEST).write_text(text)
    with pytest.raises(ModelDamaged, match="can't be read"):
        store.path("loose")


def test_a_model_of_the_users_own_is_handed_out_as_it_is(store: ModelStore) -> None:
    (store.models_dir / "my-vosk").mkdir()
    assert store.path("my-vosk") == store.models_dir / "my-vosk"
    with pytest.raises(ModelMissing):
        store.path("my-other")


@pytest.mark.parametrize("bad", ["../secret", "/etc", "", "a/../../b"])
def test_an_id_can_not_reach_out_of_the_folder(store: ModelStore, bad: str) -> None:
    with pytest.raises(ModelError, match="not a model id"):
        store.path(bad)
    with pytest.raises(ModelError, match="not a model id"):
        store.remove(bad)


def test_a_removed_model_is_gone_and_the_others_stay(store: ModelStore) -> None:
    store.remove("small")
    assert not (store.models_dir / "small").exists()
    assert store.is_installed("loose")
    with pytest.raises(ModelMissing):
        store.remove("small")


def test_bundled_models_come_from_their_package_and_stay(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, load_catalogue())
    assert list(store.path("microwakeword").glob("okay_nabu.tflite"))
    store.verify("silero-vad")
    with pytest.raises(ModelError, match="can't be removed"):
        store.remove("silero-vad")


def test_a_bundled_model_without_its_package_is_missing(tmp_path: Path) -> None:
    model = load_catalogue().get("silero-vad").model_copy(update={"package": "no_such_package"})
    store = ModelStore(tmp_path, Catalogue(version=1, models=(model,)))
    with pytest.raises(ModelMissing, match="no_such_package"):
        store.path("silero-vad")


def test_a_folder_that_can_not_be_looked_into_is_told(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / ("x" * 300), Catalogue(version=1, models=(MODEL,)))
    with pytest.raises(ModelDamaged, match="can't be read") as caught:
        store.path("small")
    assert str(store.models_dir / "small") in caught.value.fix
