"""Commands of vacuum cleaners, lawn mowers and media players; pure."""

from __future__ import annotations

from dataclasses import replace

from assistant.home.config import Config
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, Writer, constant, has, is_in, near
from assistant.home.vacuum_rooms import has_rooms

# ── vacuum cleaners ──────────────────────────────────────────────────────────────────────────────

_STUCK = is_in("error")


def _moved(payload_key: str, default: str, wanted: Wanted) -> Writer:
    write = constant(payload_key, default, wanted)
    return lambda request: replace(write(request), refused=_STUCK)


VACUUM: dict[str, Writer] = {
    "start": _moved("payload_start", "start", is_in("cleaning")),
    "stop": _moved("payload_stop", "stop", is_in("idle", "paused", "docked")),
    "pause": _moved("payload_pause", "pause", is_in("paused", "idle")),
    "return_to_base": _moved("payload_return_to_base", "return_to_base", is_in("returning", "docked")),
    "clean_spot": _moved("payload_clean_spot", "clean_spot", is_in("cleaning")),
    "locate": constant("payload_locate", "locate", None),
}


def vacuum_speed(request: Request) -> Order:
    """How strongly it sucks, as the device names it."""
    speed = request.option("fan_speed", request.config.texts("fan_speed_list"))
    message = Outgoing(*_raw(request, "set_fan_speed_topic"), speed, request.config.flag("retain"))
    return Order((message,), request.seen(has("fan_speed", speed), "state_topic"))


def vacuum_command(request: Request) -> Order:
    """Any other command that the device knows."""
    command = request.text("command")
    if not command:
        raise Unsupported("no command was said")
    return Order((Outgoing(*_raw(request, "send_command_topic"), command, request.config.flag("retain")),), None)


def _raw(request: Request, key: str) -> tuple[str]:
    topic = request.config.topic(key)
    if not topic:
        raise Unsupported(f"it has no {key}")
    return (topic,)


# ── lawn mowers ──────────────────────────────────────────────────────────────────────────────────


def mower(verb: str, wanted: Wanted) -> Writer:
    """Each verb has a topic of its own."""

    def write(request: Request) -> Order:
        message = request.send(verb, f"{verb}_command_topic", f"{verb}_command_template")
        return Order((message,), request.seen(wanted, "activity_state_topic"), _STUCK)

    return write


# ── media players ────────────────────────────────────────────────────────────────────────────────


def player(verb: str, wanted: Wanted | None = None) -> Writer:
    """In the form of lnxlink: a topic for each verb, with its payload beside it."""

    def write(request: Request) -> Order:
        config = request.config
        payload = config.text(f"command_{verb}_payload", verb.capitalize())
        message = request.send(payload, f"command_{verb}_topic")
        return Order((message,), request.seen(wanted, "state_state_topic") if wanted else None)

    return write


def play(request: Request) -> Order:
    """Play; what has no such topic is toggled, if it isn't playing."""
    if "command_play_topic" in request.config or request.state.value == "playing":
        return _PLAY(request)
    return player("playpause", is_in("playing"))(request)


def set_volume(request: Request) -> Order:
    """How loud, in percent; the device counts from 0 to 1."""
    percent = request.percent("volume_pct")
    message = request.send(round(percent / 100, 4), "command_volume_topic")
    return Order((message,), request.seen(near("volume_pct", percent), "state_volume_topic"))


def shift_volume(by: float) -> Writer:
    """Louder or quieter than it is."""

    def write(request: Request) -> Order:
        before = request.state.attributes.get("volume_pct")
        if not isinstance(before, int | float):
            raise Unsupported("its volume is not known")
        step = request.number("by") or abs(by)
        percent = min(100.0, max(0.0, before + (step if by > 0 else -step)))
        return set_volume(Request(request.config, {"volume_pct": percent}, request.state, request.component))

    return write


_PLAY = player("play", is_in("playing"))


def features_of_machine(component: str, config: Config) -> frozenset[str]:
    """Which of its commands it knows."""
    match component:
        case "vacuum":
            listed = config.texts("supported_features")
            features = {feature for feature in listed if feature in VACUUM}
            features |= {"rooms"} if has_rooms(config) else set()
            return frozenset(features | ({"fan_speed"} if "set_fan_speed_topic" in config else set()))
        case "lawn_mower":
            return frozenset(verb for verb in ("start_mowing", "pause", "dock") if f"{verb}_command_topic" in config)
        case _:
            verbs = ("play", "pause", "playpause", "next", "previous", "volume", "stop", "mute")
            return frozenset(verb for verb in verbs if f"command_{verb}_topic" in config)
