"""The rooms of a vacuum cleaner: which it knows, and how it is told to clean some of them; pure.

The forms: home-assistant.io/integrations/vacuum.mqtt (`segments`), and Valetudo's topics below `MapData` and
`MapSegmentationCapability`, which its older versions announce to nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.feeds_parts import Feed, json_object, with_value
from assistant.home.order import Order, Outgoing, Request, Unsupported, is_in
from assistant.home.template import render

ROOMS = "rooms"
"""The attribute that holds them, as JSON: name by the robot's own id."""
MAX_ROOMS, MAX_NAME, MAX_ID = 64, 80, 40
_READY, _SEGMENTS, _CLEAN = "/$state", "/MapData/segments", "/MapSegmentationCapability/clean/set"
_TOPIC, _TEMPLATE = "clean_segments_command_topic", "clean_segments_command_template"


def has_rooms(config: Config) -> bool:
    """True for a robot that can be sent to single rooms, if it knows any."""
    return bool(config.topic(_TOPIC) or _valetudo(config))


def room_feeds(config: Config) -> list[Feed]:
    """Where a robot tells its rooms beside its state."""
    base = _valetudo(config)
    return [Feed(f"{base}{_SEGMENTS}", None, lambda state, text: with_rooms(state, json_object(text)))] if base else []


def with_rooms(state: EntityState, told: object) -> EntityState:
    """The state with the rooms that a robot told; one without a name of its own nobody can mean."""
    if not isinstance(told, dict):
        return state
    named = {str(each): name for each, name in told.items() if isinstance(name, str) and name.strip() and name != each}
    fitting = {each: name for each, name in named.items() if len(each) <= MAX_ID and len(name) <= MAX_NAME}
    if len(fitting) > MAX_ROOMS:
        return state
    rooms = json.dumps(fitting, ensure_ascii=False) if fitting else None
    # they are repeated with every change of the map, and say nothing of what it is doing
    return state if state.attributes.get(ROOMS) == rooms else with_value(state, ROOMS, rooms)


def rooms_of(state: EntityState) -> Mapping[str, str]:
    """Name by id, of those that it told."""
    told = state.attributes.get(ROOMS)
    return json.loads(told) if isinstance(told, str) else {}


def clean_rooms(request: Request) -> Order:
    """Clean the rooms that are `named`, parted by commas, and no others. Raises Unsupported for one that the robot does
    not know."""
    ids = [_id_of(name, request) for name in request.text("named").split(",")]
    config = request.config
    topic, template = config.topic(_TOPIC), config.template(_TEMPLATE)
    if topic:
        text = render(template, {"value": ids}) if template else json.dumps(ids)
    elif base := _valetudo(config):
        topic, text = f"{base}{_CLEAN}", json.dumps({"segment_ids": ids})
    else:
        raise Unsupported(f"it has no {_TOPIC}")
    order = Order((Outgoing(topic, text, config.flag("retain")),), request.seen(is_in("cleaning"), "state_topic"))
    return replace(order, refused=is_in("error"))


def _id_of(name: str, request: Request) -> str:
    wanted = _folded(name)
    found = next((each for each, known in rooms_of(request.state).items() if _folded(known) == wanted), None)
    if found is None:
        raise Unsupported("it knows no such room")
    return found


def _folded(name: str) -> str:
    """Commas part the rooms of a command."""
    return " ".join(name.replace("_", " ").replace(",", " ").casefold().split())


def _valetudo(config: Config) -> str:
    """Under which topic Valetudo tells all of itself; empty for other robots."""
    base = config.topic("availability_topic").removesuffix(_READY)
    is_it = base and config.topic("availability_topic").endswith(_READY)
    return base if is_it and config.topic("state_topic").startswith(f"{base}/hass/") else ""
