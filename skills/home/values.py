"""What words that name a value mean: colours, whites, speeds, modes, digits of a code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FALLBACK = "en"


def color_from(said: str, language: str) -> str | None:
    """The colour's name, as lights take it."""
    value = _table(language, "colors").get(_plain(said))
    return value if isinstance(value, str) else None


def kelvin_from(said: str, language: str) -> int | None:
    """The temperature of a white that has a name."""
    return _number(said, language, "whites")


def speed_from(said: str, language: str) -> int | None:
    """A speed that has a name, in percent."""
    return _number(said, language, "speeds")


def mode_from(said: str, language: str) -> str | None:
    """The mode of a heating or an air conditioner."""
    value = _table(language, "modes").get(_plain(said))
    return value if isinstance(value, str) else None


def arming_from(said: str, language: str) -> str | None:
    """The verb that arms an alarm in that way."""
    value = _table(language, "arming").get(_plain(said))
    return value if isinstance(value, str) else None


def code_from(said: str, language: str) -> str:
    """The digits of a code that was said one by one; anything else as it was said, without its spaces."""
    digits = _table(language, "digits")
    text = _plain(said)
    parts = text.split() if " " in text else [text]
    known = [str(digits.get(part, part)) for part in parts]
    joined = "".join(known)
    if len(parts) == 1 and text in digits:
        return str(digits[text])
    return joined if joined.isdigit() else _letter_by_letter(text, digits)


def parts_from(said: str, language: str) -> tuple[str, ...]:
    """Several things in a breath, each without the small words before it."""
    words = _table(language, "lists")
    parts = re.split(str(words["between"]), said, flags=re.IGNORECASE)
    return tuple(
        part for each in parts if (part := re.sub(str(words["before"]), "", each.strip(), flags=re.IGNORECASE))
    )


def _letter_by_letter(text: str, digits: Mapping[str, object]) -> str:
    """Some languages write digits that are said without spaces between them."""
    read = [str(digits.get(letter, letter)) for letter in text if letter != " "]
    return "".join(read) if all(each.isdigit() for each in read) else text.replace(" ", "")


def _number(said: str, language: str, table: str) -> int | None:
    value = _table(language, table).get(_plain(said))
    return value if isinstance(value, int) else None


def _plain(said: str) -> str:
    return " ".join(said.casefold().replace("-", " ").replace("_", " ").split())


def _table(language: str, name: str) -> Mapping[str, object]:
    return _tables(language.partition("-")[0]).get(name, {})


@lru_cache(maxsize=8)
def _tables(language: str) -> Mapping[str, Mapping[str, object]]:
    folder = Path(__file__).parent / "words"
    file = folder / f"{language}.toml"
    chosen = file if file.is_file() else folder / f"{_FALLBACK}.toml"
    return tomllib.loads(chosen.read_text(encoding="utf-8"))
