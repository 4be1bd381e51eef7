"""The parts of Hermes, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.core.clock import Clock
from assistant.core.settings import HermesSettings
from assistant.home.beside import Publish
from assistant.home.hermes_asr import Recognition
from assistant.home.hermes_dialogue import Dialogue
from assistant.home.hermes_jobs import Jobs
from assistant.home.hermes_nlu import Nlu
from assistant.home.hermes_ports import Partner
from assistant.home.hermes_post import Post
from assistant.home.hermes_sessions import Sessions
from assistant.home.hermes_sites import Sites
from assistant.home.hermes_talk import Talk, TalkParts
from assistant.home.hermes_tts import Speech

TICK_S = 1.0
"""How often it is looked whose time is up."""


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    sites: Sites
    sessions: Sessions
    post: Post
    jobs: Jobs
    says: Jobs
    """Apart from the others: who has much to say must not keep others from being understood."""
    nlu: Nlu
    recognition: Recognition
    speech: Speech
    talk: Talk
    dialogue: Dialogue


def services(
    settings: HermesSettings, partner: Partner, publish: Publish, clock: Clock, hears: Callable[[str], bool]
) -> Services:
    """`hears` tells which topics are listened to."""
    sites, sessions, post, jobs, says = Sites(settings), Sessions(), Post(publish, hears), Jobs(), Jobs()
    nlu, speech = Nlu(settings, partner, post), Speech(sites, post, says, clock)
    # a session that is over says so first
    recognition = Recognition(sites, post, jobs, clock, settings.session_s + 2 * TICK_S)
    parts = TalkParts(
        sites, sessions, partner, post, jobs, nlu, recognition, speech, clock, session_s=settings.session_s
    )
    talk = Talk(parts)
    dialogue = Dialogue(sessions, talk, post, clock, settings.race_s)
    return Services(sites, sessions, post, jobs, says, nlu, recognition, speech, talk, dialogue)
