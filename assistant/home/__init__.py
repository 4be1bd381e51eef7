"""Entities over MQTT: registry, broker, discovery and commands; the only room that speaks MQTT.

HomeService(mqtt, home, clock, hub_id, names)   the home: a HomePort, with `run()`
Names(kept, file)                               what things are called: kept in the first, by the user in the second
StateMemory(path, clock)                        where last known states outlive a restart
SimulatedHome(mqtt, language, clock)            devices that announce themselves and behave, to try everything without
"""

from assistant.home.memory import StateMemory
from assistant.home.names import Names
from assistant.home.service import HomeService
from assistant.home.simulated import SimulatedHome

__all__ = ["HomeService", "Names", "SimulatedHome", "StateMemory"]
