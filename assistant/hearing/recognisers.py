"""Chooses the recogniser for a language, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import ConfigError, ModelMissing
from assistant.core.ports import Recogniser
from assistant.core.settings import RecogniserSettings
from assistant.hearing.weights import Weights

VOSK_MODELS = {"en": "vosk-en-small", "ko": "vosk-ko-small"}
MOONSHINE_MODELS = {"en": "moonshine-tiny-en"}
WHISPER_MODELS = {"en": "whisper-tiny-en"}
_MODELS: Mapping[str, Mapping[str, str]] = {
    "vosk": VOSK_MODELS,
    "moonshine": MOONSHINE_MODELS,
    "whisper": WHISPER_MODELS,
}
_LARGER = {"vosk-ko-small": "vosk-ko"}
"""What serves as well where only it was pulled."""


@dataclass(frozen=True, slots=True)
class RecogniserChoice:
    """A recogniser (not loaded yet), the id of its model, and why it was taken."""

    recogniser: Recogniser
    model_id: str
    why: str


def recogniser_for(settings: RecogniserSettings, language: str, store: Weights) -> RecogniserChoice:
    """The recogniser. Raises ConfigError for a language the engine can't do, ModelMissing for a model never pulled."""
    engine: str = settings.engine
    why = f"recogniser.engine is {settings.engine}"
    if engine == "auto":
        engine, why = _automatic(settings, language, store)
    models = _MODELS[engine]
    if language not in models and not (engine == "vosk" and settings.model):
        raise _deaf_to(language, engine, models)
    model_id = settings.model or _installed(models[language], store)
    return RecogniserChoice(_make(engine, store.path(model_id), language), model_id, why)


def _make(engine: str, folder: Path, language: str) -> Recogniser:
    """The engine's packages are imported only here: each costs memory that the others need."""
    if engine == "vosk":
        from assistant.hearing.vosk import VoskRecogniser

        return VoskRecogniser(folder, language)
    if engine == "moonshine":
        from assistant.hearing.moonshine import MoonshineRecogniser

        return MoonshineRecogniser(folder)
    from assistant.hearing.whisper import WhisperRecogniser

    return WhisperRecogniser(folder, language)


def _automatic(settings: RecogniserSettings, language: str, store: Weights) -> tuple[str, str]:
    """Vosk where its model is installed, else Moonshine where it knows the language."""
    if settings.model:
        engine = settings.model.partition("-")[0]
        return (engine if engine in ("moonshine", "whisper") else "vosk"), f"recogniser.model is {settings.model}"
    if language not in VOSK_MODELS:
        raise _deaf_to(language, "vosk", VOSK_MODELS)
    vosk_id = _installed(VOSK_MODELS[language], store)
    try:
        store.path(vosk_id)
    except ModelMissing:
        if language in MOONSHINE_MODELS:
            return "moonshine", f"{vosk_id} is not installed"
    return "vosk", f"{vosk_id} is the model for {language}"


def _installed(model_id: str, store: Weights) -> str:
    """The model, or the larger one where that alone is there; the model itself where nothing is."""
    larger = _LARGER.get(model_id)
    if larger is None:
        return model_id
    return larger if not _is_there(model_id, store) and _is_there(larger, store) else model_id


def _is_there(model_id: str, store: Weights) -> bool:
    try:
        store.path(model_id)
    except ModelMissing:
        return False
    return True


def _deaf_to(language: str, engine: str, models: Mapping[str, str]) -> ConfigError:
    return ConfigError(
        f"recogniser.engine: {engine} can't hear the language {language!r}",
        why=f"it has models for: {', '.join(sorted(models))}",
        fix="set recogniser.engine to auto, or general.language to one of those",
    )
