"""The steps of one Hermes session: say something, listen, understand what was heard, and do it or hand it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from assistant.core.clock import Clock
from assistant.home.hermes_asr import Heard, Recognition
from assistant.home.hermes_jobs import Jobs
from assistant.home.hermes_nlu import Nlu, parsed
from assistant.home.hermes_ports import Intent, Partner, Words
from assistant.home.hermes_post import DIALOGUE, Post, new_id
from assistant.home.hermes_reading import Finished, Listen, Say
from assistant.home.hermes_sessions import Reason, Session, Sessions
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_tts import Speech


@dataclass(frozen=True, slots=True)
class TalkParts:
    """What it speaks with; a session in which nothing happens is over after `session_s`."""

    sites: Sites
    sessions: Sessions
    partner: Partner
    post: Post
    jobs: Jobs
    nlu: Nlu
    recognition: Recognition
    speech: Speech
    clock: Clock
    session_s: float


class Talk:
    """`on_over` is called when a session has come to its end, and why."""

    def __init__(self, parts: TalkParts) -> None:
        self.on_over: Callable[[Session, Reason], None] = lambda _, __: None
        self._parts = parts
        self._post = parts.post
        parts.recognition.on_heard = self.heard
        parts.recognition.on_failed = self._unheard
        parts.speech.on_said = self.said

    def wait_on(self, session: Session) -> None:
        """Something happened: it is not over for a while."""
        session.deadline_s = self._parts.clock.monotonic() + self._parts.session_s

    # ── speaking and listening ───────────────────────────────────────────────────────────────────

    def go_on(self, session: Session, text: str) -> None:
        """Say it; after that, or without words, listen on or end."""
        self.wait_on(session)
        if text:
            self._say(session, text)
        elif session.is_ending:
            self.on_over(session, Reason.NOMINAL)
        else:
            self.listen(session)

    def _say(self, session: Session, text: str) -> None:
        session.say_id = new_id()
        self._post.tell("hermes/tts/say", text=text, siteId=session.site, id=session.say_id, sessionId=session.id)
        if not self._parts.sites.speaks_itself(session.site):
            # our own voice always comes to an end, and tells
            session.deadline_s = float("inf")
            self._parts.speech.say(Say(session.site, text, session.say_id, session.id))

    def said(self, finished: Finished) -> None:
        """Words were spoken at a site."""
        session = self._parts.sessions.at(finished.site)
        if session is not None and session.say_id and session.say_id == finished.id:
            session.say_id = ""
            self.go_on(session, "")

    def listen(self, session: Session, *, is_woken: bool = False) -> None:
        """Wait for words; right after the wake word they may have begun already."""
        self.wait_on(session)
        if session.site == self._parts.sites.own:
            # what is said here is heard by our own ears, which have their own conversation
            self.on_over(session, Reason.ERROR)
            return
        session.is_listening = True
        self._post.tell(
            "hermes/asr/startListening",
            siteId=session.site,
            sessionId=session.id,
            stopOnSilence=True,
            sendAudioCaptured=False,
            wakewordId=session.wake_word or None,
            intentFilter=sorted(session.intents) or None,
        )
        asked = Listen(session.site, session.id, wake_word=session.wake_word)
        self._parts.recognition.start(asked, is_woken=is_woken)

    def hush(self, session: Session, *, tells: bool = False) -> None:
        """Listen no more; with `tells` that is told even if nobody listens."""
        if session.is_listening or tells:
            self._post.tell("hermes/asr/stopListening", siteId=session.site, sessionId=session.id)
        session.is_listening = False
        self._parts.recognition.drop(session.site, session.id)

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def heard(self, heard: Heard) -> bool:
        """Words of a session, recognised here or by its satellite: the first that come count. True when they do."""
        captured = heard.captured
        session = self._parts.sessions.of(captured.session_id)
        if session is None or session.site != captured.site or not session.is_listening:
            return False
        self.hush(session)
        self.wait_on(session)
        if not captured.text:
            self._parts.recognition.tell(heard, "")
            self._unknown(session, "")
        elif not self._parts.jobs.later(partial(self._understand, session, heard)):
            self.on_over(session, Reason.ERROR)
        return True

    def _unheard(self, site: str, session_id: str) -> None:
        """Its sound can't be recognised here."""
        session = self._parts.sessions.of(session_id)
        if session is not None and session.site == site:
            session.is_listening = False
            self.on_over(session, Reason.ERROR)

    async def _understand(self, session: Session, heard: Heard) -> None:
        words = _words(session, heard)
        intent = None
        if session.is_skills or session.intents or (self._parts.nlu.has_skills and not session.is_asked):
            intent = await self._parts.nlu.understand(words, session.intents)
        if not self._parts.sessions.goes_on(session):
            return
        if intent is not None and (session.is_skills or self._parts.nlu.is_skills(intent)):
            self._parts.recognition.tell(heard, words.text)
            self._hand_over(session, intent, words)
        elif session.is_skills or session.intents:
            self._parts.recognition.tell(heard, words.text)
            self._unknown(session, words.text)
        else:
            await self._answer(session, heard, words)

    async def _answer(self, session: Session, heard: Heard, words: Words) -> None:
        """Do it. Only after that it is known which of the words were a secret, and the others are told."""
        answer = await self._parts.partner.answer(words)
        self._parts.recognition.tell(heard, answer.heard)
        if self._parts.sessions.goes_on(session):
            session.is_asked, session.is_ending = answer.is_question, not answer.is_question
            self.go_on(session, answer.text)

    def _hand_over(self, session: Session, intent: Intent, words: Words) -> None:
        session.is_skills = True
        self.wait_on(session)
        self._post.tell(
            f"hermes/intent/{intent.name}",
            input=words.text,
            rawInput=words.text,
            id=None,
            asrConfidence=round(words.confidence, 3),
            wakewordId=session.wake_word or None,
            **parsed(intent, words.text),
            **_whose(session),
        )

    def _unknown(self, session: Session, text: str) -> None:
        if session.tells_unknown:
            self.wait_on(session)
            self._post.tell(f"{DIALOGUE}/intentNotRecognized", input=text, **_whose(session))
        else:
            self.on_over(session, Reason.UNKNOWN)


def _words(session: Session, heard: Heard) -> Words:
    captured, recognised = heard.captured, heard.recognised
    words = Words(session.site, captured.text, captured.likelihood, session.wake_word)
    return words if recognised is None else replace(words, audio_s=recognised.audio_s, stages=recognised.stages)


def _whose(session: Session) -> dict[str, object]:
    return {"siteId": session.site, "sessionId": session.id, "customData": session.custom}
