"""Microphone and speaker: devices, capture, playback, resampling; the only room that touches PortAudio."""

from assistant.audio.capture import CaptureStatus, Microphone, MicrophoneChange
from assistant.audio.held import PlaybackStatus
from assistant.audio.level import dbfs
from assistant.audio.playback import PortAudioSpeaker
from assistant.audio.portaudio import PORTAUDIO, Device, Direction
from assistant.audio.resample import resample
from assistant.audio.ring import PreRoll
from assistant.audio.stand_in import BufferSpeaker, FileSource
from assistant.audio.wav import read_wav, read_wav_16k, write_wav

__all__ = [
    "BufferSpeaker",
    "CaptureStatus",
    "Device",
    "FileSource",
    "Microphone",
    "MicrophoneChange",
    "PlaybackStatus",
    "PortAudioSpeaker",
    "PreRoll",
    "dbfs",
    "input_devices",
    "output_devices",
    "read_wav",
    "read_wav_16k",
    "resample",
    "write_wav",
]


def input_devices() -> list[Device]:
    """Microphones as the sound system lists them. Raises AudioError where PortAudio is missing."""
    return PORTAUDIO.devices(Direction.INPUT)


def output_devices() -> list[Device]:
    """Speakers as the sound system lists them. Raises AudioError where PortAudio is missing."""
    return PORTAUDIO.devices(Direction.OUTPUT)
