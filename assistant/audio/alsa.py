"""Looks at ALSA's configuration before PortAudio does: PortAudio ends the whole process where it names no device."""

from __future__ import annotations

import ctypes

from assistant.core.errors import AudioError


def check_alsa() -> None:
    """Raises AudioError where ALSA's configuration can't be used; does nothing on systems without ALSA."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return
    alsa.snd_strerror.restype = ctypes.c_char_p
    # ALSA itself prints where the fault is
    status = alsa.snd_config_update()
    if status < 0:
        raise _unusable(alsa.snd_strerror(status).decode())
    if not _names_a_device(alsa):
        raise _unusable("it names no device")


def _names_a_device(alsa: ctypes.CDLL) -> bool:
    """True with a sound card, or with anything under `pcm` in the configuration."""
    card = ctypes.c_int(-1)
    if alsa.snd_card_next(ctypes.byref(card)) == 0 and card.value >= 0:
        return True
    root = ctypes.c_void_p.in_dll(alsa, "snd_config")
    node = ctypes.c_void_p()
    return bool(alsa.snd_config_search(root, b"pcm", ctypes.byref(node)) == 0)


def _unusable(why: str) -> AudioError:
    return AudioError(
        "ALSA's configuration can't be used",
        why=why,
        fix="correct ~/.asoundrc or /etc/asound.conf, or apt install --reinstall libasound2-data",
        may_retry=True,
    )
