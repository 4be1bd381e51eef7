"""Which messages of Hermes are listened to, and whom each is for."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.settings import HermesSettings
from assistant.home.hermes_asr import Heard
from assistant.home.hermes_post import DIALOGUE
from assistant.home.hermes_reading import (
    Captured,
    Detected,
    Finished,
    Listen,
    Query,
    Say,
    Start,
    Step,
    Toggle,
    Told,
    checked_id,
)
from assistant.home.hermes_services import Services
from assistant.home.link import Message

_SAID = (
    "hermes/asr/startListening",
    "hermes/asr/stopListening",
    "hermes/asr/textCaptured",
    "hermes/asr/toggleOn",
    "hermes/asr/toggleOff",
    "hermes/nlu/query",
    "hermes/tts/say",
    "hermes/tts/sayFinished",
    f"{DIALOGUE}/startSession",
    f"{DIALOGUE}/continueSession",
    f"{DIALOGUE}/endSession",
)
"""Topics that name their site in the message."""


def filters_for(settings: HermesSettings) -> tuple[str, ...]:
    """What is listened to; of the sound to be played only what is for us."""
    named = sorted({*settings.sites, settings.site}) if settings.sites else ["+"]
    return (
        "hermes/hotword/+/detected",
        *_SAID,
        *(f"hermes/audioServer/{site}/audioFrame" for site in named),
        *(f"hermes/audioServer/{site}/+/audioSessionFrame" for site in named),
        *(f"hermes/audioServer/{site}/playFinished" for site in named),
        f"hermes/audioServer/{settings.site}/playBytes/+",
    )


class Routes:
    """Hands each message to its service."""

    def __init__(self, services: Services) -> None:
        self._services = services
        recognition, dialogue = services.recognition, services.dialogue
        takes: tuple[Callable[[Told], None], ...] = (
            lambda told: recognition.start(Listen.read(told)),
            lambda told: recognition.stop(Listen.read(told)),
            self._captured,
            lambda told: recognition.switches.on(Toggle.read(told)),
            lambda told: recognition.switches.off(Toggle.read(told)),
            self._query,
            lambda told: services.speech.say(Say.read(told)),
            lambda told: services.talk.said(Finished.read(told)),
            self._start,
            lambda told: dialogue.go_on(Step.read(told)),
            lambda told: dialogue.finish(Step.read(told)),
        )
        self._takes = dict(zip(_SAID, takes, strict=True))

    def take(self, message: Message) -> None:
        """Raises BadMessage."""
        take = self._takes.get(message.topic)
        if take is not None:
            told = Told.from_payload(message.payload)
            if self._services.sites.serves(told.site):
                take(told)
            return
        match message.topic.split("/")[1:]:
            case ["hotword", wake_word, "detected"]:
                self._detected(Detected.read(Told.from_payload(message.payload), wake_word))
            case ["audioServer", site, *rest]:
                self._sound(site, rest, message.payload)

    def _sound(self, site: str, rest: list[str], payload: bytes) -> None:
        services = self._services
        match rest:
            case ["audioFrame"]:
                services.recognition.frame(site, payload)
            case [session_id, "audioSessionFrame"]:
                services.recognition.frame(site, payload, session_id)
            case ["playFinished"]:
                services.speech.played(Finished(site, Told.from_payload(payload).text("id")))
            case ["playBytes", request_id] if site == services.sites.own:
                services.speech.play(checked_id(request_id), payload)

    def _detected(self, detected: Detected) -> None:
        """Our own wake word has ears of its own."""
        if self._serves(detected.site) and detected.site != self._services.sites.own:
            self._services.dialogue.detected(detected)

    def _captured(self, told: Told) -> None:
        self._services.talk.heard(Heard(Captured.read(told)))

    def _start(self, told: Told) -> None:
        start = Start.read(told)
        if self._serves(start.site):
            self._services.dialogue.start(start)

    def _query(self, told: Told) -> None:
        services, query = self._services, Query.read(told)
        if not services.jobs.later(lambda: services.nlu.answer(query)):
            services.post.fail("nlu", "there is too much to do", site=query.site, session_id=query.session_id)

    def _serves(self, site: str) -> bool:
        sites = self._services.sites
        return sites.serves(site) and sites.has_room(site, self._services.sessions.sites)
