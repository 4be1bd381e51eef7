"""Peers of the benchmark of times: judged by the unit that is wanted, apart from the product's own packages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.values import Grain, Instant, Kind, Length, Number
from benchmarks import time_peers
from benchmarks.time_cases import Case
from benchmarks.time_duckling import make
from benchmarks.time_peers import Peer, installed_peers
from benchmarks.time_wanted import Verdict, judge

ROOT = Path(__file__).parents[2]
NOW = datetime(2013, 2, 12, 12, tzinfo=UTC)


def case(expected: object, name: str = "time") -> Case:
    row = {"text": "x", "expected": expected, "section": "s", "reference": NOW.isoformat(), "lang": "en"}
    return make(name, row, "")


def peer(answer: object) -> Peer:
    def read(text: str, now: datetime, language: str) -> object:
        assert (text, now, language) == ("x", NOW.replace(tzinfo=None), "en")
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Peer("scripted", "", read, read)


DAY = case({"kind": "instant", "value": "2013-02-14T00:00:00+00:00", "grain": "day"})


def test_a_peer_that_fills_in_the_time_of_a_day_is_right() -> None:
    answers = peer(datetime(2013, 2, 14, 12, 30)).read(DAY)
    assert answers == (Instant(datetime(2013, 2, 14, tzinfo=UTC), Grain.DAY),)
    assert DAY.wanted is not None
    assert judge(DAY.wanted, answers) is Verdict.RIGHT


def test_another_day_is_wrong() -> None:
    assert DAY.wanted is not None
    assert judge(DAY.wanted, peer(datetime(2013, 2, 15, tzinfo=UTC)).read(DAY)) is Verdict.WRONG


@pytest.mark.parametrize("answer", [None, False, "thursday", IndexError("fell")])
def test_a_fall_or_nothing_is_no_answer(answer: object) -> None:
    assert peer(answer).read(DAY) == ()


def test_lengths_and_numbers_are_answers() -> None:
    length = case({"kind": "duration", "n": 2, "unit": "minute", "seconds": 120}, "duration")
    assert peer(timedelta(minutes=2)).read(length) == (Length(((120.0, Grain.SECOND),)),)
    number = case({"kind": "number", "value": 7}, "numeral")
    assert number.kinds == {Kind.NUMBER}
    assert not peer(7).takes(number)
    scripted = Peer("scripted", "", peer(7).when, peer(7).length, peer(7).when)
    assert scripted.takes(number)
    assert scripted.read(number) == (Number(7),)


def test_a_peer_that_is_not_installed_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(time_peers, "_PEERS", {"no_such_parser": lambda: iter(())})
    assert list(installed_peers()) == []
    assert capsys.readouterr().out == "no_such_parser is not installed; `make bench-peers` installs it\n"


def versions(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9._-]+)==(\S+)", (ROOT / "requirements" / lock).read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(name, set()).add(version)
    return found


def test_peers_bring_no_other_version_of_a_package_that_the_product_has() -> None:
    product, peers = versions("whisper.txt"), versions("peers.txt")
    shared = product.keys() & peers.keys()
    assert {"python-dateutil", "rich"} <= shared
    assert {name for name in shared if not peers[name] <= product[name]} == set()
    assert "dateparser" not in product
