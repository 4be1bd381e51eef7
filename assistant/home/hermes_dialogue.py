"""The dialogue manager of Hermes: begins, goes on with and ends sessions of satellites and skills."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.clock import Clock
from assistant.home.hermes_post import DIALOGUE, Post, new_id
from assistant.home.hermes_reading import Detected, Start, Step
from assistant.home.hermes_sessions import Reason, Session, Sessions
from assistant.home.hermes_talk import Talk


class Dialogue:
    """All is called on the loop, and returns at once. Who wakes within `race_s` of another heard the same words."""

    def __init__(self, sessions: Sessions, talk: Talk, post: Post, clock: Clock, race_s: float) -> None:
        self._sessions = sessions
        self._talk = talk
        self._post = post
        self._clock = clock
        self._race_s = race_s
        self._stranded: tuple[str, ...] = ()
        self._woken: tuple[str, float] = ("", float("-inf"))
        """The site that woke last, and when."""
        talk.on_over = self._end

    def reset(self) -> None:
        """Everything that went on is over, and those satellites don't know it yet."""
        self._stranded = tuple(dict.fromkeys((*self._stranded, *self._sessions.sites)))
        self._sessions.clear()

    def free_stranded(self) -> None:
        """They can be told: they listen for their wake word again."""
        for site in self._stranded:
            self._tell_hotword(site, is_on=True)
        self._stranded = ()

    def tick(self) -> None:
        """What nobody goes on with ends."""
        for session in self._sessions:
            if self._clock.monotonic() >= session.deadline_s:
                self._end(session, Reason.TIMEOUT)

    # ── what others want ─────────────────────────────────────────────────────────────────────────

    def detected(self, detected: Detected) -> None:
        """Of two satellites that heard the same words the first wins; the other one listens on."""
        site = detected.site
        if self._is_late(site):
            self._tell_hotword(site, is_on=True)
            return
        self._woken = (site, self._clock.monotonic())
        old = self._sessions.at(site)
        if old is not None:
            self._end(old, Reason.ABORTED, goes_on=False)
        wanted = detected.session_id
        session_id = wanted if wanted and self._sessions.of(wanted) is None else new_id()
        session = self._begin(Session(session_id, site, 0.0, wake_word=detected.wake_word))
        self._talk.listen(session, is_woken=True)

    def woken_here(self, site: str) -> None:
        """This machine heard its own wake word: it can't be told to listen on, so that it always wins."""
        before = self._woken[0]
        if self._is_late(site):
            loser = self._sessions.at(before)
            if loser is not None:
                self._end(loser, Reason.ABORTED)
        self._woken = (site, self._clock.monotonic())

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
        if session is not None:
            session.is_skills = True
            session.intents, session.tells_unknown = step.intents, step.tells_unknown
            self._step(session, step, is_ending=False)

    def finish(self, step: Step) -> None:
        """A skill has what it wanted; its last words are said."""
        session = self._sessions.of(step.session_id)
        if session is not None:
            self._step(session, step, is_ending=True)

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────

    def _step(self, session: Session, step: Step, *, is_ending: bool) -> None:
        self._talk.hush(session)
        session.is_ending = is_ending
        session.custom = session.custom if step.custom is None else step.custom
        self._talk.go_on(session, step.text)

    def _open(self, start: Start) -> None:
        session = Session(start.session_id or new_id(), start.site, 0.0, start.custom)
        session.is_skills, session.is_ending = not start.is_notification, start.is_notification
        session.intents, session.tells_unknown = start.intents, start.tells_unknown
        self._talk.go_on(self._begin(session), start.text)

    def _begin(self, session: Session) -> Session:
        self._sessions.begin(session)
        self._talk.wait_on(session)
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
        self._talk.hush(session, tells=True)
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

    def _is_late(self, site: str) -> bool:
        winner, at_s = self._woken
        return winner != site and self._clock.monotonic() - at_s < self._race_s

    def _tell_hotword(self, site: str, *, is_on: bool) -> None:
        self._post.tell(f"hermes/hotword/toggle{'On' if is_on else 'Off'}", siteId=site, reason="dialogueSession")
