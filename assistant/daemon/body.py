"""The ears and the mouth of one instance, built from the configuration."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from assistant.acting.ringing import Ringer
from assistant.acting.speaking import DeafEars, Speaking
from assistant.acting.voice_loop import VoiceLoop, VoiceParts
from assistant.audio import BufferSpeaker, Microphone, MicrophoneChange, PortAudioSpeaker
from assistant.core.errors import ModelError, SpeechError
from assistant.core.ports import Ears, FrameSource, Mouth, Speaker, Voice
from assistant.core.schedule import DueItem
from assistant.core.settings import VoiceSettings
from assistant.daemon.brain import Brain
from assistant.daemon.expecting import expect
from assistant.daemon.satellite_body import Made, SatelliteBody, serve_satellites
from assistant.hearing import EarParts, Listener, RecogniserChoice, SileroDetector, recogniser_for, wake_detector
from assistant.schedule import announcement
from assistant.speech import SentenceQueue, voice_for

_LOGGER = logging.getLogger(__name__)
OFF = "none"


@dataclass(frozen=True, slots=True)
class Body:
    """What hears and speaks; `listener` is None where nothing can hear, and `deaf_why` says why."""

    voice: VoiceLoop
    ringer: Ringer
    speaking: Speaking
    ears: Ears
    mouth: Mouth
    speaker: Speaker
    engine: Voice
    listener: Listener | None
    microphone: Microphone | None
    choice: RecogniserChoice | None
    deaf_why: str
    satellites: SatelliteBody | None = None

    def counts(self) -> dict[str, float]:
        """Counters of the audio, for the metrics."""
        counts = {"announcements_dropped": self.voice.dropped_announcements, "turns_dropped": self.voice.dropped_turns}
        if self.microphone is not None:
            status = self.microphone.status
            counts |= {"frames": status.frames, "frames_dropped": status.dropped, "overflows": status.overflows}
            counts |= {"microphone_reopened": status.reopened}
        if self.listener is not None:
            counts |= {"utterances_dropped": self.listener.dropped_utterances}
        return {name: float(count) for name, count in counts.items()}

    async def expect(self, brain: Brain) -> None:
        """Wait until the recogniser expects the sentences of this home; the daemon listens before that."""
        if self.listener is not None:
            await expect(brain, self.listener)

    async def close(self) -> None:
        """Give back devices and threads."""
        if self.microphone is not None:
            await self.microphone.close()
        if self.satellites is not None:
            self.satellites.close()
        if self.listener is not None:
            self.listener.close()
        await self.engine.close()
        if isinstance(self.speaker, PortAudioSpeaker):
            await self.speaker.close()


@dataclass(frozen=True, slots=True)
class Air:
    """Where sound comes from and goes to; None: the configured devices."""

    source: FrameSource | None = None
    speaker: Speaker | None = None


async def build_body(brain: Brain, air: Air) -> Body:
    """Load what hears and speaks. A missing model or device costs that part only, and is told."""
    settings = brain.config.settings
    language = settings.general.language
    outside = brain.outside
    source, microphone = _source(brain, air)
    source = outside.presence.shutter.over(source) if source is not None else None
    choice, deaf_why = _recogniser(brain)
    listener = None
    if choice is not None and source is not None:
        listener, deaf_why = await _listener(brain, source, choice)
    elif choice is not None:
        deaf_why = "audio.microphone is 'none'"
    ears = outside.over_ears(listener or DeafEars())
    speaker = air.speaker or _speaker(brain)
    engine = _voice(brain)
    mouth = outside.over_mouth(SentenceQueue(engine, speaker))
    speaking = Speaking(ears, mouth, brain.clock, settings.audio.duck_percent / 100)
    ringer = Ringer(speaking, partial(_words_of, brain), settings.schedule, brain.sounds.ended)
    parts_of_voice = VoiceParts(
        ears,
        speaking,
        ringer,
        brain.conversation,
        brain.replier,
        brain.clock,
        language,
        brain.area_id,
        settings.endpoint.follow_up_s,
    )
    voice = VoiceLoop(parts_of_voice)
    if isinstance(speaker, PortAudioSpeaker):
        outside.presence.set_volume = speaker.set_volume
    outside.presence.built(deaf_why, settings.audio.volume_percent)
    await brain.sounds.attach(voice, ringer, speaking)
    made = Made(listener, choice, deaf_why, engine, speaking, speaker)
    satellites = await serve_satellites(brain, made)
    return Body(
        voice, ringer, speaking, ears, mouth, speaker, engine, listener, microphone, choice, deaf_why, satellites
    )


def _words_of(brain: Brain, due: DueItem) -> str:
    told = announcement(due)
    return brain.replier.words(told.skill, told.key, due.item.language, told.values)


def _source(brain: Brain, air: Air) -> tuple[FrameSource | None, Microphone | None]:
    if air.source is not None:
        return air.source, None
    if brain.config.settings.audio.microphone == OFF:
        return None, None

    def changed(change: MicrophoneChange) -> None:
        key = "no_microphone" if change is MicrophoneChange.LOST else "microphone_back"
        brain.background(brain.sounds.announce(key))

    microphone = Microphone(brain.config.settings.audio, brain.clock, changed)
    return microphone, microphone


def _recogniser(brain: Brain) -> tuple[RecogniserChoice | None, str]:
    settings = brain.config.settings
    try:
        choice = recogniser_for(settings.recogniser, settings.general.language, brain.models)
    except ModelError as error:
        _LOGGER.error("it can't hear: no recogniser", extra={"error": str(error)})
        return None, str(error)
    _LOGGER.info("recogniser", extra={"engine": choice.recogniser.name, "model": choice.model_id, "why": choice.why})
    return choice, ""


async def _listener(brain: Brain, source: FrameSource, choice: RecogniserChoice) -> tuple[Listener | None, str]:
    """What listens, its weights loaded; where one of its models can't be used, None and why."""
    settings = brain.config.settings
    try:
        detector = wake_detector(settings.wake, brain.models)
    except ModelError as error:
        _LOGGER.error("it can't hear: no wake word", extra={"error": str(error)})
        return None, str(error)
    listener = Listener(source, EarParts(detector, SileroDetector(), choice.recogniser), settings.endpoint, brain.clock)
    try:
        await listener.load()
    except ModelError as error:
        _LOGGER.error("it can't hear: the recogniser's model can't be used", extra={"error": str(error)})
        listener.close()
        return None, str(error)
    brain.on_names = partial(expect, brain, listener)
    brain.note_change()
    return listener, ""


def _voice(brain: Brain) -> Voice:
    """The configured voice; one whose model can't be used is told, and the other one speaks in its place."""
    settings = brain.config.settings
    try:
        return voice_for(settings.voice, settings.general.language, brain.models)
    except (ModelError, SpeechError) as error:
        _LOGGER.error("the voice can't be used; pyttsx3 speaks instead", extra={"error": str(error)})
        plain = VoiceSettings(words_per_minute=settings.voice.words_per_minute)
        return voice_for(plain, settings.general.language, brain.models)


def _speaker(brain: Brain) -> Speaker:
    if brain.config.settings.audio.speaker == OFF:
        return BufferSpeaker(brain.clock)
    return PortAudioSpeaker(brain.config.settings.audio, brain.clock)
