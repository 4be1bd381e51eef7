"""The home by voice: switching, lights, blinds, locks, heating, robots, music, alarm, and questions about them."""

from __future__ import annotations

from .adjusting import Adjusting
from .alarm import Alarm
from .climate import Climate
from .excepting import Excepting
from .lights import Lights
from .machines import Machines
from .media import Media
from .openings import Openings
from .questions import Questions
from .rooms import Rooms
from .sweeping import Sweeping
from .switches import Switches


class Home(
    Questions, Adjusting, Media, Rooms, Machines, Alarm, Sweeping, Excepting, Climate, Lights, Openings, Switches
):
    """Switch and adjust what stands in your home, and ask about it."""

    # The last base comes first: a name ("bedroom light") is preferred to a place ("bedroom") with a kind ("light").
