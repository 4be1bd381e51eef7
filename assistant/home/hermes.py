"""Hermes on the broker: what Rhasspy's satellites and skills say, read and handed to whom it is for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from assistant.core.clock import Clock
from assistant.core.home import EntityId, EntityState
from assistant.core.settings import HermesSettings
from assistant.home.beside import Publish
from assistant.home.faults import Faults
from assistant.home.hermes_asr import Heard, Recognition
from assistant.home.hermes_dialogue import Dialogue
from assistant.home.hermes_jobs import Jobs
from assistant.home.hermes_nlu import Nlu
from assistant.home.hermes_ports import Body, Partner
from assistant.home.hermes_post import DIALOGUE, Post
from assistant.home.hermes_reading import (
    BadMessage,
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
from assistant.home.hermes_sessions import Sessions
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_talk import Talk, TalkParts
from assistant.home.hermes_tts import Speech
from assistant.home.link import Message, Use
from assistant.home.topics import takes

TICK_S = 1.0
_ROOT = "hermes/"
_Take = Callable[[Told], None]


class Hermes:
    """Use: `run()` in a task; give it a `body` once there is one. Implements `Beside`."""

    def __init__(self, settings: HermesSettings, partner: Partner, publish: Publish, clock: Clock) -> None:
        self._clock = clock
        self._faults = Faults()
        self._sites = Sites(settings)
        self._post = Post(publish, self._hears)
        self._jobs = Jobs()
        self._nlu = Nlu(settings, partner, self._post)
        # who has much to say must not keep others from being understood
        self._says = Jobs()
        self._speech = Speech(self._sites, self._post, self._says, clock)
        # a session that is over says so first
        self._recognition = Recognition(self._sites, self._post, self._jobs, clock, settings.session_s + 2 * TICK_S)
        sessions = Sessions()
        self._talk = Talk(
            TalkParts(
                self._sites,
                sessions,
                partner,
                self._post,
                self._jobs,
                self._nlu,
                self._recognition,
                self._speech,
                clock,
                settings.session_s,
            )
        )
        self._dialogue = Dialogue(sessions, self._talk, self._post, clock, settings.race_s)
        self._takes: dict[str, _Take] = {
            "hermes/asr/startListening": lambda told: self._recognition.start(Listen.read(told)),
            "hermes/asr/stopListening": lambda told: self._recognition.stop(Listen.read(told)),
            "hermes/asr/textCaptured": self._captured,
            "hermes/asr/toggleOn": lambda told: self._recognition.switch_on(Toggle.read(told)),
            "hermes/asr/toggleOff": lambda told: self._recognition.switch_off(Toggle.read(told)),
            "hermes/nlu/query": self._query,
            "hermes/tts/say": lambda told: self._speech.say(Say.read(told)),
            "hermes/tts/sayFinished": lambda told: self._talk.said(Finished.read(told)),
            f"{DIALOGUE}/startSession": self._start,
            f"{DIALOGUE}/continueSession": lambda told: self._dialogue.go_on(Step.read(told)),
            f"{DIALOGUE}/endSession": lambda told: self._dialogue.finish(Step.read(told)),
        }
        named = sorted({*settings.sites, settings.site}) if settings.sites else ["+"]
        self._filters = (
            "hermes/hotword/+/detected",
            *self._takes,
            *(f"hermes/audioServer/{site}/audioFrame" for site in named),
            *(f"hermes/audioServer/{site}/+/audioSessionFrame" for site in named),
            *(f"hermes/audioServer/{site}/playFinished" for site in named),
            f"hermes/audioServer/{settings.site}/playBytes/+",
        )

    def attach(self, body: Body | None) -> None:
        """From now on it can hear and speak; with None no more."""
        self._recognition.body = self._speech.body = body

    def woken_here(self) -> None:
        """Our own wake word was heard: satellites that heard it too are not to answer."""
        self._dialogue.woken_here(self._sites.own)

    @property
    def filters(self) -> Sequence[str]:
        """What is listened to; of the sound to be played only what is for us."""
        return self._filters

    @property
    def use(self) -> Use:
        """They are commands: none that the broker kept is heard."""
        return Use.COMMAND

    def take(self, message: Message) -> bool:
        """True for what Hermes says."""
        if not message.topic.startswith(_ROOT):
            return False
        if not message.is_retained and not self._post.is_echo(message):
            try:
                self._take(message)
            except BadMessage as fault:
                self._faults.report(message.topic, "a message of Hermes can't be read", str(fault))
        return True

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """Devices are nothing to it."""

    def connection(self, is_connected: bool) -> None:
        """What was going on when the broker went is over; once it is back those satellites listen again."""
        if is_connected:
            self._dialogue.free_stranded()
        else:
            self._give_up()

    async def run(self) -> None:
        """Understand, answer, hear and speak, and end what nobody goes on with."""
        self._dialogue.free_stranded()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._jobs.run(), name="Hermes")
                group.create_task(self._says.run(), name="Hermes' voice")
                group.create_task(self._watch_time(), name="Hermes' time")
        finally:
            self._give_up()

    async def _watch_time(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            self._recognition.tick()
            self._dialogue.tick()

    def _give_up(self) -> None:
        self._dialogue.reset()
        self._recognition.drop_all()
        self._post.forget()

    # ── what comes ───────────────────────────────────────────────────────────────────────────────

    def _hears(self, topic: str) -> bool:
        return any(takes(each, topic) for each in self._filters)

    def _take(self, message: Message) -> None:
        take = self._takes.get(message.topic)
        if take is not None:
            told = Told.from_payload(message.payload)
            if self._sites.serves(told.site):
                take(told)
            return
        match message.topic.split("/")[1:]:
            case ["hotword", wake_word, "detected"]:
                self._detected(Detected.read(Told.from_payload(message.payload), wake_word))
            case ["audioServer", site, "audioFrame"]:
                self._recognition.frame(site, message.payload)
            case ["audioServer", site, session_id, "audioSessionFrame"]:
                self._recognition.frame(site, message.payload, session_id)
            case ["audioServer", site, "playFinished"]:
                self._speech.played(Finished(site, Told.from_payload(message.payload).text("id")))
            case ["audioServer", site, "playBytes", request_id] if site == self._sites.own:
                self._speech.play(checked_id(request_id), message.payload)

    def _detected(self, detected: Detected) -> None:
        """Our own wake word has ears of its own."""
        if self._serves(detected.site) and detected.site != self._sites.own:
            self._dialogue.detected(detected)

    def _captured(self, told: Told) -> None:
        self._talk.heard(Heard(Captured.read(told)))

    def _start(self, told: Told) -> None:
        start = Start.read(told)
        if self._serves(start.site):
            self._dialogue.start(start)

    def _query(self, told: Told) -> None:
        query = Query.read(told)
        if not self._jobs.later(lambda: self._nlu.answer(query)):
            self._post.fail("nlu", "there is too much to do", site=query.site, session_id=query.session_id)

    def _serves(self, site: str) -> bool:
        return self._sites.serves(site) and self._sites.has_room(site, self._dialogue.sites)
