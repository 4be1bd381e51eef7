"""Which recogniser is taken, and why."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from assistant.core.errors import ConfigError, ModelMissing
from assistant.core.settings import RecogniserSettings
from assistant.hearing import recogniser_for


class Store:
    """A store with some models in it."""

    def __init__(self, *installed: str) -> None:
        self._installed = installed

    def path(self, model_id: str, /) -> Path:
        if model_id not in self._installed:
            raise ModelMissing(f"{model_id} is not installed")
        return Path("/nowhere") / model_id


ALL = Store("vosk-en-small", "vosk-ko-small", "vosk-ko", "moonshine-tiny-en", "whisper-tiny-en")


@pytest.mark.parametrize(
    ("settings", "language", "store", "engine", "model", "why"),
    [
        (RecogniserSettings(), "en", ALL, "vosk", "vosk-en-small", "vosk-en-small is the model for en"),
        (RecogniserSettings(), "en", Store("moonshine-tiny-en"), "moonshine", "moonshine-tiny-en", "not installed"),
        (RecogniserSettings(), "ko", ALL, "vosk", "vosk-ko-small", "the model for ko"),
        (RecogniserSettings(), "ko", Store("vosk-ko"), "vosk", "vosk-ko", "the model for ko"),
        (RecogniserSettings(engine="vosk"), "ko", Store("vosk-ko"), "vosk", "vosk-ko", "engine is vosk"),
        (RecogniserSettings(model="vosk-ko"), "ko", ALL, "vosk", "vosk-ko", "model is vosk-ko"),
        (RecogniserSettings(engine="moonshine"), "en", ALL, "moonshine", "moonshine-tiny-en", "engine is moonshine"),
        (RecogniserSettings(engine="whisper"), "en", ALL, "whisper", "whisper-tiny-en", "engine is whisper"),
        (RecogniserSettings(model="whisper-tiny-en"), "en", ALL, "whisper", "whisper-tiny-en", "model is whisper"),
    ],
)
def test_the_choice_and_its_reason(
    settings: RecogniserSettings, language: str, store: Store, engine: str, model: str, why: str
) -> None:
    choice = recogniser_for(settings, language, store)
    assert (choice.recogniser.name, choice.recogniser.language, choice.model_id) == (engine, language, model)
    assert why in choice.why


def test_a_language_that_the_engine_can_not_hear_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="'ko'"):
        recogniser_for(RecogniserSettings(engine="moonshine"), "ko", ALL)


@pytest.mark.parametrize(("language", "model"), [("ko", "vosk-ko-small"), ("en", "moonshine-tiny-en")])
def test_nothing_installed_is_a_missing_model_that_names_what_to_pull(language: str, model: str) -> None:
    with pytest.raises(ModelMissing, match=model):
        recogniser_for(RecogniserSettings(), language, Store())


def test_whisper_without_its_package_tells_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ConfigError, match="pip install"):
        recogniser_for(RecogniserSettings(engine="whisper"), "en", ALL)
