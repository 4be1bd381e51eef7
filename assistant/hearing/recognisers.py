"""Chooses the recogniser for a language, and says why."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.core.errors import ConfigError, ModelMissing
from assistant.core.ports import Recogniser
from assistant.core.settings import RecogniserSettings
from assistant.hearing.moonshine import MoonshineRecogniser
from assistant.hearing.vosk import VoskRecogniser
from assistant.hearing.weights import Weights
from assistant.hearing.whisper import WhisperRecogniser

VOSK_MODELS = {"en": "vosk-en-small", "ko": "vosk-ko"}
MOONSHINE_MODELS = {"en": "moonshine-tiny-en"}
WHISPER_MODELS = {"en": "whisper-tiny-en"}


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
    match engine:
        case "vosk":
            model_id = settings.model or _model_for(VOSK_MODELS, language, "vosk")
            return RecogniserChoice(VoskRecogniser(store.path(model_id), language), model_id, why)
        case "moonshine":
            model_id = _model_for(MOONSHINE_MODELS, language, "moonshine", settings.model)
            return RecogniserChoice(MoonshineRecogniser(store.path(model_id)), model_id, why)
        case _:
            model_id = _model_for(WHISPER_MODELS, language, "whisper", settings.model)
            return RecogniserChoice(WhisperRecogniser(store.path(model_id), language), model_id, why)


def _automatic(settings: RecogniserSettings, language: str, store: Weights) -> tuple[str, str]:
    """Vosk where its model is installed, else Moonshine where it knows the language."""
    if settings.model:
        engine = settings.model.partition("-")[0]
        return (engine if engine in ("moonshine", "whisper") else "vosk"), f"recogniser.model is {settings.model}"
    vosk_id = _model_for(VOSK_MODELS, language, "vosk")
    try:
        store.path(vosk_id)
    except ModelMissing:
        if language in MOONSHINE_MODELS:
            return "moonshine", f"{vosk_id} is not installed"
    return "vosk", f"{vosk_id} is the model for {language}"


def _model_for(models: dict[str, str], language: str, engine: str, wanted: str = "") -> str:
    """The engine's model for a language; `wanted` is one that the configuration names."""
    if language not in models:
        raise ConfigError(
            f"recogniser.engine: {engine} can't hear the language {language!r}",
            why=f"it has models for: {', '.join(sorted(models))}",
            fix="set recogniser.engine to auto",
        )
    return wanted or models[language]
