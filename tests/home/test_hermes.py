"""Hermes: sessions of satellites and skills, as their topics tell it; the satellites hear and speak by themselves."""

from __future__ import annotations

from assistant.core.settings import HermesSettings
from tests.home.hermes_house import TEXT_ONLY, house


async def test_a_satellite_is_heard_answered_and_let_go() -> None:
    async with house() as made:
        session_id = await made.wake("attic")
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
        assert made.partner.done == ["lamp on"]
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
        session_id = await made.wake("attic")
        await made.hear("asr/textCaptured", text="lamp", siteId="attic", sessionId=session_id)
        await made.hear("tts/sayFinished", id=made.last("tts/say")["id"], siteId="attic")
        assert made.topics()[-1] == "asr/startListening"


async def test_of_two_that_heard_the_same_words_one_wins_and_the_other_listens_on() -> None:
    async with house() as made:
        await made.wake("attic")
        await made.wake("cellar")
        assert made.topics().count("dialogueManager/sessionStarted") == 1
        assert made.last("hotword/toggleOn")["siteId"] == "cellar"
        await made.clock.advance(1)
        await made.wake("cellar")
        assert made.topics().count("dialogueManager/sessionStarted") == 2


async def test_a_wake_word_breaks_off_the_session_that_goes_on_there() -> None:
    async with house() as made:
        first = await made.wake("attic")
        second = await made.wake("attic")
        ended = made.last("dialogueManager/sessionEnded")
        assert (ended["sessionId"], ended["termination"]) == (first, {"reason": "abortedByUser"})
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=first)
        assert made.partner.done == []
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=second)
        assert made.partner.done == ["lamp on"]


async def test_the_session_id_of_a_satellite_is_taken_over_where_it_is_free() -> None:
    async with house() as made:
        await made.hear("hotword/x/detected", siteId="attic", sessionId="attic-1")
        assert made.last("dialogueManager/sessionStarted")["sessionId"] == "attic-1"
        await made.clock.advance(1)
        await made.hear("hotword/x/detected", siteId="cellar", sessionId="attic-1")
        assert made.last("dialogueManager/sessionStarted")["sessionId"] != "attic-1"


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
        assert made.partner.done == []
        await made.hear("dialogueManager/endSession", sessionId=listening["sessionId"], text="Coming.")
        await made.hear("tts/sayFinished", id=made.last("tts/say")["id"], siteId="attic")
        assert made.topics()[-1] == "hotword/toggleOn"


async def test_what_a_skill_keeps_with_a_session_comes_back_until_it_is_replaced() -> None:
    async with house() as made:
        init = {"type": "action"}
        await made.hear("dialogueManager/startSession", siteId="attic", init=init, customData={"step": 1})
        session_id = made.last("dialogueManager/sessionStarted")["sessionId"]
        await made.hear("dialogueManager/continueSession", sessionId=session_id)
        await made.hear("asr/textCaptured", text="tea", siteId="attic", sessionId=session_id)
        assert made.last("intent/Drink")["customData"] == {"step": 1}
        await made.hear("dialogueManager/endSession", sessionId=session_id, customData="\ud83d")
        assert made.last("dialogueManager/sessionEnded")["customData"] == "\ud83d"


async def test_intents_of_skills_are_published_and_not_done_here() -> None:
    async with house(TEXT_ONLY.model_copy(update={"skills_intents": ("Dri*",)})) as made:
        session_id = await made.wake("attic")
        await made.hear("asr/textCaptured", text="tea", siteId="attic", sessionId=session_id)
        assert made.topics()[-1] == "intent/Drink"
        assert made.partner.done == []


async def test_a_session_that_nobody_goes_on_with_ends() -> None:
    async with house() as made:
        await made.wake("attic")
        await made.clock.advance(32)
        assert made.last("dialogueManager/sessionEnded")["termination"] == {"reason": "timeout"}
        assert made.topics()[-1] == "hotword/toggleOn"


