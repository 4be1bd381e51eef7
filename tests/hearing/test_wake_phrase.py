"""The wake word is taken off the front of a transcript, and nothing else is."""

from __future__ import annotations

import pytest

from assistant.hearing.wake_phrase import without_wake_phrase

WORDS = ("okay_nabu", "hey_jarvis")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("Hey Jarvis, what time is it?", "what time is it?"),
        ("hey jarvis what time is it", "what time is it"),
        ("Hey, Jarvis. Turn on the light.", "Turn on the light."),
        ("Okay Nabu turn it off", "turn it off"),
        ("OK Nabu, turn it off", "turn it off"),
        ("Hey Jarvus, stop.", "stop."),
        ("jarvis stop", "stop"),
        ("Vis, what time is it?", "what time is it?"),
        ("Hey Jarvis.", ""),
        ("What time is it?", "What time is it?"),
        ("Okay", "Okay"),
        ("Is the light on?", "Is the light on?"),
        ("Hey there", "Hey there"),
        ("tell jarvis hello", "tell jarvis hello"),
        ("", ""),
        ("거실 불 켜 줘", "거실 불 켜 줘"),
    ],
)
def test_only_a_leading_wake_phrase_goes(text: str, request_: str) -> None:
    assert without_wake_phrase(text, WORDS) == request_


def test_without_wake_words_the_text_stays() -> None:
    assert without_wake_phrase("hey jarvis stop", ()) == "hey jarvis stop"
