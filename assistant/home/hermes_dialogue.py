"""The dialogue manager of Hermes: begins, goes on with and ends sessions of satellites and skills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from assistant.core.clock import Clock
from assistant.core.settings import HermesSettings
from assistant.home.hermes_asr import Heard, Recognition
from assistant.home.hermes_jobs import Jobs
from assistant.home.hermes_nlu import Nlu, parsed
from assistant.home.hermes_ports import Intent, Partner, Words
from assistant.home.hermes_post import DIALOGUE, Post, new_id
from assistant.home.hermes_reading import Detected, Finished, Listen, Say, Start, Step
from assistant.home.hermes_sessions import Reason, Session, Sessions
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_tts import Speech


@dataclass(frozen=True, slots=True)
class DialogueParts:
    """What it speaks with."""

    sites: Sites
    partner: Partner
    post: Post
    jobs: Jobs
    nlu: Nlu
    recognition: Recognition
    speech: Speech
    clock: Clock


class Dialogue:
    """All is called on the loop, and returns at once."""

    def __init__(self, settings: HermesSettings, parts: DialogueParts) -> None:
        self._settings = settings
        self._parts = parts
        self._post = parts.post
        self._sessions = Sessions()
        self._stranded: tuple[str, ...] = ()
        self._woken: tuple[str, float] = ("", float("-inf"))
        """The site that woke last, and when."""
        parts.recognition.on_heard = self.heard
        parts.recognition.on_failed = self._unheard
        parts.speech.on_said = self.said

    @property
    def sites(self) -> tuple[str, ...]:
        """Where a session goes on."""
        return self._sessions.sites

    def reset(self) -> None:
        """Everything that went on is over, and those satellites don't know it yet."""
        self._stranded = tuple(dict.fromkeys((*self._stranded, *self._sessions.sites)))
        self._sessions.clear()

    def free_stranded(self) -> None:
        """The broker is back: they listen for their wake word again."""
        for site in self._stranded:
            self._tell_hotword(site, is_on=True)
        self._stranded = ()

    def tick(self) -> None:
        """What nobody goes on with ends."""
        for session in self._sessions:
            if self._parts.clock.monotonic() >= session.deadline_s:
                self._end(session, Reason.TIMEOUT)

    # ── beginning and end ────────────────────────────────────────────────────────────────────────

    def detected(self, detected: Detected) -> None:
        """Of two satellites that heard the same words the first wins; the other one listens on."""
        site, now_s = detected.site, self._parts.clock.monotonic()
        winner, at_s = self._woken
        if winner != site and now_s - at_s < self._settings.race_s:
            self._tell_hotword(site, is_on=True)
            return
        self._woken = (site, now_s)
        old = self._sessions.at(site)
        if old is not None:
            self._end(old, Reason.ABORTED, goes_on=False)
        wanted = detected.session_id
        session_id = wanted if wanted and self._sessions.of(wanted) is None else new_id()
        self._listen(self._begin(Session(session_id, site, 0.0, wake_word=detected.wake_word)))

    def start(self, start: Start) -> None:
        """A skill begins a session, or waits until the one that goes on there is over."""
        if self._sessions.at(start.site) is None:
            self._open(start)
            return
        waiting = replace(start, session_id=new_id())
        if start.can_wait and self._sessions.queue(waiting):
            self._post.tell(
                f"{DIALOGUE}/sessionQueued",
                sessionId=waiting.session_id,
                siteId=start.site,
                customData=start.custom,
            )

    def go_on(self, step: Step) -> None:
        """A skill asks on."""
        session = self._sessions.of(step.session_id)
        if session is None:
            return
        self._hush(session)
        session.is_skills, session.is_ending = True, False
        session.intents, session.tells_unknown = step.intents, step.tells_unknown
        session.custom = session.custom if step.custom is None else step.custom
        self._say_or_listen(session, step.text)

    def finish(self, step: Step) -> None:
        """A skill has what it wanted; its last words are said."""
        session = self._sessions.of(step.session_id)
        if session is None:
            return
        self._hush(session)
        session.is_ending = True
        session.custom = session.custom if step.custom is None else step.custom
        self._say_or_listen(session, step.text)

    def _open(self, start: Start) -> None:
        session = Session(start.session_id or new_id(), start.site, 0.0, start.custom)
        session.is_skills, session.is_ending = not start.is_notification, start.is_notification
        session.intents, session.tells_unknown = start.intents, start.tells_unknown
        self._say_or_listen(self._begin(session), start.text)

    def _begin(self, session: Session) -> Session:
        self._sessions.begin(session)
        self._wait_on(session)
        self._tell_hotword(session.site, is_on=False)
        self._post.tell(
            f"{DIALOGUE}/sessionStarted", sessionId=session.id, siteId=session.site, customData=session.custom
        )
        return session

    def _end(self, session: Session, reason: Reason, *, goes_on: bool = True) -> None:
        """Over: the satellite listens for its wake word again, and who waits is next."""
        if not self._sessions.goes_on(session):
            return
        self._sessions.end(session)
        self._hush(session, tells=True)
        self._post.tell(
            f"{DIALOGUE}/sessionEnded",
            sessionId=session.id,
            siteId=session.site,
            customData=session.custom,
            termination={"reason": reason.value},
        )
        self._tell_hotword(session.site, is_on=True)
        following = self._sessions.next_at(session.site) if goes_on else None
        if following is not None:
            self._open(following)

    # ── listening and speaking ───────────────────────────────────────────────────────────────────

    def _say_or_listen(self, session: Session, text: str) -> None:
        self._wait_on(session)
        if text:
            self._say(session, text)
        elif session.is_ending:
            self._end(session, Reason.NOMINAL)
        else:
            self._listen(session)

    def _say(self, session: Session, text: str) -> None:
        session.say_id = new_id()
        self._post.tell("hermes/tts/say", text=text, siteId=session.site, id=session.say_id, sessionId=session.id)
        if not self._parts.sites.speaks_itself(session.site):
            # our own voice always comes to an end, and tells
            session.deadline_s = float("inf")
            self._parts.speech.say(Say(session.site, text, session.say_id, session.id))

    def said(self, finished: Finished) -> None:
        """Words were spoken at a site."""
        session = self._sessions.at(finished.site)
        if session is not None and session.say_id and session.say_id == finished.id:
            session.say_id = ""
            self._say_or_listen(session, "")

    def _listen(self, session: Session) -> None:
        self._wait_on(session)
        if session.site == self._parts.sites.own:
            # what is said here is heard by our own ears, which have their own conversation
            self._end(session, Reason.ERROR)
            return
        session.is_listening = True
        self._parts.recognition.start(Listen(session.site, session.id, wake_word=session.wake_word))
        self._post.tell(
            "hermes/asr/startListening",
            siteId=session.site,
            sessionId=session.id,
            stopOnSilence=True,
            sendAudioCaptured=False,
            wakewordId=session.wake_word or None,
            intentFilter=sorted(session.intents) or None,
        )

    def _hush(self, session: Session, *, tells: bool = False) -> None:
        """Listen no more."""
        if session.is_listening or tells:
            self._post.tell("hermes/asr/stopListening", siteId=session.site, sessionId=session.id)
        session.is_listening = False
        self._parts.recognition.drop(session.site, session.id)

    def _wait_on(self, session: Session) -> None:
        session.deadline_s = self._parts.clock.monotonic() + self._settings.session_s

    def _tell_hotword(self, site: str, *, is_on: bool) -> None:
        self._post.tell(f"hermes/hotword/toggle{'On' if is_on else 'Off'}", siteId=site, reason="dialogueSession")

    # ── words ────────────────────────────────────────────────────────────────────────────────────

    def heard(self, heard: Heard) -> None:
        """Words of a session, recognised here or by its satellite: the first that come count."""
        captured = heard.captured
        session = self._sessions.of(captured.session_id)
        if session is None or session.site != captured.site or not session.is_listening:
            return
        self._hush(session)
        if not captured.text:
            self._unknown(session, "")
            return
        self._wait_on(session)
        words = Words(session.site, captured.text, captured.likelihood, heard.wake_word or session.wake_word)
        if heard.recognised is not None:
            words = replace(words, audio_s=heard.recognised.audio_s, stages=heard.recognised.stages)
        if not self._parts.jobs.later(partial(self._understand, session, words)):
            self._end(session, Reason.ERROR)

    def _unheard(self, site: str, session_id: str) -> None:
        """Its sound can't be recognised here."""
        session = self._sessions.of(session_id)
        if session is not None and session.site == site:
            session.is_listening = False
            self._end(session, Reason.ERROR)

    async def _understand(self, session: Session, words: Words) -> None:
        intent = await self._parts.nlu.understand(words, session.intents)
        if not self._sessions.goes_on(session):
            return
        if intent is not None and (session.is_skills or self._parts.nlu.is_skills(intent)):
            self._hand_over(session, intent, words)
        elif session.is_skills or session.intents:
            self._unknown(session, words.text)
        else:
            reply, is_question = await self._parts.partner.answer(words)
            if self._sessions.goes_on(session):
                session.is_ending = not is_question
                self._say_or_listen(session, reply)

    def _hand_over(self, session: Session, intent: Intent, words: Words) -> None:
        session.is_skills = True
        self._wait_on(session)
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
            self._wait_on(session)
            self._post.tell(f"{DIALOGUE}/intentNotRecognized", input=text, **_whose(session))
        else:
            self._end(session, Reason.UNKNOWN)


def _whose(session: Session) -> dict[str, object]:
    return {"siteId": session.site, "sessionId": session.id, "customData": session.custom}
