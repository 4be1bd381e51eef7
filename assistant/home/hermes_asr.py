"""Speech recognition for satellites: their sound, chunk by chunk, into an ear per session, and its words out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from assistant.core.clock import Clock
from assistant.core.errors import AssistantError
from assistant.core.turn import Stage
from assistant.home.faults import Faults
from assistant.home.hermes_jobs import Jobs
from assistant.home.hermes_ports import Body, Recognised, SiteEar
from assistant.home.hermes_post import Post
from assistant.home.hermes_reading import Captured, Listen
from assistant.home.hermes_recent import Recent
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_switches import Switches
from assistant.home.hermes_wav import WavFault, read_wav

MAX_LISTENING = 8
"""Utterances that are waited for at one time."""
MAX_FRAME_BYTES, MAX_FRAME_S = 200_000, 1.0
"""One chunk of a satellite's sound; they send some 0.06 s at once."""


@dataclass(slots=True)
class _Listening:
    """One utterance that is waited for; it has an ear once sound comes."""

    asked: Listen
    deadline_s: float
    before: tuple[bytes, ...] = ()
    """Sound from just before."""
    ear: SiteEar | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of a site, and what asked for them where they were recognised here; `recognised` is None where nobody
    spoke."""

    captured: Captured
    asked: Listen | None = None
    recognised: Recognised | None = None


class Recognition:
    """`on_heard` is called for what was recognised here, and says whether somebody takes it, who will then `tell` it;
    `on_failed` (site, session) for what can't be."""

    def __init__(self, sites: Sites, post: Post, jobs: Jobs, clock: Clock, listen_s: float) -> None:
        self.on_heard: Callable[[Heard], bool] = lambda _: False
        self.on_failed: Callable[[str, str], None] = lambda _, __: None
        self.body: Body | None = None
        self.switches = Switches()
        self._sites = sites
        self._post = post
        self._jobs = jobs
        self._clock = clock
        self._listen_s = listen_s
        self._faults = Faults()
        self._listening: dict[tuple[str, str], _Listening] = {}
        self._recent = Recent()

    def start(self, asked: Listen, *, is_woken: bool = False) -> None:
        """Recognise what is said there next; right after a wake word it may have begun already. A satellite that
        recognises by itself is left to it."""
        if self._sites.hears_itself(asked.site):
            return
        self.drop(asked.site, asked.session_id)
        if len(self._listening) >= MAX_LISTENING:
            self._failed(asked, "too many satellites are listened to at once")
            return
        deadline_s = self._clock.monotonic() + self._listen_s
        before = self._recent.take(asked.site, self._clock.monotonic())
        self._listening[asked.site, asked.session_id] = _Listening(asked, deadline_s, before if is_woken else ())

    def stop(self, asked: Listen) -> None:
        """That was all: what was said until now is read."""
        listening = self._listening.get((asked.site, asked.session_id))
        if listening is not None:
            self._finish(listening)

    def drop(self, site: str, session_id: str) -> None:
        """Nobody wants the words any more."""
        listening = self._listening.pop((site, session_id), None)
        if listening is not None and listening.ear is not None:
            listening.ear.close()

    def drop_all(self) -> None:
        """The broker is gone, and who waited for words with it."""
        for site, session_id in tuple(self._listening):
            self.drop(site, session_id)
        self._recent.clear()

    def frame(self, site: str, payload: bytes, session_id: str | None = None) -> None:
        """A chunk of sound, for all who listen there or for one session."""
        if self.switches.is_off(site):
            return
        listening = [
            each
            for (place, session), each in self._listening.items()
            if place == site and session_id in {None, session}
        ]
        if not listening:
            self._recent.keep(site, payload, self._clock.monotonic())
        for each in listening:
            ear = self._ear(each)
            if ear is not None:
                for chunk in (*each.before, payload):
                    self._feed(ear, site, chunk)
                each.before = ()

    def _feed(self, ear: SiteEar, site: str, payload: bytes) -> None:
        try:
            if len(payload) > MAX_FRAME_BYTES:
                raise WavFault(f"it is longer than {MAX_FRAME_BYTES} bytes")
            ear.feed(read_wav(payload, MAX_FRAME_S))
        except WavFault as fault:
            self._faults.report(f"audioFrame {site}", "sound of a satellite can't be read", str(fault))

    def tick(self) -> None:
        """What was waited for long enough is read as it is."""
        for listening in tuple(self._listening.values()):
            if self._clock.monotonic() >= listening.deadline_s:
                self._finish(listening)

    def _ear(self, listening: _Listening) -> SiteEar | None:
        """The ear is there only once sound comes: a satellite that sends none costs nothing."""
        if listening.ear is not None:
            return listening.ear
        asked = listening.asked
        if self.body is None:
            self._failed(asked, "nothing can hear yet")
            return None
        try:
            listening.ear = self.body.open_ear(stops_on_silence=asked.stops_on_silence, wake_word=asked.wake_word)
        except AssistantError as error:
            self._failed(asked, str(error))
            return None
        if not self._jobs.later(partial(self._hear, listening, listening.ear)):
            listening.ear.close()
            listening.ear = None
            self._failed(asked, "there is too much to do")
        return listening.ear

    async def _hear(self, listening: _Listening, ear: SiteEar) -> None:
        asked = listening.asked
        try:
            recognised = await ear.words()
        except AssistantError as error:
            if self._is_wanted(listening):
                self._failed(asked, str(error))
            return
        finally:
            ear.close()
        if self._is_wanted(listening):
            self._captured(listening, recognised)

    def _is_wanted(self, listening: _Listening) -> bool:
        return self._listening.get((listening.asked.site, listening.asked.session_id)) is listening

    def _finish(self, listening: _Listening) -> None:
        if listening.ear is None:
            self._captured(listening, None)
        else:
            listening.ear.finish()

    def _captured(self, listening: _Listening, recognised: Recognised | None) -> None:
        asked = listening.asked
        del self._listening[asked.site, asked.session_id]
        text = recognised.text if recognised is not None else ""
        likelihood = recognised.confidence if recognised is not None and text else 0.0
        heard = Heard(Captured(asked.site, asked.session_id, text, likelihood), asked, recognised)
        if not self.on_heard(heard):
            self.tell(heard, text)

    def tell(self, heard: Heard, text: str) -> None:
        """Tell the words, in a form that everybody may read; those of a satellite's own recogniser it has told."""
        if heard.asked is None:
            return
        self._post.tell(
            "hermes/asr/textCaptured",
            text=text,
            likelihood=round(heard.captured.likelihood, 3),
            seconds=_reading_s(heard.recognised),
            siteId=heard.asked.site,
            sessionId=heard.asked.session_id or None,
            wakewordId=heard.asked.wake_word or None,
        )

    def _failed(self, asked: Listen, why: str) -> None:
        self._listening.pop((asked.site, asked.session_id), None)
        self._post.fail("asr", why, site=asked.site, session_id=asked.session_id)
        self.on_failed(asked.site, asked.session_id)


def _reading_s(recognised: Recognised | None) -> float:
    """How long the recogniser took for the words, from the end of the utterance on."""
    if recognised is None:
        return 0.0
    stages = recognised.stages
    return round(max(0.0, stages.get(Stage.TRANSCRIPT, 0.0) - stages.get(Stage.ENDPOINT, 0.0)), 3)
