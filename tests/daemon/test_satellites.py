"""What satellites hear and speak with: an ear per utterance, one recogniser, one voice, and the room they stand in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acting.converse import Said
from assistant.acting.speaking import DeafEars, Speaking
from assistant.audio import BufferSpeaker
from assistant.core.audio import FRAME_SAMPLES, RATE_HZ, SAMPLE_BYTES, PcmChunk
from assistant.core.clock import SystemClock
from assistant.core.errors import AudioError, DeviceMissing, SpeechError
from assistant.core.home import Area, AreaId, HomeView
from assistant.core.ports import Played
from assistant.core.settings import EndpointSettings, HermesSettings
from assistant.core.turn import (
    Command,
    Commands,
    Nothing,
    Reply,
    Situation,
    SlotValue,
    Source,
    Stage,
    Transcript,
    Turn,
    TurnId,
    Understood,
)
from assistant.daemon.satellite_body import MAX_SPOKEN_S, SatelliteBody, SatelliteParts
from assistant.daemon.satellite_ears import MAX_EARS, MAX_WAITING, EarsParts, OwnRecogniser, SatelliteEar, SatelliteEars
from assistant.daemon.satellites import SatellitePartner
from assistant.home.hermes_ports import Answer, Slot, Words
from assistant.home.hermes_wav import Sound
from assistant.speech import SentenceQueue
from assistant.testing.clock import FakeClock
from assistant.testing.recogniser import ScriptedRecogniser
from assistant.testing.voice import ScriptedVoice
from tests.hearing.scenes import HUSH, SPEECH, MarkedSpeech, part

# ── who understands ──────────────────────────────────────────────────────────────────────────────


class Mind:
    """Understands one plan, and notes where it was asked for; its turns answer "Done."."""

    def __init__(self, plan: Commands | Nothing) -> None:
        self.plan = plan
        self.situations: list[Situation] = []
        self.said: list[Said] = []

    async def understand(self, transcript: Transcript, situation: Situation) -> Understood:
        del transcript
        self.situations.append(situation)
        return Understood(self.plan)

    def use(self, intents: object, home: object) -> None:
        """Nothing to take over."""

    def phrases(self, language: str, limit: int) -> list[str]:
        del language, limit
        return []

    async def take(self, said: Said) -> Turn:
        self.said.append(said)
        turn = Turn(TurnId("t"), datetime(2026, 3, 2, tzinfo=UTC), Situation("en", said.source), said.transcript)
        turn.reply = Reply("Done.", "en", expects_answer=True)
        return turn


VIEW = HomeView((), (Area(AreaId("k1"), "Kitchen", ("cookery",)), Area(AreaId("l1"), "Living Room")))


def partner(plan: Commands | Nothing, *areas: str) -> tuple[SatellitePartner, Mind]:
    mind = Mind(plan)
    return SatellitePartner(HermesSettings(areas=areas), mind, mind, lambda: VIEW, "en"), mind


@pytest.mark.parametrize(
    ("site", "area"),
    [
        ("kitchen", "k1"),
        ("living-room", "l1"),
        ("LIVING_ROOM", "l1"),
        ("cookery", "k1"),
        ("pi-2", "l1"),
        ("attic", None),
    ],
)
async def test_words_are_meant_for_the_room_where_the_satellite_stands(site: str, area: str | None) -> None:
    made, mind = partner(Nothing("not_understood"), "pi-2 = living room", "pi-3 = cellar")
    assert await made.understand(Words(site, "light on")) is None
    assert await made.answer(Words(site, "light on")) == Answer("Done.", True, "light on")
    assert mind.situations[0].area_id == area
    assert (mind.said[0].area_id, mind.said[0].channel, mind.said[0].source) == (area, site, Source.SATELLITE)


async def test_an_area_that_there_is_not_is_complained_of_once(caplog: pytest.LogCaptureFixture) -> None:
    made, _ = partner(Nothing("not_understood"), "pi-3 = cellar")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await made.answer(Words("pi-3", "light on"))
            await made.answer(Words("attic", "light on"))
    assert [record.message for record in caplog.records] == ["a satellite stands in an area that there is not"]


async def test_slots_are_plain_values_with_the_words_they_came_from() -> None:
    slots: dict[str, SlotValue] = {
        "name": "lamp",
        "level": 40,
        "for": timedelta(minutes=2),
        "days": ("mon", "tue"),
        "none": None,
    }
    command = Command("home.on", slots, words={"level": "forty percent"})
    made, _ = partner(Commands((command, Command("other"))))
    intent = await made.understand(Words("attic", "…", confidence=0.5))
    assert intent is not None
    assert (intent.name, intent.confidence) == ("home.on", 0.5)
    assert intent.slots == (
        Slot("name", "lamp"),
        Slot("level", 40, "forty percent"),
        Slot("for", 120.0),
        Slot("days", "mon, tue"),
    )


# ── what hears ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class Hearing:
    """Ears whose frames carry their own probability of speech, and a recogniser with a script."""

    ears: SatelliteEars
    recogniser: ScriptedRecogniser

    def open(self, *, stops_on_silence: bool = True, wake_word: str = "") -> SatelliteEar:
        return self.ears.open(stops_on_silence=stops_on_silence, wake_word=wake_word)


@asynccontextmanager
async def hearing(*texts: str, endpoint: EndpointSettings | None = None) -> AsyncIterator[Hearing]:
    recogniser = ScriptedRecogniser(texts)
    own = OwnRecogniser(recogniser)
    await own.load()
    ears = SatelliteEars(EarsParts(own.reading, MarkedSpeech, endpoint or EndpointSettings(), SystemClock()))
    try:
        yield Hearing(ears, recogniser)
    finally:
        ears.close()
        own.close()


def sound(samples: list[int], channels: int = 1, rate_hz: int = RATE_HZ) -> list[Sound]:
    """Chunks of two frames, as satellites send them."""
    pcm = b"".join(sample.to_bytes(2, "little") * FRAME_SAMPLES * channels for sample in samples)
    step = 2 * FRAME_SAMPLES * SAMPLE_BYTES * channels
    return [Sound(pcm[start : start + step], rate_hz, channels) for start in range(0, len(pcm), step)]


SENTENCE = part(0.3, HUSH) + part(1.0, SPEECH) + part(1.0, HUSH)


@pytest.mark.parametrize("channels", [1, 2])
async def test_speech_is_cut_out_and_read(channels: int) -> None:
    async with hearing("lamp on") as made:
        ear = made.open()
        for chunk in sound(SENTENCE, channels):
            ear.feed(chunk)
        heard = await ear.words()
        assert heard is not None
        assert heard.text == "lamp on"
        assert 1.4 < heard.audio_s < 1.9
        assert set(heard.stages) == {Stage.SPEECH_END, Stage.ENDPOINT, Stage.TRANSCRIPT}


async def test_any_rate_is_brought_to_ours() -> None:
    async with hearing("lamp on") as made:
        ear = made.open(stops_on_silence=False)
        for chunk in sound(part(1.024, SPEECH), rate_hz=48_000):
            ear.feed(chunk)
        ear.finish()
        await ear.words()
        assert made.recogniser.heard_s[0] == pytest.approx(1.024 / 3, abs=0.02)


async def test_nobody_who_speaks_is_no_words() -> None:
    async with hearing("never said") as made:
        ear = made.open()
        words = asyncio.create_task(ear.words())
        for chunk in sound(part(4.2, HUSH)):
            ear.feed(chunk)
            await asyncio.sleep(0)
        assert await words is None
        assert made.recogniser.heard_s == []


async def test_whoever_ends_the_utterance_gets_what_was_said_so_far() -> None:
    async with hearing("lamp on") as made:
        ear = made.open()
        for chunk in sound(part(0.3, HUSH) + part(1.0, SPEECH)):
            ear.feed(chunk)
        ear.finish()
        heard = await ear.words()
        assert heard is not None
        assert heard.text == "lamp on"


async def test_the_wake_word_in_front_is_no_request() -> None:
    async with hearing("Okay Nabu, lamp on") as made:
        ear = made.open(wake_word="okay_nabu")
        for chunk in sound(SENTENCE):
            ear.feed(chunk)
        heard = await ear.words()
        assert heard is not None
        assert heard.text == "lamp on"


async def test_listening_without_end_is_cut_at_the_longest_utterance() -> None:
    async with hearing("lamp on", endpoint=EndpointSettings(max_s=2)) as made:
        ear = made.open(stops_on_silence=False)
        for chunk in sound(part(3.5, SPEECH)):
            ear.feed(chunk)
        assert await ear.words() is not None
        assert made.recogniser.heard_s[0] == pytest.approx(2.0, abs=0.1)


async def test_nobody_waits_for_an_ear_that_is_closed() -> None:
    async with hearing("lamp on") as made:
        ear = made.open()
        for chunk in sound(SENTENCE):
            ear.feed(chunk)
        ear.close()
        assert await ear.words() is None


async def test_sound_that_comes_faster_than_it_is_heard_is_dropped() -> None:
    async with hearing() as made:
        ear = made.open()
        for chunk in sound(part(20, SPEECH)):
            ear.feed(chunk)
        assert ear.dropped == len(sound(part(20, SPEECH))) - MAX_WAITING
        ear.close()


async def test_only_so_many_ears_are_open_and_a_closed_one_makes_room() -> None:
    async with hearing() as made:
        open_ears = [made.open() for _ in range(MAX_EARS)]
        with pytest.raises(AudioError):
            made.open()
        open_ears[0].close()
        open_ears[0].close()
        made.open()
        with pytest.raises(AudioError):
            made.open()


# ── what speaks ──────────────────────────────────────────────────────────────────────────────────


class LongVoice(ScriptedVoice):
    """Takes 25 s for every sentence."""

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        del text
        yield PcmChunk(bytes(25 * RATE_HZ * SAMPLE_BYTES), RATE_HZ)


def body(voice: ScriptedVoice) -> tuple[SatelliteBody, BufferSpeaker]:
    speaker = BufferSpeaker(FakeClock())
    speaking = Speaking(DeafEars(), SentenceQueue(voice, speaker), FakeClock())
    return SatelliteBody(SatelliteParts(None, "no model", voice, speaking, speaker, "en")), speaker


async def test_an_answer_is_one_sound_of_all_its_sentences_and_is_not_heard_here() -> None:
    made, speaker = body(ScriptedVoice(seconds=0.5))
    spoken = await made.sound_of("It is on. The other one is off.", 1.0)
    assert spoken.seconds == pytest.approx(1.0)
    assert speaker.sounds == []


async def test_a_volume_scales_the_sound() -> None:
    made, _ = body(ScriptedVoice(seconds=0.1))
    loud, low = [await made.sound_of("Hello.", volume) for volume in (1.0, 0.25)]
    peaks = [max(memoryview(each.pcm).cast("h")) for each in (loud, low)]
    assert peaks[1] == pytest.approx(peaks[0] / 4, abs=1)


async def test_an_answer_without_end_is_cut_off() -> None:
    made, _ = body(LongVoice())
    spoken = await made.sound_of("One. Two. Three. Four. Five.", 1.0)
    assert spoken.seconds == 75 > MAX_SPOKEN_S


async def test_a_voice_without_sound_gives_none() -> None:
    made, _ = body(ScriptedVoice())
    assert (await made.sound_of("…", 1.0)).pcm == b""


async def test_a_text_that_is_too_long_is_refused() -> None:
    made, _ = body(ScriptedVoice())
    with pytest.raises(SpeechError):
        await made.sound_of("word " * 300, 1.0)


async def test_what_is_for_our_own_site_sounds_from_our_own_speaker() -> None:
    made, speaker = body(ScriptedVoice(seconds=0.5))
    await made.say_here("Hello.")
    await made.play_here(Sound(b"\1\0\3\0" * 100, RATE_HZ, 2))
    assert [len(each) for each in speaker.sounds] == [RATE_HZ // 2 * SAMPLE_BYTES, 200]
    assert speaker.sounds[1] == b"\2\0" * 100


class NotedEars(DeafEars):
    """Notes when we speak."""

    def __init__(self) -> None:
        self.told: list[bool] = []

    def set_speaking(self, is_speaking: bool) -> None:
        self.told.append(is_speaking)


async def test_our_own_ears_know_of_a_sound_that_plays_here() -> None:
    voice, speaker, ears = ScriptedVoice(), BufferSpeaker(FakeClock()), NotedEars()
    speaking = Speaking(ears, SentenceQueue(voice, speaker), FakeClock())
    made = SatelliteBody(SatelliteParts(None, "", voice, speaking, speaker, "en"))
    await made.play_here(Sound(b"\1\0" * 100, RATE_HZ, 1))
    assert ears.told == [True, False]


class DeadSpeaker(BufferSpeaker):
    """Its device is gone."""

    async def play(self, chunks: AsyncIterator[PcmChunk]) -> Played:
        raise DeviceMissing("the speaker is gone")


async def test_a_speaker_that_is_gone_is_told() -> None:
    voice, speaker = ScriptedVoice(), DeadSpeaker(FakeClock())
    speaking = Speaking(DeafEars(), SentenceQueue(voice, speaker), FakeClock())
    made = SatelliteBody(SatelliteParts(None, "", voice, speaking, speaker, "en"))
    with pytest.raises(AudioError):
        await made.play_here(Sound(b"\1\0" * 100, RATE_HZ, 1))


def test_where_nothing_recognises_that_is_told() -> None:
    made, _ = body(ScriptedVoice())
    with pytest.raises(AudioError, match="no model"):
        made.open_ear(stops_on_silence=True, wake_word="")
