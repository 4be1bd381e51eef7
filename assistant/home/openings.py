"""Commands of covers and valves: by payload or by position, and the tilt of their slats; pure."""

from __future__ import annotations

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, Writer, constant, is_in, near
from assistant.home.scales import Scale, position_scale


def moved(verb: str, payload: str, percent: float, wanted: Wanted) -> Writer:
    """Open or close: by its payload, or for what knows positions only, by that of the end."""
    by_payload = constant(f"payload_{verb}", payload, wanted)

    def write(request: Request) -> Order:
        config = request.config
        if _takes_numbers(config) or not ("command_topic" in config or f"{verb}_command_topic" in config):
            return _to(request, percent)
        order = by_payload(request)
        return Order(order.messages, request.seen(wanted, "state_topic", "position_topic"))

    return write


def set_position(request: Request) -> Order:
    """To so many percent open."""
    return _to(request, request.percent("position"))


def _takes_numbers(config: Config) -> bool:
    return config.flag("reports_position")


def _to(request: Request, percent: float) -> Order:
    config, scale = request.config, position_scale(request.config)
    level = scale.level(percent)
    message = request.send(level) if _takes_numbers(config) else _positioned(request, level)
    wanted = _under_way(request.state, scale.percent(level))
    return Order((message,), request.seen(wanted, "position_topic", *(("state_topic",) * _takes_numbers(config))))


def _positioned(request: Request, level: int) -> Outgoing:
    config = request.config
    if "set_position_topic" not in config:
        raise Unsupported("it has no positions")
    ends = {name: config.number(name, default) for name, default in (("position_open", 100), ("position_closed", 0))}
    tilt = {"tilt_position": request.state.attributes.get("tilt")}
    return request.send(level, "set_position_topic", "set_position_template", position=level, **ends, **tilt)


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


# ── tilt ─────────────────────────────────────────────────────────────────────────────────────────


def tilt_scale(config: Config) -> Scale:
    """Slats closed to open."""
    return Scale(config.number("tilt_min", 0), config.number("tilt_max", 100))


def set_tilt(request: Request) -> Order:
    """Slats to so many percent."""
    scale = tilt_scale(request.config)
    return _tilted(request, scale.level(request.percent("tilt")), scale)


def tilted_to(key: str, default: float) -> Writer:
    """Slats to the number that the device calls open or closed."""

    def write(request: Request) -> Order:
        scale = tilt_scale(request.config)
        end = scale.high if default else scale.low
        return _tilted(request, round(request.config.number(key, end)), scale)

    return write


def _tilted(request: Request, level: int, scale: Scale) -> Order:
    ends = {"tilt_min": scale.low, "tilt_max": scale.high, "position": request.state.attributes.get("position")}
    message = request.send(level, "tilt_command_topic", "tilt_command_template", tilt_position=level, **ends)
    return Order((message,), request.seen(near("tilt", scale.percent(level)), "tilt_status_topic"))


def features_of_opening(config: Config) -> frozenset[str]:
    """position, tilt, stop."""
    features = set()
    if "set_position_topic" in config or _takes_numbers(config):
        features.add("position")
    if "tilt_command_topic" in config:
        features.add("tilt")
    if config.payload("payload_stop", "STOP") is not None:
        features.add("stop")
    return frozenset(features)


OPEN = moved("open", "OPEN", 100, is_in("open", "opening"))
CLOSE = moved("close", "CLOSE", 0, is_in("closed", "closing"))
STOP = constant("payload_stop", "STOP", None)
