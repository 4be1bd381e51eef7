"""Commands of what warms, cools and moistens: climate devices, water heaters, humidifiers; pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, Writer, both, constant, has, is_in, near

MODES: Mapping[str, tuple[str, ...]] = {
    "climate": ("auto", "off", "cool", "heat", "dry", "fan_only"),
    "water_heater": ("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"),
}
"""What a device can do that names no modes, by component."""
_LIKELY = ("heat_cool", "heat", "cool", "auto", "eco", "electric", "gas", "heat_pump")
"""Which mode "on" most likely means."""
_RANGE_C: Mapping[str, tuple[float, float]] = {"climate": (7, 35), "water_heater": (43.3, 60)}
_TEMPERATURES = ("temperature", "temperature_high", "temperature_low")


def set_temperature(request: Request) -> Order:
    """The wanted temperature, or the two between which it shall stay; a mode that is said along with it comes first."""
    messages: list[Outgoing] = []
    wanted: list[Wanted] = []
    if request.text("mode"):
        messages += _to_mode(request, request.option("mode", modes_of(request))).messages
    for name in _TEMPERATURES:
        if name not in request.values:
            continue
        degrees = _degrees(request, name)
        messages.append(request.send(degrees, f"{name}_command_topic", f"{name}_command_template"))
        if f"{name}_state_topic" in request.config:
            # a device may take the nearest of its steps
            wanted.append(near(name, degrees, max(0.05, request.config.number("temp_step", 0) / 2)))
    if not messages:
        raise Unsupported("no temperature was said")
    return Order(tuple(messages), both(*wanted) if wanted else None)


def _degrees(request: Request, name: str) -> float:
    """In the device's unit, whichever was said."""
    low, high = temperature_range(request)
    said, own = request.text("unit").upper()[-1:], unit_of(request.config)
    degrees = request.number(name)
    if degrees is not None and said == "F" and own == "C":
        degrees = round((degrees - 32) / 1.8, 1)
    elif degrees is not None and said == "C" and own == "F":
        degrees = round(degrees * 1.8 + 32)
    if degrees is None or not low <= degrees <= high:
        raise Unsupported(f"a temperature is {low:g} to {high:g}")
    return degrees


def unit_of(config: Config) -> str:
    """C or F."""
    return "F" if config.text("temperature_unit").upper().endswith("F") else "C"


def temperature_range(request: Request) -> tuple[float, float]:
    """The lowest and the highest temperature that can be set, in the device's unit."""
    config = request.config
    low, high = _RANGE_C.get(request.component, _RANGE_C["climate"])
    if unit_of(config) == "F":
        low, high = round(low * 1.8 + 32), round(high * 1.8 + 32)
    return config.number("min_temp", low), config.number("max_temp", high)


def modes_of(request: Request) -> tuple[str, ...]:
    """The modes of a device."""
    return request.config.texts("modes", MODES.get(request.component, ()))


def set_mode(request: Request) -> Order:
    """Heat, cool, off and so on."""
    return _to_mode(request, request.option("mode", modes_of(request)))


def _to_mode(request: Request, mode: str) -> Order:
    message = request.send(mode, "mode_command_topic", "mode_command_template")
    return Order((message,), request.seen(is_in(mode), "mode_state_topic"))


def turn_on(request: Request) -> Order:
    """By its power switch, or in the mode it is in, or in the likeliest."""
    if "power_command_topic" in request.config:
        return _power(request, "on", _is_running)
    modes = [mode for mode in modes_of(request) if mode != "off"]
    now = request.state.value
    likely = [mode for mode in (now, *_LIKELY, *modes) if mode in modes]
    if not likely or likely[0] is None:
        raise Unsupported("it has no mode but off")
    return _to_mode(request, likely[0])


def turn_off(request: Request) -> Order:
    """By its power switch, or by the mode that is off."""
    if "power_command_topic" in request.config:
        return _power(request, "off", is_in("off"))
    if "off" not in modes_of(request):
        raise Unsupported("it can't be turned off")
    return _to_mode(request, "off")


def _power(request: Request, word: str, wanted: Wanted) -> Order:
    payload = request.config.text(f"payload_{word}", word.upper())
    message = request.send(payload, "power_command_topic", "power_command_template")
    return Order((message,), request.seen(wanted, "mode_state_topic"))


def _is_running(state: EntityState) -> bool:
    return state.value not in (None, "off")


# ── presets, fan, swing, humidity ────────────────────────────────────────────────────────────────


def chosen(value: str, what: str, options_key: str, default: tuple[str, ...] = ()) -> Writer:
    """One of the words that the device lists, on the topic for them: a preset, a fan's mode …"""

    def write(request: Request) -> Order:
        word = request.option(value, request.config.texts(options_key, default))
        message = request.send(word, f"{what}_command_topic", f"{what}_command_template")
        return Order((message,), request.seen(has(value, word), f"{what}_state_topic"))

    return write


def set_humidity(request: Request) -> Order:
    """The wanted humidity in percent."""
    config = request.config
    low, high = (30, 99) if request.component == "climate" else (0, 100)
    percent = request.between("humidity", config.number("min_humidity", low), config.number("max_humidity", high))
    message = request.send(percent, "target_humidity_command_topic", "target_humidity_command_template")
    return Order((message,), request.seen(near("humidity", percent), "target_humidity_state_topic"))


def features_of_climate(config: Config) -> frozenset[str]:
    """temperature, temperature_range, humidity, and what can be chosen: mode, preset_mode, fan_mode, swing_mode."""
    topics = {
        "temperature": "temperature_command_topic",
        "temperature_range": "temperature_high_command_topic",
        "humidity": "target_humidity_command_topic",
        **{f"{what}": f"{what}_command_topic" for what in ("mode", "preset_mode", "fan_mode", "swing_mode")},
    }
    return frozenset(feature for feature, topic in topics.items() if topic in config)


ON = constant("payload_on", "ON", is_in("on"))
OFF = constant("payload_off", "OFF", is_in("off"))
