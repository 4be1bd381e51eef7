"""Speech for satellites: words made to sound, sent to the one site that they are for, and waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from assistant.core.clock import Clock
from assistant.core.errors import AssistantError
from assistant.home.faults import Faults
from assistant.home.hermes_jobs import Jobs, Lines, first_of
from assistant.home.hermes_ports import Body
from assistant.home.hermes_post import Post, new_id
from assistant.home.hermes_reading import Finished, Say
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_wav import WavFault, read_wav, write_wav

MAX_WAV_BYTES, MAX_WAV_S = 4_000_000, 60.0
"""Sound that somebody sends to be played here."""
PLAY_EXTRA_S = 2.0
"""A satellite gets so much longer to say that it has played than the sound lasts."""


class Speech:
    """`on_said` is called when words that were given to `say` are over, spoken or not."""

    def __init__(self, sites: Sites, post: Post, jobs: Jobs, clock: Clock) -> None:
        self.on_said: Callable[[Finished], None] = lambda _: None
        self.body: Body | None = None
        self._sites = sites
        self._post = post
        self._jobs = jobs
        self._clock = clock
        self._lines = Lines()
        self._faults = Faults()
        self._playing: dict[tuple[str, str], asyncio.Event] = {}

    def say(self, asked: Say) -> None:
        """Speak it there. A satellite that has a voice is left to itself."""
        if self._sites.speaks_itself(asked.site):
            return
        if self._lines.is_full(asked.site) or not self._jobs.later(partial(self._say, asked)):
            self._post.fail("tts", "too much is to be said", site=asked.site, session_id=asked.session_id)
            self._finished(asked)

    def played(self, finished: Finished) -> None:
        """A satellite has played something: only what was sent to that one counts."""
        done = self._playing.get((finished.site, finished.id))
        if done is not None:
            done.set()

    def play(self, request_id: str, payload: bytes) -> None:
        """Sound from somebody for our own speaker."""
        site = self._sites.own
        try:
            if len(payload) > MAX_WAV_BYTES:
                raise WavFault(f"it is longer than {MAX_WAV_BYTES} bytes")
            sound = read_wav(payload, MAX_WAV_S)
        except WavFault as fault:
            self._faults.report(f"playBytes {site}", "sound to be played can't be read", str(fault))
            self._not_played(request_id, str(fault))
            return

        async def job() -> None:
            async with self._lines.turn(site):
                try:
                    await self._here().play_here(sound)
                except AssistantError as error:
                    self._not_played(request_id, str(error))
                else:
                    self._told_played(request_id)

        if self._lines.is_full(site) or not self._jobs.later(job):
            self._not_played(request_id, "too much is to be played")

    async def _say(self, asked: Say) -> None:
        async with self._lines.turn(asked.site):
            try:
                await self._spoken(asked)
            except AssistantError as error:
                self._post.fail("tts", str(error), site=asked.site, session_id=asked.session_id, context=asked.id)
        self._finished(asked)

    async def _spoken(self, asked: Say) -> None:
        if not asked.text:
            return
        if asked.site == self._sites.own:
            await self._here().say_here(asked.text)
            return
        sound = await self._here().sound_of(asked.text, asked.volume)
        if not sound.pcm:
            return
        key = asked.site, asked.id or new_id()
        done = self._playing[key] = asyncio.Event()
        try:
            self._post.sound(*key, write_wav(sound))
            await first_of(done.wait(), self._clock.sleep(sound.seconds + PLAY_EXTRA_S))
        finally:
            del self._playing[key]

    def _here(self) -> Body:
        if self.body is None:
            raise AssistantError("nothing can speak yet")
        return self.body

    def _finished(self, asked: Say) -> None:
        self._post.tell(
            "hermes/tts/sayFinished",
            id=asked.id or None,
            siteId=asked.site,
            sessionId=asked.session_id or None,
        )
        self.on_said(Finished(asked.site, asked.id))

    def _told_played(self, request_id: str) -> None:
        self._post.tell(f"hermes/audioServer/{self._sites.own}/playFinished", id=request_id, siteId=self._sites.own)

    def _not_played(self, request_id: str, why: str) -> None:
        self._post.fail("audioServer/play", why, site=self._sites.own, context=request_id)
        self._told_played(request_id)
