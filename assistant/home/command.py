"""What to publish for an action on a component, and how its effect is recognised; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from assistant.core.home import Action, EntityState, Value
from assistant.home.config import Config
from assistant.home.discovery import Announced
from assistant.home.lights import light_off, light_on
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, is_in, near, topic_of
from assistant.home.scales import Scale, position_scale, speed_scale
from assistant.home.template import render

STATE_TOPICS = ("state_topic", "position_topic", "mode_state_topic", "temperature_state_topic", "activity_state_topic")
MODES = ("auto", "off", "cool", "heat", "dry", "fan_only")
Writer = Callable[[Request], Order]

__all__ = ["Order", "Outgoing", "Unsupported", "Wanted", "order_for", "verbs_of"]


def order_for(announced: Announced, action: Action, state: EntityState) -> Order:
    """The messages for an action. Raises Unsupported, TemplateFault (a broken command template) or ConfigFault."""
    verb = action.verb
    if verb == "toggle":
        verb = _TOGGLED.get(state.value or "", "open" if announced.component in {"cover", "valve"} else "turn_on")
    write = _WRITERS.get((announced.component, verb))
    if write is None:
        raise Unsupported(f"{announced.component} can't {verb}")
    order = write(Request(announced.config, action.values, state))
    has_state = any(announced.config.topic_filter(key) for key in STATE_TOPICS)
    is_blind = announced.config.flag("optimistic") or not has_state
    return Order(order.messages, None if is_blind else order.wanted)


_TOGGLED = {"on": "turn_off", "off": "turn_on"} | {
    moving: verb for verb, states in {"close": ("open", "opening"), "open": ("closed", "closing")}.items()
    for moving in states
}  # fmt: skip


def _send(config: Config, payload: Value, key: str = "command_topic", template: str = "command_template") -> Outgoing:
    text = f"{payload:g}" if isinstance(payload, float) else str(payload)
    if source := config.template(template):
        text = render(source, {"value": payload, "position": payload})
    return Outgoing(topic_of(config, key), text, config.flag("retain"))


def _constant(payload_key: str, default: str, wanted: Wanted | None) -> Writer:
    def write(request: Request) -> Order:
        payload = request.config.payload(payload_key, default)
        if payload is None:
            raise Unsupported(f"it has no {payload_key}")
        return Order((_send(request.config, payload),), wanted)

    return write


def _siren(state: str) -> Writer:
    def write(request: Request) -> Order:
        config = request.config
        payload = config.text(f"payload_{state}", state.upper())
        if config.template("command_template"):
            return Order((_send(config, payload),), is_in(state))
        return Order((Outgoing.json(topic_of(config), {"state": payload}, retain=config.flag("retain")),), is_in(state))

    return write


def _mower(verb: str, wanted: Wanted) -> Writer:
    """Each verb has a topic of its own."""

    def write(request: Request) -> Order:
        return Order((_send(request.config, verb, f"{verb}_command_topic", f"{verb}_command_template"),), wanted)

    return write


def _cover(verb: str, payload: str, percent: float, wanted: Wanted) -> Writer:
    constant = _constant(f"payload_{verb}", payload, wanted)

    def write(request: Request) -> Order:
        if request.config.flag("reports_position") or "command_topic" not in request.config:
            return _move(request, percent)
        return constant(request)

    return write


def _set_position(request: Request) -> Order:
    return _move(request, _percent(request, "position"))


def _move(request: Request, percent: float) -> Order:
    config, scale = request.config, position_scale(request.config)
    level = scale.level(percent)
    if config.flag("reports_position"):
        message = _send(config, level)
    else:
        message = _send(config, level, "set_position_topic", "set_position_template")
    return Order((message,), _under_way(request.state, scale.percent(level)))


def _under_way(before: EntityState, percent: float) -> Wanted:
    """There, or on the way: a blind needs longer than anybody wants to wait for an answer."""
    start, there = before.attributes.get("position"), near("position", percent)

    def holds(state: EntityState) -> bool:
        if there(state):
            return True
        if not isinstance(start, int | float) or abs(start - percent) < 1:
            return False
        now = state.attributes.get("position")
        came_closer = isinstance(now, int | float) and abs(now - percent) < abs(start - percent)
        return came_closer or state.value == ("opening" if percent > start else "closing")

    return holds


def _set_temperature(request: Request) -> Order:
    config, degrees = request.config, request.number("temperature")
    low, high = config.number("min_temp", 7), config.number("max_temp", 35)
    if degrees is None or not low <= degrees <= high:
        raise Unsupported(f"a temperature is {low:g} to {high:g}")
    message = _send(config, degrees, "temperature_command_topic", "temperature_command_template")
    return Order((message,), near("temperature", degrees, 0.05) if "temperature_state_topic" in config else None)


def _set_mode(fixed: str) -> Writer:
    def write(request: Request) -> Order:
        config = request.config
        modes = config.texts("modes", MODES)
        mode = str(request.values.get("mode") or fixed)
        if mode == "on":
            mode = next((known for known in ("heat", "auto", *modes) if known in modes and known != "off"), "")
        if mode not in modes:
            raise Unsupported("it has no such mode")
        message = _send(config, mode, "mode_command_topic", "mode_command_template")
        return Order((message,), is_in(mode) if "mode_state_topic" in config else None)

    return write


def _set_percentage(request: Request) -> Order:
    percent, config = _percent(request, "percentage"), request.config
    if percent == 0:
        return _OFF(request)
    scale: Scale = speed_scale(config)
    level = scale.level(percent)
    message = _send(config, level, "percentage_command_topic", "percentage_command_template")
    is_reported = "percentage_state_topic" in config
    return Order((message,), near("percentage", scale.percent(level)) if is_reported else is_in("on"))


def _percent(request: Request, name: str) -> float:
    percent = request.number(name)
    if percent is None or not math.isfinite(percent) or not 0 <= percent <= 100:
        raise Unsupported(f"a {name} is 0 to 100")
    return percent


_ON = _constant("payload_on", "ON", is_in("on"))
_OFF = _constant("payload_off", "OFF", is_in("off"))
_OPEN = _cover("open", "OPEN", 100, is_in("open", "opening"))
_CLOSE = _cover("close", "CLOSE", 0, is_in("closed", "closing"))
_STOP = _constant("payload_stop", "STOP", None)
_WRITERS: Mapping[tuple[str, str], Writer] = {
    ("light", "turn_on"): light_on,
    ("light", "turn_off"): light_off,
    **{(component, "turn_on"): _ON for component in ("switch", "fan", "scene", "humidifier")},
    **{(component, "turn_off"): _OFF for component in ("switch", "fan", "humidifier")},
    ("siren", "turn_on"): _siren("on"),
    ("siren", "turn_off"): _siren("off"),
    **{(component, "open"): _OPEN for component in ("cover", "valve")},
    **{(component, "close"): _CLOSE for component in ("cover", "valve")},
    **{(component, "stop"): _STOP for component in ("cover", "valve")},
    **{(component, "set_position"): _set_position for component in ("cover", "valve")},
    ("lock", "lock"): _constant("payload_lock", "LOCK", is_in("locked", "locking")),
    ("lock", "unlock"): _constant("payload_unlock", "UNLOCK", is_in("unlocked", "unlocking")),
    **{(component, "set_temperature"): _set_temperature for component in ("climate", "water_heater")},
    **{(component, "set_mode"): _set_mode("") for component in ("climate", "water_heater")},
    **{(component, "turn_on"): _set_mode("on") for component in ("climate", "water_heater")},
    **{(component, "turn_off"): _set_mode("off") for component in ("climate", "water_heater")},
    ("fan", "set_percentage"): _set_percentage,
    ("button", "press"): _constant("payload_press", "PRESS", None),
    ("vacuum", "start"): _constant("payload_start", "start", is_in("cleaning")),
    ("vacuum", "stop"): _constant("payload_stop", "stop", is_in("idle", "paused", "docked")),
    ("vacuum", "pause"): _constant("payload_pause", "pause", is_in("paused", "idle")),
    ("vacuum", "return_to_base"): _constant("payload_return_to_base", "return_to_base", is_in("returning", "docked")),
    ("lawn_mower", "start_mowing"): _mower("start_mowing", is_in("mowing")),
    ("lawn_mower", "pause"): _mower("pause", is_in("paused")),
    ("lawn_mower", "dock"): _mower("dock", is_in("returning", "docked")),
}


def verbs_of(component: str) -> frozenset[str]:
    """What can be said to do to such a component, at most."""
    return frozenset(verb for known, verb in _WRITERS if known == component)
