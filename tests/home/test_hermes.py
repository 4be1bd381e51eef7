"""Hermes: sessions of satellites and skills, as their topics tell it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.core.settings import HermesSettings
from assistant.home.hermes import Hermes, Intent
from assistant.home.link import Message
from assistant.testing.clock import FakeClock


@dataclass
class House:
    """A dialogue manager, and what it sent: (topic, payload)."""

    hermes: Hermes
    clock: FakeClock
    sent: list[tuple[str, dict[str, Any]]]
    done: list[str] = field(default_factory=list)

    async def hear(self, topic: str, **payload: object) -> None:
        assert self.hermes.take(Message(f"hermes/{topic}", json.dumps(payload).encode(), False))
        await self.clock.settle()

    def topics(self) -> list[str]:
        """All that were sent, in order."""
        return [topic.removeprefix("hermes/") for topic, _ in self.sent]

    def last(self, topic: str) -> dict[str, Any]:
        return [payload for each, payload in self.sent if each == f"hermes/{topic}"][-1]


class Scripted:
    """Understands a few sentences."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    async def understand(self, text: str) -> Intent | None:
        return {"lamp on": Intent("home.on", {"name": "lamp"}), "tea": Intent("Drink", {"what": "tea"})}.get(text)

    async def answer(self, text: str, site: str) -> tuple[str, bool]:
        self._done.append(text)
        return ("Which lamp?", True) if text == "lamp" else ("Done.", False)


@asynccontextmanager
async def house(settings: HermesSettings | None = None) -> AsyncIterator[House]:
    clock, done = FakeClock(), list[str]()
    sent: list[tuple[str, dict[str, Any]]] = []
    hermes = Hermes(
        settings or HermesSettings(enabled=True),
        Scripted(done),
        lambda topic, payload, _: sent.append((topic, json.loads(payload))),
        clock,
    )
    async with asyncio.TaskGroup() as group:
        task = group.create_task(hermes.run())
        await clock.settle()
        try:
            yield House(hermes, clock, sent, done)
        finally:
            task.cancel()


async def test_a_satellite_is_heard_answered_and_let_go() -> None:
    async with house() as made:
        await made.hear("hotword/porcupine/detected", siteId="attic", modelId="porcupine")
        session_id = made.last("dialogueManager/sessionStarted")["sessionId"]
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
        assert made.done == ["lamp on"]
        say = made.last("tts/say")
        assert (say["text"], say["siteId"]) == ("Done.", "attic")
        await made.hear("tts/sayFinished", id=say["id"], siteId="attic")
        assert made.topics() == [
            "hotword/toggleOff",
            "dialogueManager/sessionStarted",
            "asr/startListening",
            "asr/stopListening",
            "tts/say",
            "asr/stopListening",
            "dialogueManager/sessionEnded",
            "hotword/toggleOn",
        ]
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "nominal"}


async def test_a_question_keeps_the_session_open() -> None:
    async with house() as made:
        await made.hear("hotword/x/detected", siteId="attic")
        session_id = made.last("dialogueManager/sessionStarted")["sessionId"]
        await made.hear("asr/textCaptured", text="lamp", siteId="attic", sessionId=session_id)
        await made.hear("tts/sayFinished", id=made.last("tts/say")["id"], siteId="attic")
        assert made.topics()[-1] == "asr/startListening"


async def test_of_two_that_heard_the_same_words_one_wins_and_the_other_listens_on() -> None:
    async with house() as made:
        await made.hear("hotword/x/detected", siteId="attic")
        await made.hear("hotword/x/detected", siteId="cellar")
        assert made.topics().count("dialogueManager/sessionStarted") == 1
        assert made.last("hotword/toggleOn")["siteId"] == "cellar"
        await made.clock.advance(1)
        await made.hear("hotword/x/detected", siteId="cellar")
        assert made.topics().count("dialogueManager/sessionStarted") == 2


async def test_a_skill_gets_only_the_intents_of_its_filter() -> None:
    async with house() as made:
        init = {"type": "action", "text": "Tea or coffee?", "intentFilter": ["Drink"], "sendIntentNotRecognized": True}
        await made.hear("dialogueManager/startSession", siteId="attic", init=init, customData="c")
        await made.hear("tts/sayFinished", id=made.last("tts/say")["id"], siteId="attic")
        listening = made.last("asr/startListening")
        assert listening["intentFilter"] == ["Drink"]
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=listening["sessionId"])
        assert made.topics()[-1] == "dialogueManager/intentNotRecognized"
        await made.hear("dialogueManager/continueSession", sessionId=listening["sessionId"], intentFilter=["Drink"])
        await made.hear("asr/textCaptured", text="tea", siteId="attic", sessionId=listening["sessionId"])
        intent = made.last("intent/Drink")
        assert (intent["customData"], intent["slots"][0]["value"]["value"]) == ("c", "tea")
        assert made.done == []
        await made.hear("dialogueManager/endSession", sessionId=listening["sessionId"], text="Coming.")
        await made.hear("tts/sayFinished", id=made.last("tts/say")["id"], siteId="attic")
        assert made.topics()[-1] == "hotword/toggleOn"


async def test_intents_of_skills_are_published_and_not_done_here() -> None:
    async with house(HermesSettings(enabled=True, skills_intents=("Dri*",))) as made:
        await made.hear("hotword/x/detected", siteId="attic")
        session_id = made.last("dialogueManager/sessionStarted")["sessionId"]
        await made.hear("asr/textCaptured", text="tea", siteId="attic", sessionId=session_id)
        assert made.topics()[-1] == "intent/Drink"
        assert made.done == []


async def test_a_session_that_nobody_goes_on_with_ends() -> None:
    async with house() as made:
        await made.hear("hotword/x/detected", siteId="attic")
        await made.clock.advance(32)
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "timeout"}
        assert made.topics()[-1] == "hotword/toggleOn"


async def test_a_notification_waits_for_its_turn() -> None:
    async with house() as made:
        await made.hear("hotword/x/detected", siteId="attic")
        await made.hear("dialogueManager/startSession", siteId="attic", init={"type": "notification", "text": "Mail."})
        assert made.topics()[-1] == "dialogueManager/sessionQueued"
        session_id = made.last("dialogueManager/sessionStarted")["sessionId"]
        await made.hear("dialogueManager/endSession", sessionId=session_id)
        assert made.last("tts/say")["text"] == "Mail."


async def test_words_are_read_for_others() -> None:
    async with house() as made:
        await made.hear("nlu/query", input="tea", id="q", siteId="attic")
        assert made.last("nlu/intentParsed")["intent"]["intentName"] == "Drink"
        await made.hear("nlu/query", input="tea", id="q", siteId="attic", intentFilter=["Other"])
        assert made.last("nlu/intentNotRecognized")["id"] == "q"


async def test_only_the_sites_that_are_named_are_served() -> None:
    async with house(HermesSettings(enabled=True, sites=("attic",))) as made:
        await made.hear("hotword/x/detected", siteId="stranger")
        assert made.sent == []


@given(
    st.sampled_from(["asr/textCaptured", "dialogueManager/startSession", "hotword/x/detected"]), st.binary(max_size=99)
)
def test_any_payload_is_survived(topic: str, payload: bytes) -> None:
    hermes = Hermes(HermesSettings(enabled=True), Scripted([]), lambda *_: None, FakeClock())
    assert hermes.take(Message(f"hermes/{topic}", payload, False))
