"""The assistant in Korean, on the real recogniser: typed sentences, asserted on outcomes and words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, installed, wait_until

pytestmark = [pytest.mark.process, pytest.mark.models]


@pytest.fixture(scope="module")
def daemon(models_dir: Path) -> Iterator[Daemon]:
    if not any((models_dir / each).is_dir() for each in ("vosk-ko-small", "vosk-ko")):
        pytest.skip("no Korean model was pulled")
    with installed(models_dir, LANGUAGE="ko", VOICE_ENGINE="none") as daemon:
        yield daemon.start("--simulate")


def state(daemon: Daemon, name: str) -> str:
    return next(str(row["state"]) for row in daemon.request("home")["entities"] if row["name"] == name)


def test_it_comes_up_on_vosk(daemon: Daemon) -> None:
    status = daemon.request("status")
    assert status["recogniser"] == "vosk"
    assert not status["deaf_why"]


@pytest.mark.parametrize(
    ("text", "statuses", "words"),
    [
        ("지금 몇 시야", ["told"], ("지금은", "시", "분입니다")),
        ("오늘 며칠이야", ["told"], ("오늘은", "월", "일")),
        ("10분 타이머 설정해 줘", ["done"], ("10분",)),
        ("타이머 얼마나 남았어", ["told"], ("남았어요",)),
        ("거실 온도 몇 도야", ["told"], ("거실", "도예요")),
        ("우유 사기 알려 줘", ["asked"], ("언제",)),
        ("안녕", ["told"], ("안녕하세요",)),
        ("바나나 헬리콥터 양자역학", [], ("",)),
    ],
)
def test_typed_korean_is_done_and_answered(
    daemon: Daemon, text: str, statuses: list[str], words: tuple[str, ...]
) -> None:
    turn = daemon.request("ask", text=text)["turn"]
    assert [outcome["status"] for outcome in turn["outcomes"]] == statuses
    reply = turn["reply"]["text"]
    assert all(word in reply for word in words), reply
    assert not any(letter.isascii() and letter.isalpha() for letter in reply), "a word of another language"


@pytest.mark.parametrize(
    ("text", "name", "after", "words"),
    [
        ("거실 불 켜 줘", "거실 조명", "on", "켜져 있어요"),
        ("거실 조명 밝기 50%로 설정해 줘", "거실 조명", "on", "50퍼센트"),
        ("거실 불 꺼", "거실 조명", "off", "꺼져 있어요"),
        ("주방 불 켜 줘", "주방 조명", "on", "켜져 있어요"),
        ("모든 불 꺼", "주방 조명", "off", "꺼져 있어요"),
        ("현관문 잠가", "현관문", "locked", "잠겨 있어요"),
    ],
)
def test_devices_obey_korean_and_the_reply_tells_their_state(
    daemon: Daemon, text: str, name: str, after: str, words: str
) -> None:
    wait_until("the home is there", lambda: daemon.request("home")["entities"], 10)
    turn = daemon.request("ask", text=text)["turn"]
    assert [outcome["status"] for outcome in turn["outcomes"]] == ["done"]
    assert words in turn["reply"]["text"]
    assert state(daemon, name) == after


def test_no_korean_word_stands_in_the_log(daemon: Daemon) -> None:
    daemon.ask("바나나 헬리콥터")
    daemon.wait_logged("turn")
    assert "바나나" not in daemon.log_text()
