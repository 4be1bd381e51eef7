"""Wake word, endpointing and recognisers: from frames to words."""

from assistant.hearing.ears import EarParts, Listener
from assistant.hearing.endpoint import Endpointer
from assistant.hearing.recognisers import RecogniserChoice, recogniser_for
from assistant.hearing.silero import SileroDetector
from assistant.hearing.wake import wake_detector

__all__ = [
    "EarParts",
    "Endpointer",
    "Listener",
    "RecogniserChoice",
    "SileroDetector",
    "recogniser_for",
    "wake_detector",
]
