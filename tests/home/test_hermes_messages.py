"""The messages of Hermes, letter by letter: golden files of whole talks, renewed with WRITE_GOLDEN=1 and then read."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.core.settings import HermesSettings
from assistant.home.hermes_nlu import parsed
from assistant.home.hermes_ports import Intent, Slot
from assistant.home.hermes_wav import read_wav
from tests.home.hermes_house import WITH_SOUND, House, house

GOLDEN = Path(__file__).parent / "golden"
_OUR_ID = re.compile(r"[0-9a-f]{32}")


async def a_request_and_its_answer(made: House) -> None:
    await made.wake("attic")
    await made.frames("attic")
    await made.hear("audioServer/attic/playFinished", id=made.sounds()[-1][1], siteId="attic")


async def a_skill_asks_and_ends(made: House) -> None:
    init = {"type": "action", "text": "Tea?", "canBeEnqueued": True, "intentFilter": ["Drink"]}
    await made.hear("dialogueManager/startSession", siteId="attic", init=init, customData="order")
    await made.hear("audioServer/attic/playFinished", id=made.sounds()[-1][1])
    await made.hear("dialogueManager/startSession", siteId="attic", init={"type": "notification", "text": "Mail."})
    await made.frames("attic")
    session_id = made.last("intent/Drink")["sessionId"]
    await made.hear("dialogueManager/endSession", sessionId=session_id, text="Coming.")
    for _ in range(2):
        await made.hear("audioServer/attic/playFinished", id=made.sounds()[-1][1])


async def words_are_not_understood(made: House) -> None:
    init = {"type": "action", "sendIntentNotRecognized": True}
    await made.hear("dialogueManager/startSession", siteId="attic", init=init)
    await made.frames("attic")
    session_id = made.last("dialogueManager/intentNotRecognized")["sessionId"]
    await made.hear("dialogueManager/continueSession", sessionId=session_id)
    await made.frames("attic")


async def services_are_used_one_by_one(made: House) -> None:
    await made.hear("nlu/query", input="tea", id="q1", siteId="attic", sessionId="s1")
    await made.hear("nlu/query", input="gibberish", id="q2", siteId="attic")
    await made.hear("asr/startListening", siteId="attic", sessionId="s2")
    await made.frames("attic")
    await made.hear("tts/say", text="Hello.", siteId="attic", id="say-1", sessionId="s3")
    await made.hear("audioServer/attic/playFinished", id="say-1")
    await made.hear("tts/say", text="mute", siteId="attic", id="say-2")
    await made.hear_raw("audioServer/default/playBytes/bell", b"no sound")
    made.hermes.attach(None)
    await made.hear("asr/startListening", siteId="attic", sessionId="s4")
    await made.frames("attic", 1)


TALKS: dict[str, tuple[Callable[[House], Awaitable[None]], HermesSettings, tuple[str, ...]]] = {
    "request": (a_request_and_its_answer, WITH_SOUND, ("lamp on",)),
    "skill": (a_skill_asks_and_ends, WITH_SOUND, ("tea",)),
    "unknown": (words_are_not_understood, WITH_SOUND, ("mumble", "")),
    "services": (services_are_used_one_by_one, WITH_SOUND, ("lamp on",)),
}


@pytest.mark.parametrize("name", TALKS)
async def test_messages_are_as_they_were(name: str) -> None:
    talk, settings, hears = TALKS[name]
    async with house(settings, *hears) as made:
        await talk(made)
        told = _lines(made)
    file = GOLDEN / f"hermes_{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


def _lines(made: House) -> str:
    """Topic and payload of each message; our ids numbered as they come, sound by its length."""
    lines = []
    for topic, payload in made.sent:
        told = f"{read_wav(payload, 60).seconds:g} s of sound" if isinstance(payload, bytes) else json.dumps(payload)
        lines.append(f"hermes/{topic} {told}\n")
    text = "".join(lines)
    for number, each in enumerate(dict.fromkeys(_OUR_ID.findall(text)), start=1):
        text = text.replace(each, f"<{number}>")
    return text


async def test_messages_are_read_as_rhasspys_own_library_writes_them(caplog: pytest.LogCaptureFixture) -> None:
    lines = (GOLDEN / "hermes_from_rhasspy.jsonl").read_text(encoding="utf-8").splitlines()
    async with house(WITH_SOUND) as made:
        with caplog.at_level(logging.WARNING):
            for topic, payload in map(json.loads, lines):
                await made.hear(topic.removeprefix("hermes/"), **payload)
    assert caplog.records == []
    started, queued = made.last("dialogueManager/sessionStarted"), made.all("dialogueManager/sessionQueued")
    assert (started["siteId"], [each["customData"] for each in queued]) == ("attic", ["c", None])
    assert made.last("nlu/intentParsed")["id"] == "q"
    assert made.sounds()[0][:2] == ("attic", "i")


@pytest.mark.parametrize(
    ("slot", "raw", "place"),
    [
        (Slot("room", "kitchen"), "Kitchen", (22, 29)),
        (Slot("level", 50, "fifty percent"), "fifty percent", (33, 46)),
        (Slot("state", "on"), "on", (5, 7)),
        (Slot("minutes", 0.5), "0.5", None),
        (Slot("never", "cat"), "cat", None),
        (Slot("odd", "(.*"), "(.*", None),
    ],
)
def test_a_slot_tells_the_words_it_was_read_from_and_where_they_stand(
    slot: Slot, raw: str, place: tuple[int, int] | None
) -> None:
    slots: Any = parsed(Intent("x", (slot,)), "turn on the concat in Kitchen to fifty percent")["slots"]
    told = slots[0]
    assert (told["rawValue"], told["value"]) == (raw, {"kind": "Unknown", "value": slot.value})
    found = told["range"]
    assert (None if found is None else (found["start"], found["end"])) == place
