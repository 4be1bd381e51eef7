"""Entities over MQTT: registry, broker, discovery and commands; the only room that speaks MQTT.

HomeService(mqtt, home, clock, hub_id)   the home: a HomePort, with `run()`
SimulatedHome(mqtt, language, clock)     devices that announce themselves and behave, to try everything without any
"""

from assistant.home.service import HomeService
from assistant.home.simulated import SimulatedHome

__all__ = ["HomeService", "SimulatedHome"]
