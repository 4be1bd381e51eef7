"""What the documentation says is true: commands exist, links lead somewhere, the skill works, pages are current."""

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.testing.say import say

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    return [
        (page.name, body)
        for page in PAGES
        for kind, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind == language
    ]


def commands() -> list[str]:
    lines = [line.strip() for _, body in blocks("bash") for line in body.splitlines()]
    return sorted({line for line in lines if line and not line.startswith("#")})


def test_there_are_pages_and_commands_to_check() -> None:
    assert len(PAGES) >= 8
    assert len(commands()) >= 5


@pytest.mark.parametrize("command", commands())
def test_each_command_exists(command: str) -> None:
    words = [word for word in shlex.split(command) if "=" not in word.split("/")[0] and word != "sudo"]
    program = Path(words[0]).name
    if program == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{re.escape(words[1])}:", makefile, re.MULTILINE), command
    elif program == "assistant":
        path = [word for word in words[1:3] if re.fullmatch(r"[a-z]+", word)]
        result = CliRunner().invoke(app, [*path, "--help"])
        if result.exit_code:
            result = CliRunner().invoke(app, [path[0], "--help"])
        assert result.exit_code == 0, result.output
    else:
        pytest.fail(f"a page tells to run {program}, which nothing checks")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def skills_in_docs() -> list[tuple[str, str]]:
    return [(name, body) for name, body in blocks("python") if "(Skill)" in body]


@pytest.mark.parametrize(("page", "code"), skills_in_docs(), ids=lambda value: value[:12])
async def test_the_skill_in_the_docs_works(page: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "dice.py"
    file.write_text(code, encoding="utf-8")
    answer = await say("roll a die with twenty sides", to=file)
    number = re.fullmatch(r"It's (\d+)\.", answer.text)
    assert number, answer.text
    assert 1 <= int(number[1]) <= 20


def test_the_skill_in_the_readme_is_short() -> None:
    code = next(body for name, body in skills_in_docs() if name == "README.md")
    assert len([line for line in code.splitlines() if line.strip()]) <= 15


def test_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("check_docs", ROOT / "scripts/check_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["check_docs"] = module
    spec.loader.exec_module(module)
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == module.configuration()
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == module.command_line()
