"""A home whose bridge announces nothing itself: devices and groups as the bridge lists them."""

from __future__ import annotations

import json
from typing import Any

from assistant.core.home import Action, Entity, EntityId, EntityState, Value
from assistant.home.command import order_for
from assistant.home.dialects import dialects_of
from assistant.home.intake import Intake, Taken
from assistant.home.names import Names
from assistant.home.registry import Registry
from tests.home.parts import NOON, PREFIX

BASE = "zigbee2mqtt"
OFF: dict[str, Any] = {"version": "2.3.0", "config": {"homeassistant": {"enabled": False}}}
TOLD, BOTH, SET_ONLY = 1, 7, 2


def device(address: str, name: str, *exposes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One of `bridge/devices`."""
    about = {"model": "M-1", "vendor": "Maker", "description": "A thing", "exposes": list(exposes)}
    return {"ieee_address": address, "type": "Router", "friendly_name": name, "definition": about, **more}


def value(kind: str, name: str, access: int = TOLD, **more: Any) -> dict[str, Any]:
    """One expose with a value."""
    return {"type": kind, "name": name, "property": name, "label": name.replace("_", " ").capitalize(),
            "access": access, **more}  # fmt: skip


def main(kind: str, *features: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One expose with features."""
    return {"type": kind, "features": list(features), **more}


def on_off(name: str = "state", **more: Any) -> dict[str, Any]:
    """The state of a light or switch."""
    return value("binary", "state", BOTH, **{"property": name, "value_on": "ON", "value_off": "OFF", **more})


DIMMER = value("numeric", "brightness", BOTH, value_min=0, value_max=254)
WHITES = value("numeric", "color_temp", BOTH, value_min=200, value_max=400, unit="mired")
XY = {"type": "composite", "name": "color_xy", "property": "color", "access": BOTH, "features": []}
HS = {"type": "composite", "name": "color_hs", "property": "color", "access": BOTH, "features": []}


class BridgedHome:
    """Fed with messages of a bridge, asked as the hub asks."""

    def __init__(self, *devices: dict[str, Any], info: dict[str, Any] | None = OFF) -> None:
        self.names = Names()
        self.intake = Intake(dialects_of(PREFIX), Registry(self.names), self.names.told)
        if info is not None:
            self.send("bridge/info", info)
        self.send("bridge/devices", list(devices))

    @property
    def registry(self) -> Registry:
        """Its entities."""
        return self.intake.registry

    def send(self, topic: str, payload: Any, base: str = BASE) -> Taken:
        """One message under the base topic; what is no text is JSON."""
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.intake.take(f"{base}/{topic}", raw.encode(), NOON)

    def ids(self) -> list[str]:
        """All that people may name."""
        return [each.id for each in self.registry.view().entities]

    def entity(self, entity_id: str) -> Entity:
        """One of them."""
        return next(each for each in self.registry.view().entities if each.id == entity_id)

    def state(self, entity_id: str) -> EntityState:
        """Its state."""
        return self.registry.state(EntityId(entity_id))

    def sent(self, entity_id: str, verb: str, **values: Value) -> list[tuple[str, Any]]:
        """What would be published, JSON parsed."""
        known = self.registry.find(EntityId(entity_id))
        assert known is not None
        order = order_for(known.announced, Action(EntityId(entity_id), verb, values), known.state)
        return [(each.topic, json.loads(each.payload)) for each in order.messages]
