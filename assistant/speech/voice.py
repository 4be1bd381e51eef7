"""Chooses the voice that the configuration asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator

from assistant.core.audio import PcmChunk
from assistant.core.errors import SpeechError
from assistant.core.ports import Voice
from assistant.core.settings import VoiceSettings
from assistant.language.words import primary
from assistant.models import ModelStore
from assistant.speech.cache import CachedVoice
from assistant.speech.piper import DEFAULT_MODEL, PiperVoice
from assistant.speech.pyttsx import PyttsxVoice

_PIPER_MODELS = {"en": DEFAULT_MODEL}


class SilentVoice:
    """A Voice (core.ports) that makes no sound, for engine = "none"."""

    name = "none"

    async def prepare(self) -> None:
        """Nothing to load."""

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """No sound for any text."""
        del text
        silence: tuple[PcmChunk, ...] = ()
        for chunk in silence:
            yield chunk

    async def close(self) -> None:
        """Nothing to give back."""


def voice_for(settings: VoiceSettings, language: str, store: ModelStore) -> Voice:
    """The configured voice for a language, with a cache of short sentences. Its engine is loaded at the first
    sentence, or by its `prepare()`. Raises ModelMissing or ModelDamaged for a Piper model that isn't there, and
    SpeechError where Piper has none for the language."""
    match settings.engine:
        case "none":
            return SilentVoice()
        case "pyttsx3":
            return CachedVoice(PyttsxVoice(language, settings.voice, settings.words_per_minute))
        case "piper":
            return CachedVoice(_piper(settings.voice, language, store))


def _piper(model_id: str, language: str, store: ModelStore) -> Voice:
    chosen = model_id or _PIPER_MODELS.get(primary(language))
    if chosen is None:
        raise SpeechError(
            f"there is no Piper voice for language {language!r}",
            fix="name a model in voice.voice, or set voice.engine to pyttsx3",
        )
    return PiperVoice(store.path(chosen), language)
