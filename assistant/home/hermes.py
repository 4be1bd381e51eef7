"""The dialogue manager of Hermes: sessions of Rhasspy satellites and skills, one per site at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.core.clock import Clock
from assistant.core.home import EntityId, EntityState
from assistant.core.settings import HermesSettings
from assistant.home.beside import Publish
from assistant.home.link import Message, Use

_LOGGER = logging.getLogger(__name__)
_DIALOGUE = "hermes/dialogueManager"
MAX_JOBS, MAX_QUEUED, MAX_SITES = 16, 8, 32
TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class Intent:
    """What was understood, as Hermes tells it."""

    name: str
    slots: Mapping[str, str] = field(default_factory=dict)


class Partner(Protocol):
    """Who understands and answers."""

    async def understand(self, text: str) -> Intent | None:
        """What the words mean; nothing is done."""
        ...

    async def answer(self, text: str, site: str) -> tuple[str, bool]:
        """Do what the words say; the reply, and whether it is a question."""
        ...


@dataclass(slots=True)
class Session:
    """One talk with one site."""

    id: str
    site: str
    deadline_s: float
    custom: object = None
    intents: frozenset[str] = frozenset()
    """Only these count; empty: all."""
    is_skills: bool = False
    """A skill began it, and gets what is understood."""
    tells_unknown: bool = False
    say_id: str = ""
    is_ending: bool = False
    """It is over once the present words are said."""


class Hermes:
    """Use: `run()` in a task. Implements `Beside`."""

    def __init__(self, settings: HermesSettings, partner: Partner, publish: Publish, clock: Clock) -> None:
        self._settings = settings
        self._partner = partner
        self._publish = publish
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._queued: dict[str, deque[Mapping[str, Any]]] = {}
        self._stranded: tuple[str, ...] = ()
        self._woken: tuple[str, float] = ("", float("-inf"))
        """The site that woke last, and when."""
        self._jobs: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(MAX_JOBS)
        self._takes: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "hermes/asr/textCaptured": self._captured,
            "hermes/nlu/query": self._query,
            "hermes/tts/sayFinished": self._said,
            f"{_DIALOGUE}/startSession": self._start,
            f"{_DIALOGUE}/continueSession": self._continue,
            f"{_DIALOGUE}/endSession": self._end_asked,
        }

    @property
    def filters(self) -> Sequence[str]:
        """What is listened to; sound is not."""
        return ("hermes/hotword/+/detected", *self._takes)

    @property
    def use(self) -> Use:
        """They are commands: none that the broker kept is heard."""
        return Use.COMMAND

    def take(self, message: Message) -> bool:
        """True for what Hermes says."""
        if not message.topic.startswith("hermes/"):
            return False
        is_wake = message.topic.startswith("hermes/hotword/") and message.topic.endswith("/detected")
        take = self._detected if is_wake else self._takes.get(message.topic)
        if take is None or message.is_retained:
            return True
        try:
            told = json.loads(message.payload)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            _LOGGER.warning("a message of Hermes can't be read", extra={"names": message.topic})
        elif self._serves(_text(told, "siteId") or "default"):
            take(told)
        return True

    def changed(self, entity_id: EntityId, state: EntityState, is_retained: bool) -> None:
        """Devices are nothing to it."""

    def connection(self, is_connected: bool) -> None:
        """What was going on when the broker went is over; once it is back those satellites listen again."""
        if is_connected:
            for site in self._stranded:
                self._tell("hermes/hotword/toggleOn", siteId=site, reason="dialogueSession")
            self._stranded = ()
        else:
            self._stranded = tuple(self._sessions)
            self._sessions.clear()

    async def run(self) -> None:
        """Understand and answer, and end what nobody goes on with."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work(), name="Hermes")
            group.create_task(self._watch_time(), name="Hermes' time")

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            await job()

    async def _watch_time(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            for session in tuple(self._sessions.values()):
                if self._clock.monotonic() >= session.deadline_s:
                    self._end(session, "timeout")

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────

    def _detected(self, told: Mapping[str, Any]) -> None:
        """Of two satellites that heard the same words the first wins; the other one listens on."""
        site, now_s = _text(told, "siteId") or "default", self._clock.monotonic()
        winner, at_s = self._woken
        if winner != site and now_s - at_s < self._settings.race_s:
            self._tell("hermes/hotword/toggleOn", siteId=site, reason="dialogueSession")
            return
        self._woken = (site, now_s)
        old = self._sessions.get(site)
        if old is not None:
            self._end(old, "abortedByUser", goes_on=False)
        self._listen(self._begin(site, None))

    def _start(self, told: Mapping[str, Any]) -> None:
        site = _text(told, "siteId") or "default"
        init = _init(told)
        if site not in self._sessions:
            self._open(site, told)
            return
        queue = self._queued.setdefault(site, deque())
        if init.get("canBeEnqueued", True) and len(queue) < MAX_QUEUED:
            queue.append(told)
            self._tell(f"{_DIALOGUE}/sessionQueued", sessionId="", siteId=site, customData=told.get("customData"))

    def _open(self, site: str, told: Mapping[str, Any]) -> None:
        init = _init(told)
        session = self._begin(site, told.get("customData"))
        session.is_skills = init.get("type") != "notification"
        self._limit(session, init)
        session.is_ending = not session.is_skills
        self._say_or_listen(session, _text(init, "text"))

    def _begin(self, site: str, custom: object) -> Session:
        session = Session(uuid.uuid4().hex, site, self._deadline(), custom)
        self._sessions[site] = session
        self._tell("hermes/hotword/toggleOff", siteId=site, reason="dialogueSession")
        self._tell(f"{_DIALOGUE}/sessionStarted", sessionId=session.id, siteId=site, customData=custom)
        return session

    def _continue(self, told: Mapping[str, Any]) -> None:
        session = self._of(told)
        if session is None:
            return
        session.is_skills = True
        session.custom = told.get("customData", session.custom)
        self._limit(session, told)
        self._say_or_listen(session, _text(told, "text"))

    def _end_asked(self, told: Mapping[str, Any]) -> None:
        session = self._of(told)
        if session is None:
            return
        session.is_ending = True
        self._say_or_listen(session, _text(told, "text"))

    def _limit(self, session: Session, told: Mapping[str, Any]) -> None:
        names = told.get("intentFilter")
        session.intents = (
            frozenset(each for each in names if isinstance(each, str)) if isinstance(names, list) else frozenset()
        )
        session.tells_unknown = told.get("sendIntentNotRecognized") is True

    def _say_or_listen(self, session: Session, text: str) -> None:
        session.deadline_s = self._deadline()
        if text:
            session.say_id = uuid.uuid4().hex
            self._tell("hermes/tts/say", text=text, siteId=session.site, id=session.say_id, sessionId=session.id)
        elif session.is_ending:
            self._end(session, "nominal")
        else:
            self._listen(session)

    def _said(self, told: Mapping[str, Any]) -> None:
        say_id = _text(told, "id")
        session = next((each for each in self._sessions.values() if say_id and each.say_id == say_id), None)
        if session is not None:
            session.say_id = ""
            self._say_or_listen(session, "")

    def _listen(self, session: Session) -> None:
        session.deadline_s = self._deadline()
        names = sorted(session.intents) or None
        self._tell(
            "hermes/asr/startListening",
            siteId=session.site,
            sessionId=session.id,
            stopOnSilence=True,
            intentFilter=names,
        )

    def _end(self, session: Session, reason: str, *, goes_on: bool = True) -> None:
        """Over: the satellite listens for its wake word again, and who waits is next."""
        if self._sessions.get(session.site) is not session:
            return
        del self._sessions[session.site]
        self._tell("hermes/asr/stopListening", siteId=session.site, sessionId=session.id)
        self._tell(
            f"{_DIALOGUE}/sessionEnded",
            sessionId=session.id,
            siteId=session.site,
            customData=session.custom,
            termination={"reason": reason},
        )
        self._tell("hermes/hotword/toggleOn", siteId=session.site, reason="dialogueSession")
        queue = self._queued.get(session.site)
        if goes_on and queue:
            self._open(session.site, queue.popleft())

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def _captured(self, told: Mapping[str, Any]) -> None:
        session, text = self._of(told), _text(told, "text").strip()
        if session is None:
            return
        self._tell("hermes/asr/stopListening", siteId=session.site, sessionId=session.id)
        if text:
            self._later(lambda: self._understand(session, text))
        else:
            self._end(session, "intentNotRecognized")

    def _query(self, told: Mapping[str, Any]) -> None:
        self._later(lambda: self._answer_query(told, _text(told, "input").strip()))

    async def _answer_query(self, told: Mapping[str, Any], text: str) -> None:
        site, names = _text(told, "siteId") or "default", told.get("intentFilter")
        intent = await self._partner.understand(text) if text else None
        common = {"input": text, "id": told.get("id"), "siteId": site, "sessionId": told.get("sessionId")}
        if intent is None or (isinstance(names, list) and names and intent.name not in names):
            self._tell("hermes/nlu/intentNotRecognized", **common)
        else:
            self._tell("hermes/nlu/intentParsed", **common, **_parsed(intent))

    async def _understand(self, session: Session, text: str) -> None:
        intent = await self._partner.understand(text)
        if self._sessions.get(session.site) is not session:
            return
        if intent is not None and session.intents and intent.name not in session.intents:
            intent = None
        if intent is not None and (session.is_skills or self._is_skills(intent.name)):
            session.is_skills = True
            session.deadline_s = self._deadline()
            self._tell(f"hermes/intent/{intent.name}", input=text, **_parsed(intent), **self._whose(session))
        elif session.is_skills or session.intents:
            self._unknown(session, text)
        else:
            reply, is_question = await self._partner.answer(text, session.site)
            session.is_ending = not is_question
            if self._sessions.get(session.site) is session:
                self._say_or_listen(session, reply)

    def _unknown(self, session: Session, text: str) -> None:
        if session.tells_unknown:
            session.deadline_s = self._deadline()
            self._tell(f"{_DIALOGUE}/intentNotRecognized", input=text, **self._whose(session))
        else:
            self._end(session, "intentNotRecognized")

    def _later(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            _LOGGER.warning("too many words of satellites at once: some were dropped")

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def _of(self, told: Mapping[str, Any]) -> Session | None:
        session_id = _text(told, "sessionId")
        return next((each for each in self._sessions.values() if session_id and each.id == session_id), None)

    def _serves(self, site: str) -> bool:
        known = site in self._settings.sites if self._settings.sites else len(self._sessions) < MAX_SITES
        return known or site in self._sessions

    def _is_skills(self, name: str) -> bool:
        return any(
            name.startswith(each[:-1]) if each.endswith("*") else name == each for each in self._settings.skills_intents
        )

    def _deadline(self) -> float:
        return self._clock.monotonic() + self._settings.session_s

    def _whose(self, session: Session) -> dict[str, object]:
        return {"siteId": session.site, "sessionId": session.id, "customData": session.custom}

    def _tell(self, topic: str, **values: object) -> None:
        self._publish(topic, json.dumps(values, ensure_ascii=False), False)


def _parsed(intent: Intent) -> dict[str, object]:
    slots = [
        {"entity": name, "slotName": name, "rawValue": value, "value": {"kind": "Unknown", "value": value}}
        for name, value in intent.slots.items()
    ]
    return {"intent": {"intentName": intent.name, "confidenceScore": 1.0}, "slots": slots}


def _init(told: Mapping[str, Any]) -> Mapping[str, Any]:
    init = told.get("init")
    return init if isinstance(init, dict) else {}


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""