async def test_a_notification_waits_for_its_turn_under_the_name_that_was_told() -> None:
    async with house() as made:
        session_id = await made.wake("attic")
        await made.hear("dialogueManager/startSession", siteId="attic", init={"type": "notification", "text": "Mail."})
        waiting = made.last("dialogueManager/sessionQueued")["sessionId"]
        await made.hear("dialogueManager/endSession", sessionId=session_id)
        assert made.last("tts/say")["text"] == "Mail."
        assert made.last("dialogueManager/sessionStarted")["sessionId"] == waiting


async def test_a_session_that_may_not_wait_is_dropped() -> None:
    async with house() as made:
        await made.wake("attic")
        await made.hear("dialogueManager/startSession", siteId="attic", init={"type": "action", "canBeEnqueued": False})
        assert made.topics()[-1] == "asr/startListening"


async def test_only_so_many_sessions_wait_at_a_site() -> None:
    async with house() as made:
        await made.wake("attic")
        for _ in range(20):
            await made.hear("dialogueManager/startSession", siteId="attic", init={"type": "notification", "text": "A"})
        assert made.topics().count("dialogueManager/sessionQueued") == 8


async def test_only_so_many_sites_talk_at_one_time() -> None:
    async with house(TEXT_ONLY.model_copy(update={"race_s": 0.0})) as made:
        for number in range(50):
            await made.hear("hotword/x/detected", siteId=f"site-{number}")
        assert made.topics().count("dialogueManager/sessionStarted") == 32


async def test_words_are_read_for_others() -> None:
    async with house() as made:
        await made.hear("nlu/query", input="tea", id="q", siteId="attic")
        assert made.last("nlu/intentParsed")["intent"]["intentName"] == "Drink"
        assert made.last("intent/Drink")["id"] == "q"
        await made.hear("nlu/query", input="tea", id="q", siteId="attic", intentFilter=["Other"])
        assert made.last("nlu/intentNotRecognized")["id"] == "q"
        assert made.partner.done == []


async def test_only_the_sites_that_are_named_are_served() -> None:
    async with house(TEXT_ONLY.model_copy(update={"sites": ("attic",)})) as made:
        await made.hear("hotword/x/detected", siteId="stranger")
        await made.hear("nlu/query", input="tea", siteId="stranger")
        await made.hear("dialogueManager/startSession", siteId="stranger", init={"type": "action"})
        assert made.sent == []


async def test_what_the_broker_had_kept_is_not_obeyed() -> None:
    async with house() as made:
        payload = b'{"siteId": "attic", "init": {"type": "notification", "text": "Old."}}'
        await made.hear_raw("dialogueManager/startSession", payload, is_retained=True)
        await made.hear_raw("hotword/x/detected", b'{"siteId": "attic"}', is_retained=True)
        assert made.sent == []


async def test_words_from_another_site_are_not_those_of_the_session() -> None:
    async with house() as made:
        session_id = await made.wake("attic")
        await made.hear("asr/textCaptured", text="lamp on", siteId="cellar", sessionId=session_id)
        assert made.partner.done == []


async def test_the_first_words_count_and_those_that_come_after_them_do_not() -> None:
    async with house() as made:
        session_id = await made.wake("attic")
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
        await made.hear("asr/textCaptured", text="lamp", siteId="attic", sessionId=session_id)
        assert made.partner.done == ["lamp on"]
        assert len(made.all("tts/say")) == 1


async def test_a_lost_broker_ends_all_and_satellites_listen_again_after_it() -> None:
    async with house() as made:
        session_id = await made.wake("attic")
        made.hermes.connection(False)
        made.hermes.connection(True)
        assert made.topics()[-1] == "hotword/toggleOn"
        await made.hear("asr/textCaptured", text="lamp on", siteId="attic", sessionId=session_id)
        assert made.partner.done == []


def test_a_site_stands_where_the_settings_say_or_where_it_is_called_after() -> None:
    settings = HermesSettings(areas=("pi-2 = Living Room",))
    assert settings.area_of("pi-2") == "Living Room"
    assert settings.area_of("kitchen") == "kitchen"
