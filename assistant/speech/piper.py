"""Piper: a neural voice on one thread, streamed by clause."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from assistant.core.audio import PcmChunk
from assistant.core.errors import ModelDamaged, SpeechError
from assistant.speech.text import pieces
from assistant.speech.worker import Worker

DEFAULT_MODEL = "piper-joe-us"
LIMIT_S = 30.0
"""Longest wait for one clause, loading included."""
_CLAUSE_CHARS = 120


class _PiperEngine:
    """The loaded network; used from its owner thread alone."""

    def __init__(self, folder: Path) -> None:
        model = next(iter(sorted(folder.glob("*.onnx"))), None)
        if model is None:
            raise ModelDamaged(
                f"the voice {folder.name} is incomplete",
                why=f"there is no .onnx file in {folder}",
                fix=f"assistant models pull {folder.name}",
            )
        self._voice = _load(model)

    def chunks(self, text: str) -> list[PcmChunk]:
        """Sound of one clause."""
        return [PcmChunk(sound.audio_int16_bytes, sound.sample_rate) for sound in self._voice.synthesize(text)]


def _load(model: Path) -> Any:
    """The package's voice over a session of our own: one thread, not spinning while it waits."""
    try:
        piper = importlib.import_module("piper")
        config_type = importlib.import_module("piper.config").PiperConfig
    except ImportError as error:
        raise SpeechError(
            "Piper can't speak",
            why=f"its package is not installed: {error}",
            fix="pip install 'assistant[piper]', or set voice.engine to pyttsx3",
        ) from error
    logging.getLogger("piper").setLevel(logging.INFO)  # its debug lines hold the words spoken
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps what the longest sentence took: 20 MB, and no faster
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        config = config_type.from_dict(json.loads(Path(f"{model}.json").read_text(encoding="utf-8")))
        session = ort.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelDamaged(
            f"the voice {model.parent.name} can't be loaded",
            why=str(error),
            fix=f"assistant models pull {model.parent.name}",
        ) from error
    return piper.PiperVoice(session=session, config=config)


class PiperVoice:
    """A Voice (core.ports) over a Piper model folder (`*.onnx` and `*.onnx.json`)."""

    def __init__(self, folder: Path, language: str, *, limit_s: float = LIMIT_S) -> None:
        self.name = f"piper/{folder.name}"
        self._language = language
        self._worker = Worker("piper", lambda: _PiperEngine(folder), limit_s)

    async def prepare(self) -> None:
        """Load the network now. Raises SpeechError or ModelDamaged with the fix."""
        await self._worker.prepare()

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """Sound of a text, clause by clause; nothing for a text without words. Raises SpeechError."""
        for piece in pieces(text, self._language, _CLAUSE_CHARS, is_first_short=True):
            for chunk in await self._worker.run(partial(_PiperEngine.chunks, text=piece)):
                yield chunk

    async def close(self) -> None:
        """End the thread and give back the network."""
        await self._worker.close()
