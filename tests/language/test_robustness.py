"""No text makes the language room raise, and none takes long."""

from __future__ import annotations

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from assistant.language import clauses, duration_from, normalise, number_from, sentences, speakable, when_from

NOW = datetime(2026, 3, 29, 1, 59, tzinfo=ZoneInfo("Europe/Berlin"))
_WORDS = re.findall(
    r"\S+",
    """in at for on half quarter past to and a an of hour minutes second seven ten twenty thirty hundred thousand point
    minus zero 7 30 7:30 1/2 pm am noon midnight tomorrow tonight friday next this june fifth 5th the morning night
    o'clock oh dozen couple from now $5 50% 1/1/2023 12:01am Dr. e.g. **x** _y_ http://x.y - — 2.5 오 분 시간 반 뒤
    오후 세 시 내일 이틀 월요일 유월 십 이십 점 영 초 주 일 밤 새벽""",
)
_SALAD = st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join)
_TEXTS = st.one_of(st.text(max_size=300), _SALAD)
_LANGUAGES = st.sampled_from(["en", "ko", "en-GB", "xx", ""])


@given(_TEXTS, _LANGUAGES)
def test_no_text_raises(text: str, language: str) -> None:
    number_from(text, language)
    duration_from(text, language)
    when_from(text, NOW, language)
    speakable(text, language)
    normalise(text, language)
    sentences(text, language)


@given(_TEXTS, _LANGUAGES)
def test_normalising_twice_changes_nothing(text: str, language: str) -> None:
    once = normalise(text, language)
    assert normalise(once, language) == once


@given(_TEXTS)
def test_sentences_lose_nothing_but_space(text: str) -> None:
    assert "".join("".join(sentences(text, "en")).split()) == "".join(text.split())


@given(st.text(max_size=400), st.integers(1, 100))
def test_clauses_lose_nothing_but_space_and_keep_the_limit(text: str, limit: int) -> None:
    pieces = clauses(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= limit for piece in pieces)


@given(_TEXTS)
def test_speakable_text_has_no_markup_and_no_emoji(text: str) -> None:
    spoken = speakable(text, "en")
    assert not set(spoken) & set("*`#|<>{}[]\\_$€£%°😀")


def test_parsing_is_quick_at_the_95th_percentile() -> None:
    texts = ["next monday at 9 in the morning", "five minutes and ten seconds", "turn on the light in the kitchen"]
    took: list[float] = []
    for text in texts * 60:
        for parse in (
            lambda text: when_from(text, NOW, "en"),
            lambda text: duration_from(text, "en"),
            lambda text: number_from(text, "en"),
            lambda text: normalise(text, "en"),
        ):
            start = time.thread_time()
            parse(text)
            took.append(time.thread_time() - start)
    assert sorted(took)[int(len(took) * 0.95)] < 0.002
