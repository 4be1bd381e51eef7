"""Which models this board needs: the smallest complete set for a language."""

from __future__ import annotations

import os
from dataclasses import dataclass

from assistant.core.errors import ModelError
from assistant.models.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Choice:
    """One need of the set: the first id that can be had serves it."""

    need: str
    ids: tuple[str, ...]
    why: str
    is_optional: bool = False
    """Whether the assistant does its work without it, only less of it."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The set for one language; sizes are those of the first ids."""

    language: str
    choices: tuple[Choice, ...]
    size_bytes: int
    ram_mb: int
    board_ram_mb: int

    @property
    def fits(self) -> bool:
        """True when the models leave half of the board's memory to everything else."""
        return self.ram_mb * 2 <= self.board_ram_mb


_RECOGNISERS = {
    "en": Choice(
        "speech recognition",
        ("vosk-en-small", "moonshine-tiny-en"),
        "Vosk takes a grammar of the skills' sentences; Moonshine serves where Vosk's home can't be reached",
    ),
    "ko": Choice(
        "speech recognition",
        ("vosk-ko-small", "vosk-ko"),
        "the only recogniser for Korean; the small one has fewer rare words and takes less than half of the memory",
    ),
}
_LANGUAGE_MODELS = {
    "en": Choice(
        "language model",
        ("smollm2-135m",),
        "the smallest one here; for wishes that no sentence of a skill covers, and for chat",
        is_optional=True,
    ),
}
_LANGUAGE_MODEL_MB = 1500
"""Boards with less memory keep it for hearing and speaking."""
_DEMO_VOICES = {"en": Choice("voice for the demo", ("piper-joe-us",), "clearer than the built-in voice")}


def default_set(language: str, *, demo: bool, catalogue: Catalogue, board_ram_mb: int | None = None) -> Recommendation:
    """The smallest complete set; wake words, voice activity and the default voice need no pull.

    A language model is part of it where there is one for the language and the board has the memory.

    Raises ModelError for a language that no recogniser here understands.
    """
    recogniser = _RECOGNISERS.get(language)
    if recogniser is None:
        known = ", ".join(sorted(_RECOGNISERS))
        raise ModelError(f"there is no recogniser for the language {language!r}", fix=f"choose one of: {known}")
    board = total_ram_mb() if board_ram_mb is None else board_ram_mb
    voice = _DEMO_VOICES.get(language) if demo else None
    talker = _LANGUAGE_MODELS.get(language) if board >= _LANGUAGE_MODEL_MB else None
    choices = tuple(choice for choice in (recogniser, voice, talker) if choice is not None)
    models = [catalogue.get(choice.ids[0]) for choice in choices]
    bundled = [model for model in catalogue.models if model.bundled]
    return Recommendation(
        language=language,
        choices=choices,
        size_bytes=sum(model.size_bytes for model in models),
        ram_mb=sum(model.ram_mb for model in [*models, *bundled]),
        board_ram_mb=board,
    )


def total_ram_mb() -> int:
    """The machine's memory in megabytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
