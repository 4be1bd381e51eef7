"""All forms of discovery that the home reads.

dialects_of(prefix)   one of each, Home Assistant's under its prefix
"""

from __future__ import annotations

from assistant.home.dialects.tasmota import TasmotaForm
from assistant.home.dialects.zigbee2mqtt import Zigbee2MqttBridge
from assistant.home.intake import Dialect, HomeAssistantForm

__all__ = ["dialects_of"]


def dialects_of(prefix: str) -> tuple[Dialect, ...]:
    """One of each."""
    return (HomeAssistantForm(prefix), TasmotaForm(), Zigbee2MqttBridge(prefix))
