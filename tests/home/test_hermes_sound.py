"""Hermes for satellites that only send and play sound: their words are recognised here, answers go back as WAV."""

from __future__ import annotations

import asyncio

import pytest

from assistant.core.audio import PcmChunk
from assistant.home.hermes_ports import Answer, Words
from assistant.home.hermes_wav import read_wav, write_wav
from tests.home.hermes_house import FRAME, WITH_SOUND, House, house, house_of

SERVED = WITH_SOUND.model_copy(update={"race_s": 0.0})


async def answered(made: House, site: str) -> tuple[str, bytes]:
    """Say something at a site; the request and the sound of the answer."""
    await made.wake(site)
    await made.frames(site)
    sent_to, request_id, wav = made.sounds()[-1]
    assert sent_to == site
    return request_id, wav


async def test_sound_is_recognised_and_answered_with_sound() -> None:
    async with house(SERVED, "lamp on") as made:
        request_id, wav = await answered(made, "attic")
        captured = made.last("asr/textCaptured")
        assert (captured["text"], captured["likelihood"], captured["seconds"]) == ("lamp on", 0.875, 0.25)
        assert captured["wakewordId"] == "porcupine"
        assert (made.partner.done, made.partner.sites) == (["lamp on"], ["attic"])
        assert read_wav(wav, 60).seconds == len("Done.") * 0.5
        assert made.last("tts/say")["id"] == request_id
        await made.hear("audioServer/attic/playFinished", id=request_id, siteId="attic")
        assert made.last("tts/sayFinished")["id"] == request_id
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "nominal"}
        assert made.body.ears[0].is_closed


async def test_a_satellite_that_never_says_it_has_played_is_not_waited_for_much_longer_than_its_sound() -> None:
    async with house(SERVED, "lamp on") as made:
        await answered(made, "attic")
        await made.clock.advance(2.5 + 1.9)
        assert made.all("tts/sayFinished") == []
        await made.clock.advance(0.2)
        assert made.topics()[-1] == "hotword/toggleOn"


async def test_after_a_question_the_satellite_is_listened_to_again() -> None:
    async with house(SERVED, "lamp", "lamp on") as made:
        request_id, _ = await answered(made, "attic")
        await made.hear("audioServer/attic/playFinished", id=request_id)
        assert made.topics()[-1] == "asr/startListening"
        await made.frames("attic")
        assert made.partner.done == ["lamp", "lamp on"]


async def test_answers_go_to_the_site_that_asked_and_only_its_word_counts() -> None:
    async with house(SERVED, "lamp on", "lamp") as made:
        first, _ = await answered(made, "attic")
        second, _ = await answered(made, "cellar")
        assert {(site, request) for site, request, _ in made.sounds()} == {("attic", first), ("cellar", second)}
        await made.hear("audioServer/cellar/playFinished", id=first)
        await made.hear("audioServer/attic/playFinished", id=second)
        await made.hear("tts/sayFinished", siteId="cellar", id=first)
        assert made.all("tts/sayFinished") == []
        assert made.all("dialogueManager/sessionEnded") == []


async def test_sound_of_one_site_is_not_heard_at_another() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.wake("attic")
        await made.frames("cellar", 9)
        assert made.body.ears == []


async def test_nobody_listens_while_nobody_was_woken() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.frames("attic", 9)
        assert (made.body.ears, made.sent) == ([], [])


async def test_who_speaks_on_after_the_wake_word_is_heard_from_the_start() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.frames("attic", 1, chunk(1))
        await made.clock.advance(1)
        for sample in (2, 3):
            await made.frames("attic", 1, chunk(sample))
            await made.clock.advance(0.06)
        await made.frames("cellar", 1, chunk(9))
        await made.wake("attic")
        await made.frames("attic", 1, chunk(4))
        assert [each.pcm[0] for each in made.body.ears[0].sounds] == [2, 3, 4]


async def test_what_came_before_a_question_is_no_answer_to_it() -> None:
    async with house(SERVED, "lamp", "lamp on") as made:
        request_id, _ = await answered(made, "attic")
        await made.frames("attic", 2, chunk(1))
        await made.hear("audioServer/attic/playFinished", id=request_id)
        await made.frames("attic", 1, chunk(2))
        assert [each.pcm[0] for each in made.body.ears[1].sounds] == [2]


def chunk(sample: int) -> bytes:
    """A satellite's sound that can be told from others."""
    return write_wav(PcmChunk(bytes([sample, 0]) * 1024, 16_000))


async def test_a_secret_is_not_told_to_the_broker() -> None:
    async with house(SERVED, "unlock with 1234") as made:
        await made.wake("attic")
        await made.frames("attic")
        assert made.partner.done == ["unlock with 1234"]
        assert made.last("asr/textCaptured")["text"] == "unlock with "
        assert "1234" not in str(made.sent)


