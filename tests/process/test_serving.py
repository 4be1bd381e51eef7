"""One running daemon without microphone, speaker or network: typed questions, pages, other commands, bad input."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.daemon import Daemon, free_port, installed, wait_until

pytestmark = pytest.mark.process
METRICS_PORT = free_port()
RSS_LIMIT_MB = 350
PICKED_UP_S = 2.0

BROKEN_SKILL = '"""Toss a coin."""\nfrom assistant.sdk import Skill\n\nclass Coin(Skill)\n    """Toss a coin."""\n'
GOOD_SKILL = '''"""Toss a coin."""

from assistant.sdk import Context, Outcome, Skill, intent


class Coin(Skill):
    """Toss a coin."""

    words = {"en": {"tossed": "It's heads."}}

    @intent("toss a coin")
    async def toss(self, ctx: Context) -> Outcome:
        """Toss one coin."""
        return Outcome.told("tossed")
'''


@pytest.fixture(scope="module")
def daemon(models_dir: Path) -> Iterator[Daemon]:
    with installed(models_dir, DAEMON_METRICS_PORT=str(METRICS_PORT)) as daemon:
        yield daemon.start("--simulate", more_environ={"WATCHDOG_USEC": "400000"})


def page(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{METRICS_PORT}{path}", timeout=5) as answer:
        text: str = answer.read().decode()
        return text


# ── serving ──────────────────────────────────────────────────────────────────────────────────────


def test_a_typed_question_is_answered(daemon: Daemon) -> None:
    assert re.search(r"\d(:\d\d)? [AP]M", daemon.ask("what time is it"))


def test_systemd_is_told_that_it_is_ready_and_alive(daemon: Daemon) -> None:
    assert daemon.notify.has(READY="1")
    daemon.notify.messages.clear()
    wait_until("WATCHDOG=1", lambda: daemon.notify.has(WATCHDOG="1"), 2)


def test_without_a_microphone_it_says_so_and_serves(daemon: Daemon) -> None:
    assert "plug one in" in str(daemon.wait_logged("the microphone is lost")["error"])
    assert daemon.logged("announcement", key="no_microphone")
    assert daemon.ask("what time is it")


def test_without_a_speaker_the_log_says_that_nothing_could_be_said(daemon: Daemon) -> None:
    why = str(daemon.wait_logged("nothing could be said aloud")["why"])
    assert "no speaker was found" in why
    assert "plug one in" in why


def test_its_doctor_names_microphone_and_speaker_with_their_fixes(daemon: Daemon) -> None:
    result = daemon.cli("doctor", "--json")
    findings = {finding["part"]: finding for finding in json.loads(result.stdout)}
    for part in ("microphone", "speaker"):
        assert findings[part]["grade"] == "note"
        assert "plug one in" in findings[part]["fix"]
    assert findings["daemon"]["text"] == "running"
    assert findings["broker"]["grade"] == "good"


def test_memory_stays_within_the_budget(daemon: Daemon) -> None:
    daemon.ask("what time is it")
    assert daemon.rss_mb() < RSS_LIMIT_MB


def test_metrics_count_turns_and_parts(daemon: Daemon) -> None:
    daemon.ask("what time is it")
    text = page("/metrics")
    assert re.search(r'assistant_turns_total\{status="told"\} [1-9]', text)
    assert 'assistant_part_up{part="home"} 1.0' in text
    assert 'assistant_count{name="frames"} 0.0' in text


def test_health_is_well_while_all_parts_run(daemon: Daemon) -> None:
    health = json.loads(wait_until("health", lambda: page("/health"), 2))
    assert health["ok"]
    assert {"home", "control", "voice", "skills"} <= set(health["parts"])


def test_a_second_instance_is_refused_with_the_process_id_of_the_first(daemon: Daemon) -> None:
    result = daemon.cli("run")
    assert result.returncode == 3
    assert f"process {daemon.process.pid} holds its lock" in result.stderr
    assert "fix:" in result.stderr
    assert daemon.ask("what time is it")


@pytest.mark.parametrize(
    "command", [("why",), ("timers", "list"), ("home", "list"), ("skills", "list"), ("ask", "what time is it")]
)
def test_commands_give_json(daemon: Daemon, command: tuple[str, ...]) -> None:
    daemon.ask("set a timer for two hours")
    result = daemon.cli(*command, "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)


def test_several_lines_of_standard_input_are_answered_in_order(daemon: Daemon) -> None:
    result = daemon.cli("ask", stdin="what time is it\n\nxyzzy plugh\n")
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert re.search(r"\d(:\d\d)? [AP]M", lines[0])
    assert result.returncode == 1, "one of them was not understood"


# ── bad input ────────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_characters_are_refused_in_words(daemon: Daemon) -> None:
    assert "too long" in daemon.ask("turn on the light and " * 455)


def test_more_than_the_socket_takes_is_refused_with_the_limit(daemon: Daemon) -> None:
    answer = daemon.request("ask", text="a" * 20_001)
    assert not answer["ok"]
    assert "at most 20000" in answer["error"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_emptiness_is_refused_in_words(daemon: Daemon, text: str) -> None:
    answer = daemon.request("ask", text=text)
    assert not answer["ok"]
    assert "there are no words" in answer["error"]


def test_odd_characters_are_no_harm(daemon: Daemon) -> None:
    for text in (
        "\x00\x1b[31m",
        "💡" * 400,
        "‮evil",
        "a\nb\tc",
        "%s {0} {{ 7*7 }} $(id)",
        "\ud800".encode("utf-8", "replace").decode(),
    ):
        assert daemon.ask(text)


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\xfd\n", b'{"command": "ask", "text": "\xff"}\n', b'{"command": 7}\n', b"[]\n"]
)
def test_bad_bytes_on_the_control_socket_get_an_answer(daemon: Daemon, line: bytes) -> None:
    with daemon.connected() as client, client.makefile("rwb") as stream:
        stream.write(line)
        stream.flush()
        assert json.loads(stream.readline())["ok"] is False
    assert daemon.ask("what time is it")


@pytest.mark.parametrize("back", ["soon", -1, 10_000, None, 1.5])
def test_a_turn_that_is_not_there_is_told(daemon: Daemon, back: object) -> None:
    assert not daemon.request("why", back=back)["ok"]
    assert daemon.request("status")["ok"]


def test_a_client_that_leaves_in_the_middle_harms_nobody(daemon: Daemon) -> None:
    for _ in range(20):
        with daemon.connected() as client:
            client.sendall(b'{"command": "ask", "text": "what time is it"}\n')
    assert daemon.ask("what time is it")
    assert not [row for row in daemon.log() if row["level"] == "error" and "traceback" in row]


# ── skills ───────────────────────────────────────────────────────────────────────────────────────


def test_a_broken_skill_is_told_with_its_line_and_works_once_it_is_corrected(daemon: Daemon) -> None:
    file = daemon.data_dir / "skills/coin.py"
    file.write_text(BROKEN_SKILL)

    def state() -> dict[str, str] | None:
        skills = {row["name"]: row for row in daemon.request("skills")["skills"]}
        return skills.get("coin")

    broken = wait_until("the broken skill is told", state, PICKED_UP_S)
    assert "line 4" in broken["error"]
    assert daemon.ask("what time is it")

    file.write_text(GOOD_SKILL)
    wait_until("the corrected skill answers", lambda: daemon.ask("toss a coin") == "It's heads.", PICKED_UP_S)


# ── privacy: last, when everything above has been said ───────────────────────────────────────────


def test_no_word_that_was_said_stands_in_the_log(daemon: Daemon) -> None:
    daemon.ask("remind me to water the zinnias in two hours")
    daemon.ask("zanzibar quinoa flugelhorn")
    daemon.wait_logged("turn")
    text = daemon.log_text().casefold()
    for word in ("zinnias", "zanzibar", "flugelhorn", "what time is it"):
        assert word not in text
