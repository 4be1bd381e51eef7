"""Microphone and speaker: devices, capture, playback, resampling; the only room that touches PortAudio."""

from assistant.audio.capture import CaptureStatus, Microphone, MicrophoneChange
from assistant.audio.level import dbfs
from assistant.audio.playback import PlaybackStatus, PortAudioSpeaker
from assistant.audio.resample import resample
from assistant.audio.ring import PreRoll
from assistant.audio.stand_in import BufferSpeaker, FileSource
from assistant.audio.wav import read_wav, read_wav_16k, write_wav

__all__ = [
    "BufferSpeaker",
    "CaptureStatus",
    "FileSource",
    "Microphone",
    "MicrophoneChange",
    "PlaybackStatus",
    "PortAudioSpeaker",
    "PreRoll",
    "dbfs",
    "read_wav",
    "read_wav_16k",
    "resample",
    "write_wav",
]