async def test_an_answer_to_our_question_is_no_request_to_a_skill() -> None:
    async with house(SERVED.model_copy(update={"skills_intents": ("Drink",)}), "lamp", "tea") as made:
        request_id, _ = await answered(made, "attic")
        await made.hear("audioServer/attic/playFinished", id=request_id)
        await made.frames("attic")
        assert made.partner.done == ["lamp", "tea"]
        assert made.all("intent/Drink") == []


async def test_where_our_own_ears_heard_the_wake_word_too_satellites_keep_still() -> None:
    async with house(WITH_SOUND, "lamp on") as made:
        made.hermes.woken_here()
        await made.hear("hotword/x/detected", siteId="attic")
        assert made.topics() == ["hotword/toggleOn"]
        await made.clock.advance(1)
        await made.wake("attic")
        made.hermes.woken_here()
        await made.frames("attic")
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "abortedByUser"}
        assert made.partner.done == []
        await made.clock.advance(1)
        await made.wake("attic")
        await made.clock.advance(1)
        made.hermes.woken_here()
        await made.frames("attic")
        assert made.partner.done == ["lamp on"]


async def test_silence_ends_the_session() -> None:
    async with house(SERVED, "") as made:
        await made.wake("attic")
        await made.frames("attic")
        assert made.last("asr/textCaptured")["text"] == ""
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "intentNotRecognized"}


async def test_a_satellite_that_sends_no_sound_times_out() -> None:
    async with house(SERVED) as made:
        await made.wake("attic")
        await made.clock.advance(32)
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "timeout"}
        assert (made.body.ears, made.all("asr/textCaptured")) == ([], [])


async def test_words_that_a_satellite_recognises_itself_end_our_listening() -> None:
    async with house(SERVED, "lamp") as made:
        session_id = await made.wake("attic")
        await made.frames("attic", 1)
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
        assert made.partner.done == ["lamp on"]
        assert made.body.ears[0].is_closed
        assert made.all("asr/textCaptured") == []


async def test_whoever_asks_for_it_gets_words_without_a_session() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.hear("asr/startListening", siteId="attic", sessionId="mine", stopOnSilence=False)
        await made.frames("attic", 5)
        assert made.all("asr/textCaptured") == []
        await made.hear("asr/stopListening", siteId="attic", sessionId="mine")
        assert made.last("asr/textCaptured")["text"] == "lamp on"
        assert made.partner.done == []


async def test_frames_of_a_session_are_heard_by_that_one() -> None:
    async with house(SERVED, "tea", "lamp on") as made:
        for name in ("one", "two"):
            await made.hear("asr/startListening", siteId="attic", sessionId=name)
        for _ in range(3):
            await made.hear_raw("audioServer/attic/two/audioSessionFrame", FRAME)
        assert [each["sessionId"] for each in made.all("asr/textCaptured")] == ["two"]


async def test_listening_that_nobody_ends_ends_with_what_was_heard() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.hear("asr/startListening", siteId="attic", sessionId="mine", stopOnSilence=False)
        await made.frames("attic", 5)
        await made.clock.advance(33)
        assert made.last("asr/textCaptured")["text"] == "lamp on"


async def test_while_hearing_is_switched_off_sound_is_not_listened_to() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.hear("asr/toggleOff", siteId="attic", reason="playAudio")
        await made.hear("asr/toggleOff", siteId="attic", reason="ttsSay")
        await made.wake("attic")
        await made.frames("attic")
        await made.hear("asr/toggleOn", siteId="attic", reason="playAudio")
        await made.frames("attic")
        assert made.body.ears == []
        await made.hear("asr/toggleOn", siteId="attic", reason="ttsSay")
        await made.frames("attic")
        assert made.partner.done == ["lamp on"]


async def test_only_so_many_are_listened_to_at_one_time() -> None:
    async with house(SERVED) as made:
        for number in range(10):
            await made.hear("asr/startListening", siteId="attic", sessionId=f"{number}")
        assert [each["sessionId"] for each in made.all("error/asr")] == ["8", "9"]
        await made.wake("attic")
        assert made.topics()[-3:] == ["asr/stopListening", "dialogueManager/sessionEnded", "hotword/toggleOn"]


async def test_a_session_whose_sound_nothing_can_hear_ends_with_an_error() -> None:
    async with house(SERVED) as made:
        made.hermes.attach(None)
        await made.wake("attic")
        await made.frames("attic", 1)
        assert made.all("error/asr")[0]["siteId"] == "attic"
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "error"}


async def test_words_are_spoken_for_skills() -> None:
    async with house(SERVED) as made:
        await made.hear("tts/say", text="Hello.", siteId="attic", id="say-1", volume=0.25)
        [(site, request_id, wav)] = made.sounds()
        assert (site, request_id, read_wav(wav, 60).pcm[:2]) == ("attic", "say-1", bytes([6, 25]))
        await made.hear("audioServer/attic/playFinished", id="say-1")
        assert made.last("tts/sayFinished") == {"id": "say-1", "siteId": "attic", "sessionId": None}


