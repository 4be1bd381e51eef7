"""Chooses the wake word detector that the configuration asks for."""

from __future__ import annotations

from assistant.core.ports import WakeDetector
from assistant.core.settings import WakeSettings
from assistant.hearing.microwakeword import MicroWakeWordDetector
from assistant.hearing.weights import Weights

OPENWAKEWORD_MODEL = "openwakeword"


def wake_detector(settings: WakeSettings, store: Weights) -> WakeDetector:
    """The detector. Raises ConfigError for an unknown word, ModelMissing when openWakeWord's models are not there."""
    match settings.engine:
        case "microwakeword":
            return MicroWakeWordDetector(settings.words, settings.threshold)
        case "openwakeword":
            from assistant.hearing.openwakeword import OpenWakeWordDetector  # onnxruntime costs memory

            return OpenWakeWordDetector(store.path(OPENWAKEWORD_MODEL), settings.words, settings.threshold)
