"""eSpeak NG through pyttsx3, used only as a synthesiser into files: its own playback can't be stopped and may hang."""

from __future__ import annotations

import importlib
import tempfile
import threading
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from assistant.core.audio import PcmChunk
from assistant.core.errors import SpeechError
from assistant.language.words import primary
from assistant.speech.text import pieces
from assistant.speech.worker import Worker

LIMIT_S = 8.0
"""Longest wait for one piece; a loaded small board needs well under one second."""
_DEFAULT_VOICES = {"en": "gmw/en-us", "en-us": "gmw/en-us", "en-gb": "gmw/en", "ko": "ko"}


class FileSynthesiser(Protocol):
    """Writes one piece of speech into a WAV file; used from one thread."""

    def write(self, text: str, path: Path) -> None:
        """Return when the file is complete. Raises SpeechError."""
        ...

    def give_up(self) -> None:
        """End a `write` that hangs, as far as that is possible; called from another thread."""
        ...


class EspeakFiles:
    """A pyttsx3 engine. Not `pyttsx3.init()`: that gives every caller the same one, also after it hung."""

    def __init__(self, voice: str, words_per_minute: int) -> None:
        try:
            engine_module = importlib.import_module("pyttsx3.engine")
            driver = importlib.import_module("pyttsx3.drivers.espeak")
            self._espeak = importlib.import_module("pyttsx3.drivers._espeak")
            self._engine = engine_module.Engine("espeak")
        except (ImportError, RuntimeError, OSError) as error:
            raise SpeechError(
                "pyttsx3 can't speak", why=f"eSpeak NG could not be loaded: {error}", fix="apt install espeak-ng"
            ) from error
        vars(driver)["print"] = _silent  # it reports each file on stdout, which belongs to the command line
        self._finished = threading.Event()
        self._is_given_up = False
        self._faults: list[BaseException] = []
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._engine.connect("error", self._failed)
        known = [each.id for each in self._engine.getProperty("voices")]
        self._voice = next((each for each in known if each == voice or each.rsplit("/", 1)[-1] == voice), voice)
        self._words_per_minute = words_per_minute
        with _library():
            self._claim()

    def _failed(self, exception: BaseException, **_: object) -> None:
        self._faults.append(exception)

    def _claim(self) -> None:
        """Make the one eSpeak of this process speak with this voice and call back here."""
        global _owner
        if _owner is self:
            return
        _owner = None
        self._faults.clear()
        self._espeak.SetSynthCallback(self._engine.proxy._driver._onSynth)
        self._engine.setProperty("voice", self._voice)
        self._engine.setProperty("rate", self._words_per_minute)  # after the voice, which brings a rate of its own
        self._engine.proxy.setBusy(False)  # it begins as busy, and would keep the orders for its first loop
        self._espeak.Synchronize()  # eSpeak's own thread sets the rate
        if self._faults:
            raise SpeechError(
                f"eSpeak NG has no voice {self._voice!r}", why=_why(self._faults), fix="see `espeak-ng --voices`"
            )
        _owner = self

    def write(self, text: str, path: Path) -> None:
        """Return when the file is complete. Raises SpeechError."""
        with _library():
            self._claim()
            self._finished.clear()
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            # runAndWait may return before eSpeak's thread has written the file, or while it still is in the callback
            # that ends the loop, which would then end the next loop before its start.
            is_finished = self._finished.wait(LIMIT_S)
            if self._is_given_up or not is_finished:
                raise SpeechError("eSpeak NG wrote no sound", why=_why(self._faults), may_retry=True)
            self._espeak.Synchronize()
        if self._faults:
            raise SpeechError("eSpeak NG failed", why=_why(self._faults), may_retry=True)

    def give_up(self) -> None:
        """Let a `write` that waits for eSpeak end; only flags are set, since pyttsx3's `stop` itself may block."""
        global _owner
        _owner = None
        self._is_given_up = True
        self._engine.proxy._driver.endLoop()
        self._finished.set()


_lock = threading.Lock()
_owner: EspeakFiles | None = None
"""The engine whose voice and callback the library has; it is one library for the whole process."""


@contextmanager
def _library() -> Iterator[None]:
    """eSpeak's library for one caller. Raises SpeechError when another one keeps it."""
    if not _lock.acquire(timeout=LIMIT_S):
        raise SpeechError("eSpeak NG is busy", why="another sentence hangs in it", may_retry=True)
    try:
        yield
    finally:
        _lock.release()


def _why(faults: list[BaseException]) -> str:
    """What the engine reported."""
    return "; ".join(str(fault) for fault in faults)


def _silent(*_: object, **__: object) -> None:
    """Stands for `print` in the driver's module."""


class PyttsxVoice:
    """A Voice (core.ports) over eSpeak NG: one owner thread, one temporary file per piece."""

    def __init__(
        self,
        language: str,
        voice: str = "",
        words_per_minute: int = 170,
        *,
        make_engine: Callable[[], FileSynthesiser] | None = None,
        limit_s: float = LIMIT_S + 1,
    ) -> None:
        chosen = voice or _DEFAULT_VOICES.get(language.lower(), _DEFAULT_VOICES.get(primary(language), language))
        self.name = f"pyttsx3/{chosen}/{words_per_minute}"
        self._language = language
        make_engine = make_engine or (lambda: EspeakFiles(chosen, words_per_minute))
        self._worker = Worker("pyttsx3", make_engine, limit_s, give_up=lambda engine: engine.give_up())

    async def prepare(self) -> None:
        """Load the engine now. Raises SpeechError with the fix."""
        await self._worker.prepare()

    async def synthesize(self, text: str) -> AsyncIterator[PcmChunk]:
        """Sound of a text, piece by piece; nothing for a text without words. Raises SpeechError."""
        for piece in pieces(text, self._language):
            yield await self._worker.run(partial(_spoken, text=piece))

    async def close(self) -> None:
        """End the thread."""
        await self._worker.close()


def _spoken(engine: FileSynthesiser, text: str) -> PcmChunk:
    """Sound of one piece; its file lives no longer than this call."""
    try:
        with tempfile.TemporaryDirectory(prefix="assistant-voice-") as folder:
            path = Path(folder) / "piece.wav"
            engine.write(text, path)
            with wave.open(str(path), "rb") as sound:
                return PcmChunk(sound.readframes(sound.getnframes()), sound.getframerate())
    except (OSError, wave.Error, EOFError) as error:
        raise SpeechError(
            "the voice's temporary file can't be used", why=str(error), fix="free space in the temporary folder"
        ) from error