async def test_what_is_said_at_one_site_is_said_in_order() -> None:
    async with house(SERVED) as made:
        await made.hear("tts/say", text="First.", siteId="attic", id="1")
        await made.hear("tts/say", text="Second.", siteId="attic", id="2")
        assert [request_id for _, request_id, _ in made.sounds()] == ["1"]
        await made.hear("audioServer/attic/playFinished", id="1")
        assert [request_id for _, request_id, _ in made.sounds()] == ["1", "2"]


async def test_more_than_can_be_said_is_refused_and_told() -> None:
    async with house(SERVED) as made:
        for number in range(15):
            await made.hear("tts/say", text="Hello.", siteId="attic", id=f"{number}")
        assert [each["id"] for each in made.all("tts/sayFinished")] == ["9", "10", "11", "12", "13", "14"]
        assert len(made.all("error/tts")) == 6


async def test_a_voice_that_fails_is_told_and_nobody_waits() -> None:
    async with house(SERVED) as made:
        await made.hear("tts/say", text="mute", siteId="attic", id="1")
        assert made.last("error/tts")["context"] == "1"
        assert made.last("tts/sayFinished")["id"] == "1"


async def test_a_satellite_with_a_voice_is_left_to_itself() -> None:
    async with house(SERVED.model_copy(update={"own_voices": ("att*",)})) as made:
        await made.hear("tts/say", text="Hello.", siteId="attic", id="1")
        assert made.sent == []


async def test_what_is_said_at_our_own_site_sounds_here_and_goes_nowhere() -> None:
    async with house(SERVED.model_copy(update={"site": "hall"})) as made:
        await made.hear("tts/say", text="Hello.", siteId="hall", id="1")
        await made.hear("dialogueManager/startSession", siteId="hall", init={"type": "notification", "text": "Mail."})
        assert (made.body.said, made.sounds()) == (["Hello.", "Mail."], [])
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "nominal"}


async def test_sound_for_our_own_site_is_played_here_and_told() -> None:
    async with house(SERVED.model_copy(update={"site": "hall"})) as made:
        wav = write_wav(PcmChunk(b"\1\2" * 100, 22_050))
        await made.hear_raw("audioServer/hall/playBytes/bell", wav)
        assert [(each.pcm, each.rate_hz) for each in made.body.played] == [(b"\1\2" * 100, 22_050)]
        assert made.last("audioServer/hall/playFinished") == {"id": "bell", "siteId": "hall"}


@pytest.mark.parametrize(
    "payload", [b"", b"RIFF", b"UklGRg==", FRAME.replace(b"\x01\x00\x01\x00", b"\x07\x00\x01\x00")]
)
async def test_what_is_no_sound_is_not_played_and_nobody_waits(payload: bytes) -> None:
    async with house(SERVED) as made:
        await made.hear_raw("audioServer/default/playBytes/bell", payload)
        assert made.body.played == []
        assert made.last("error/audioServer/play")["context"] == "bell"
        assert made.last("audioServer/default/playFinished")["id"] == "bell"


async def test_sound_for_others_is_theirs() -> None:
    async with house(SERVED) as made:
        assert not any(each.endswith("/playBytes/#") for each in made.hermes.filters)
        await made.hear_raw("audioServer/attic/playBytes/bell", FRAME)
        assert (made.body.played, made.sent) == ([], [])


async def test_a_wake_word_of_our_own_site_has_ears_of_its_own() -> None:
    async with house(SERVED) as made:
        await made.hear("hotword/x/detected", siteId="default")
        assert made.sent == []


async def test_what_breaks_off_while_the_broker_is_away_leaves_nothing_open() -> None:
    async with house(SERVED, "lamp on") as made:
        await made.wake("attic")
        await made.frames("attic", 1)
        made.hermes.connection(False)
        await made.clock.settle()
        assert made.body.ears[0].is_closed
        assert made.partner.done == []


async def test_after_a_fault_satellites_listen_for_their_wake_word_again() -> None:
    made = house_of(SERVED)
    made.partner.answer = broken  # type: ignore[method-assign,assignment]  # a partner with a fault
    running = asyncio.create_task(made.hermes.run())
    session_id = await made.wake("attic")
    await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
    with pytest.raises(ExceptionGroup):
        await running
    assert "hotword/toggleOn" not in made.topics()
    again = asyncio.create_task(made.hermes.run())
    await made.clock.settle()
    assert made.last("hotword/toggleOn")["siteId"] == "attic"
    again.cancel()


async def broken(_: Words) -> Answer:
    raise ZeroDivisionError
