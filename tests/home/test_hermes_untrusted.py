"""Hermes on a broker where anybody may say anything: every byte is survived, bounded, and complained of once."""

from __future__ import annotations

import json
import logging
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.audio import PcmChunk
from assistant.core.settings import HermesSettings
from assistant.home.hermes import Hermes
from assistant.home.hermes_jobs import MAX_JOBS
from assistant.home.hermes_reading import MAX_ID, BadMessage, Captured, Detected, Listen, Query, Say, Start, Step, Told
from assistant.home.hermes_wav import Sound, WavFault, read_wav, write_wav
from assistant.home.link import Message
from assistant.testing.clock import FakeClock
from tests.home.hermes_house import FRAME, WITH_SOUND, Scripted, house

TOPICS = [
    "hotword/x/detected",
    "asr/startListening",
    "asr/stopListening",
    "asr/textCaptured",
    "asr/toggleOn",
    "asr/toggleOff",
    "nlu/query",
    "tts/say",
    "tts/sayFinished",
    "dialogueManager/startSession",
    "dialogueManager/continueSession",
    "dialogueManager/endSession",
    "audioServer/attic/audioFrame",
    "audioServer/attic/s/audioSessionFrame",
    "audioServer/attic/playFinished",
    "audioServer/default/playBytes/r",
]
KEYS = ["siteId", "sessionId", "id", "text", "input", "init", "intentFilter", "reason", "customData", "likelihood"]
WORDS = ["attic", "\ud800", "action", "lamp on", "s"]
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["attic", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=9,
)
PAYLOADS = st.binary(max_size=99) | st.dictionaries(st.sampled_from(KEYS), ANY_JSON, max_size=6).map(
    lambda values: json.dumps(values).encode()
)
READERS = [
    Start.read,
    Step.read,
    Listen.read,
    Captured.read,
    Query.read,
    Say.read,
    lambda told: Detected.read(told, "x"),
]


def sent_by(messages: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """What Hermes says to these, by the time that it begins to work."""
    sent: list[tuple[str, bytes]] = []
    hermes = Hermes(
        HermesSettings(enabled=True),
        Scripted(),
        lambda topic, payload, _: sent.append((topic, payload if isinstance(payload, bytes) else payload.encode())),
        FakeClock(),
    )
    for topic, payload in messages:
        assert hermes.take(Message(f"hermes/{topic}", payload, False))
    return sent


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TOPICS), PAYLOADS), max_size=6))
def test_any_payload_is_survived_and_answers_are_json_on_topics_that_can_be(
    messages: list[tuple[str, bytes]],
) -> None:
    for topic, payload in sent_by(messages):
        assert not set(topic) & set("+#\0")
        json.loads(payload.decode())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=9), PAYLOADS)
def test_any_topic_below_hermes_is_survived(levels: str, payload: bytes) -> None:
    sent_by([(levels, payload), (f"audioServer/{levels}/audioFrame", payload), (f"hotword/{levels}/detected", payload)])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(READERS), st.dictionaries(st.sampled_from(KEYS), ANY_JSON, max_size=6))
def test_what_is_read_is_of_the_promised_type_or_refused(reader: Any, values: dict[str, Any]) -> None:
    try:
        read = reader(Told(values))
    except BadMessage:
        return
    for name in ("site", "session_id", "text"):
        text = getattr(read, name, "")
        assert isinstance(text, str)
        text.encode()
    assert not set(getattr(read, "site", "x")) & set("/+#")


@pytest.mark.parametrize(
    "values",
    [
        {"text": "\ud800"},
        {"text": 7},
        {"text": "x" * 2_001},
        {"sessionId": "a/b"},
        {"intentFilter": "all"},
        {"intentFilter": [1]},
        {"intentFilter": ["x"] * 201},
        {"sendIntentNotRecognized": "yes"},
    ],
    ids=lambda values: str(values)[:30],
)
def test_what_has_the_wrong_form_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        Step.read(Told(values))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_sound_or_a_fault(data: bytes) -> None:
    for payload in (data, FRAME[:20] + data, FRAME[:44] + data):
        try:
            sound = read_wav(payload, 60.0)
        except WavFault:
            continue
        assert len(sound.pcm) % (2 * sound.channels) == 0
        assert len(sound.pcm) <= 2 * len(payload)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200).filter(lambda pcm: len(pcm) % 2 == 0), st.sampled_from([8_000, 16_000, 22_050, 48_000]))
def test_a_sound_that_is_written_is_read_back(pcm: bytes, rate_hz: int) -> None:
    assert read_wav(write_wav(PcmChunk(pcm, rate_hz)), 60.0) == Sound(pcm, rate_hz, 1)


