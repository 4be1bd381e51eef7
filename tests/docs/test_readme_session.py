"""The session printed in the README is what the assistant answers today."""

import re
from pathlib import Path

import pytest

from assistant.acting.converse import Said
from assistant.core.turn import Source, Transcript
from assistant.daemon.brain import Brain
from assistant.daemon.config import load_config
from assistant.daemon.stage import with_home

pytestmark = [pytest.mark.broker, pytest.mark.slow]
README = Path(__file__).parents[2] / "README.md"


def session() -> list[tuple[str, str]]:
    block = re.search(r"```text\n(> .*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return re.findall(r"^> (.*)\n  (.*)$", block[1], re.MULTILINE)


def without_moments(reply: str) -> str:
    """Clock times and what depends on them differ from run to run."""
    reply = re.sub(r"\d+ minutes( and \d+ seconds)? left", "# left", reply)
    return re.sub(r"\d+|AM|PM|, (tomorrow already|still yesterday)", "#", reply).replace("there#", "there")


async def test_each_line_of_the_session_is_answered_as_printed() -> None:
    lines = session()
    assert len(lines) >= 10

    async def work(brain: Brain) -> list[str]:
        answers = []
        for said, _ in lines:
            turn = await brain.conversation.take(Said(Transcript(said, "en", "typed"), Source.TYPED))
            answers.append(turn.reply.text if turn.reply else "")
        return answers

    answers = await with_home(load_config({"ASSISTANT_ZONE": "Europe/Berlin"}), work)
    assert [without_moments(answer) for answer in answers] == [without_moments(reply) for _, reply in lines]
