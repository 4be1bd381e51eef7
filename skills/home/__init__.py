"""The home by voice: switching, lights, blinds, locks, heating, and questions about all of them."""

from __future__ import annotations

from .climate import Climate
from .lights import Lights
from .openings import Openings
from .questions import Questions
from .switches import Switches


class Home(Questions, Climate, Lights, Openings, Switches):
    """Switch and adjust what stands in your home, and ask about it."""

    # The last base comes first: a name ("bedroom light") is preferred to a place ("bedroom") with a kind ("light").