def wav_of(body: bytes, *, bits: int = 16, channels: int = 1, rate_hz: int = 16_000, size: int | None = None) -> bytes:
    """A WAV whose header says what it is told to."""
    step = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * step, step, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    data = b"data" + struct.pack("<I", len(body) if size is None else size) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + len(data)) + b"WAVE" + chunks + data


@pytest.mark.parametrize("size", [0, 4, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_size_that_a_header_claims_is_never_more_than_is_there(size: int) -> None:
    assert read_wav(wav_of(b"\1\2\3\4", size=size), 1.0).pcm == b"\1\2\3\4"


@pytest.mark.parametrize(
    ("bits", "body"),
    [(8, bytes([0x80, 0xFF, 0x00])), (24, b"\x99\0\0\x99\0\x7f\x99\0\x80"), (32, b"\x99\x99\0\0\0\0\0\x7f\0\0\0\x80")],
)
def test_samples_of_other_widths_become_int16(bits: int, body: bytes) -> None:
    assert struct.unpack("<3h", read_wav(wav_of(body, bits=bits), 1.0).pcm) == (0, 0x7F00, -0x8000)


@pytest.mark.parametrize(
    "wav",
    [
        wav_of(b"\0\0" * 16_001),
        wav_of(b"\0\0", channels=3),
        wav_of(b"\0\0", channels=0),
        wav_of(b"\0\0", bits=12),
        wav_of(b"\0\0", rate_hz=0),
        wav_of(b"\0\0", rate_hz=4_000_000),
        wav_of(b"")[:-8],
        FRAME[:12] + b"data\4\0\0\0\0\0\0\0",
        FRAME[:12] + b"junk\0\0\0\0" * 1000 + FRAME[12:],
    ],
    ids=["long", "channels", "no channel", "bits", "no rate", "rate", "no data", "no format", "many parts"],
)
def test_sound_that_we_do_not_take_is_a_fault(wav: bytes) -> None:
    with pytest.raises(WavFault):
        read_wav(wav, 1.0)


@pytest.mark.parametrize("site", ["a/b", "+", "#", "a\nb", "x" * (MAX_ID + 1), "\ud800"])
async def test_a_site_that_can_be_no_part_of_a_topic_is_not_served(site: str) -> None:
    async with house(WITH_SOUND) as made:
        await made.hear("hotword/x/detected", siteId=site)
        await made.hear("tts/say", siteId=site, text="Hello.", id="1")
        assert made.sent == []


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"siteId": 7}',
        b'{"siteId": NaN}',
        b"[" * 60_000,
        b'{"siteId":"attic"}' + b" " * 64_000,
    ],
    ids=["no text", "list", "null", "number", "NaN", "deep", "long"],
)
async def test_a_broken_message_is_complained_of_once_and_harms_nothing(
    payload: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(WITH_SOUND, "lamp on") as made:
        await made.wake("attic")
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                await made.hear_raw("asr/textCaptured", payload)
        assert [record.message for record in caplog.records] == ["a message of Hermes can't be read"]
        await made.frames("attic")
        assert made.partner.done == ["lamp on"]


async def test_broken_sound_is_complained_of_once_and_the_next_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    async with house(WITH_SOUND, "lamp on") as made:
        await made.wake("attic")
        with caplog.at_level(logging.WARNING):
            await made.frames("attic", 5, b"UklGRiQAAABXQVZF")
            await made.frames("attic", 1, FRAME + bytes(200_000))
        assert [record.message for record in caplog.records] == ["sound of a satellite can't be read"]
        await made.frames("attic")
        assert made.partner.done == ["lamp on"]


async def test_a_flood_of_requests_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    async with house(WITH_SOUND) as made:
        with caplog.at_level(logging.ERROR):
            for number in range(500):
                await made.hear_raw("nlu/query", b'{"input": "tea", "siteId": "s%d"}' % number)
                made.hermes.take(Message("hermes/asr/toggleOff", b'{"siteId": "s%d"}' % number))
                made.hermes.take(Message("hermes/tts/say", b'{"siteId": "s%d", "text": "a"}' % number))
            await made.clock.settle()
        assert len(made.sounds()) <= MAX_JOBS
        assert len(made.all("error/tts")) >= 500 - 2 * MAX_JOBS - 1


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TOPICS), PAYLOADS), max_size=12))
async def test_whatever_was_said_a_satellite_is_served_after_it(messages: list[tuple[str, bytes]]) -> None:
    async with house(WITH_SOUND, *["lamp on"] * 9) as made:
        for topic, payload in messages:
            await made.hear_raw(topic, payload)
        await made.clock.advance(120)
        made.partner.done.clear()
        made.body.hears = ["lamp on"]
        await made.wake("garden")
        await made.frames("garden")
        assert made.partner.done == ["lamp on"]
