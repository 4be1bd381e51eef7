"""The home by voice: switching, lights, blinds, locks, heating, and questions about all of them."""

from __future__ import annotations

from .climate import Climate
from .lights import Lights
from .questions import Questions
from .switches import Switches


class Home(Switches, Lights, Climate, Questions):
    """Switch and adjust what stands in your home, and ask about it."""
