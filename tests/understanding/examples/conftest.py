"""Examples of the home skill, made once."""

from __future__ import annotations

from itertools import islice

import pytest

from assistant.core.intents import IntentSpec
from assistant.skillhost.load import bundled_places, load_class
from assistant.understanding.examples.example import Example
from assistant.understanding.examples.generate import examples

_OF_HOME_ASSISTANT = ("HassTurnOn", "HassTurnOff", "HassLightSet")


@pytest.fixture(scope="session")
def home_intents() -> tuple[IntentSpec, ...]:
    """The home skill's own, and few of Home Assistant's."""
    place = next(place for place in bundled_places() if place.name == "home")
    specs = [offer.spec for offer in load_class(place).offers.intents]
    return tuple(spec for spec in specs if not spec.is_home_assistant or spec.name in _OF_HOME_ASSISTANT)


@pytest.fixture(scope="session")
def made(home_intents: tuple[IntentSpec, ...]) -> list[Example]:
    """The first of seed 5."""
    return list(islice(examples(home_intents, 5), 120))
