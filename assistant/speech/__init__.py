"""Voices and the queue of sentences: from words to sound.

voice_for(settings.voice, language, store)   the configured voice, with a cache of short sentences
SentenceQueue(voice, speaker)                says whole replies; rings
SilentVoice, PyttsxVoice, PiperVoice         the engines
CachedVoice                                  remembers short sentences
"""

from assistant.speech.cache import CachedVoice
from assistant.speech.piper import PiperVoice
from assistant.speech.pyttsx import PyttsxVoice
from assistant.speech.queue import SentenceQueue
from assistant.speech.voice import SilentVoice, voice_for

__all__ = ["CachedVoice", "PiperVoice", "PyttsxVoice", "SentenceQueue", "SilentVoice", "voice_for"]
