"""What the doctor says of the language model and of the notes."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.core.settings import LlmSettings
from assistant.daemon.config import Config
from assistant.daemon.doctor import Finding, Grade, good, of_error
from assistant.daemon.thinking import Chosen, chosen_model
from assistant.llm.build.board import quantization_for, this_board
from assistant.llm.form import WEIGHTS_FILE, Form, Quantization
from assistant.llm.memory import free_bytes
from assistant.models import ModelStore
from assistant.understanding.chat.notes import note_files

PART = "language model"
DEFAULT_MODEL = "smollm2-135m"
ROOM = 1.3
"""Memory that a loaded model takes, per byte of its weights."""
_BLOCKS = frozenset({Quantization.Q8, Quantization.Q4})


def llm_findings(
    config: Config, free: Callable[[], int] = free_bytes, board: Callable[[], str] = this_board
) -> Iterator[Finding]:
    """One line per model that is used, and one for the notes. `free` gives bytes, `board` the text of /proc/cpuinfo."""
    llm = config.settings.llm
    if not (llm.planner or llm.chat):
        yield Finding(PART, Grade.NOTE, "switched off by llm.planner and llm.chat")
    else:
        yield from _models(config, free(), board())
    if llm.notes is not None:
        yield _notes(llm, llm.notes.expanduser())


def _models(config: Config, free: int, board: str) -> Iterator[Finding]:
    llm, store = config.settings.llm, ModelStore(config.paths.models_dir)
    for wanted in dict.fromkeys((llm.model, llm.planner_model or llm.model)):
        try:
            chosen = chosen_model(wanted, store)
            if chosen is None:
                text = "none was pulled: what no sentence matches is not understood, and nothing is answered freely"
                yield Finding(PART, Grade.NOTE, text, f"run `assistant models pull {DEFAULT_MODEL}`")
                continue
            if chosen.is_encoder:
                yield good(PART, f"{chosen.id} plans")
            else:
                yield _model(chosen, Form.read(chosen.folder), config, free, board)
        except ModelError as error:
            yield of_error(PART, error)


def _model(chosen: Chosen, form: Form, config: Config, free: int, board: str) -> Finding:
    size = (chosen.folder / WEIGHTS_FILE).stat().st_size
    text = f"{chosen.id} ({form.quantization}, {size // 1_000_000} MB), {config.settings.llm.threads} threads"
    language = config.settings.general.language
    if language not in chosen.languages:
        spoken = ", ".join(sorted(chosen.languages))
        return Finding(PART, Grade.NOTE, f"{text}; it speaks {spoken}, not {language}", "set llm.model to another one")
    if free < size * ROOM:
        needed = f"{int(size * ROOM) // 1_000_000} MB are needed, {free // 1_000_000} MB are free"
        return Finding(PART, Grade.NOTE, f"{text}; {needed}", "choose a smaller one, or end other programs")
    if form.quantization in _BLOCKS and quantization_for(board) not in _BLOCKS:
        fix = f"run `assistant models pull {chosen.id}` on this board: it chooses the form that suits it"
        return Finding(PART, Grade.NOTE, f"{text}; slow on this {platform.machine()} without int8 dot products", fix)
    return good(PART, text)


def _notes(llm: LlmSettings, folder: Path) -> Finding:
    if not llm.chat:
        return Finding("notes", Grade.NOTE, f"{folder} is not used", "set llm.chat = true")
    try:
        count = len(note_files(folder))
    except OSError as error:
        fix = "correct llm.notes, or give this user read permission"
        return Finding("notes", Grade.FAULT, f"{folder}: {error.strerror or error}", fix)
    if not count:
        return Finding("notes", Grade.NOTE, f"{folder} has no .md or .txt file", "correct llm.notes")
    return good("notes", f"{folder}: {count} notes")
