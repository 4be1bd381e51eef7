"""Commands of lights, in the three forms that discovery knows: default, json, template; pure."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.core.home import Value
from assistant.home.colors import RGB, to_hs, to_xy
from assistant.home.config import Config
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, both, is_in, near, topic_of
from assistant.home.scales import brightness_scale
from assistant.home.template import render

COLOR_MODES = ("rgb", "rgbw", "rgbww", "xy", "hs")


@dataclass(frozen=True, slots=True)
class Look:
    """How a light shall look; None: as it is."""

    level: int | None
    """Brightness on the device's scale."""
    percent: float | None
    """Brightness that this level stands for."""
    rgb: tuple[int, int, int] | None
    color_temp: int | None
    """In what the device counts: mireds or kelvin."""


def features_of_light(config: Config) -> frozenset[str]:
    """brightness, color, color_temp."""
    modes = set(config.texts("supported_color_modes"))
    features = set()
    if "brightness_command_topic" in config or config.flag("brightness") or "brightness_template" in config:
        features.add("brightness")
    if (
        "red_template" in config
        or modes & set(COLOR_MODES)
        or any(f"{mode}_command_topic" in config for mode in COLOR_MODES)
    ):
        features |= {"color"}
    if "color_temp_command_topic" in config or "color_temp_template" in config or "color_temp" in modes:
        features |= {"color_temp"}
    if modes - {"onoff"} or (features and config.text("schema") == "json"):
        features |= {"brightness"}
    return frozenset(features)


def light_on(request: Request) -> Order:
    """Turn on, with the brightness and colour asked for; brightness 0 turns off."""
    if request.number("brightness_pct") == 0:
        return light_off(request)
    look, config = _look(request), request.config
    messages: tuple[Outgoing, ...]
    match config.text("schema", "default"):
        case "json":
            messages = (_json(config, look),)
        case "template":
            messages = (_template(config, look),)
        case _:
            messages = _default(request, look)
    wanted: Wanted = is_in("on")
    if look.percent is not None and _tells_brightness(config):
        wanted = both(wanted, near("brightness_pct", look.percent))
    return Order(messages, wanted)


def light_off(request: Request) -> Order:
    """Turn off."""
    config, retain = request.config, request.config.flag("retain")
    match config.text("schema", "default"):
        case "json":
            message = Outgoing.json(topic_of(config), {"state": "OFF"}, retain=retain)
        case "template":
            message = Outgoing(topic_of(config), _rendered(config, "command_off_template", {"state": "off"}), retain)
        case _:
            message = _plain(config, config.text("payload_off", "OFF"))
    return Order((message,), is_in("off"))


def _look(request: Request) -> Look:
    config, features = request.config, features_of_light(request.config)
    for value, feature in (("brightness_pct", "brightness"), ("color", "color"), ("color_temp_kelvin", "color_temp")):
        if request.values.get(value) is not None and feature not in features:
            raise Unsupported(f"it has no {feature}")
    percent, level = request.number("brightness_pct"), None
    if percent is not None:
        scale = brightness_scale(config)
        level = max(1, scale.level(min(100.0, max(0.0, percent))))
        percent = scale.percent(level)
    return Look(level, percent, _rgb(request.values.get("color")), _color_temp(request))


def _rgb(color: Value) -> tuple[int, int, int] | None:
    if color is None:
        return None
    if str(color) not in RGB:
        raise Unsupported("the colour is not known")
    return RGB[str(color)]


def _color_temp(request: Request) -> int | None:
    kelvin = request.number("color_temp_kelvin")
    if kelvin is None:
        return None
    if not 1000 <= kelvin <= 20_000:
        raise Unsupported("a colour temperature is 1000 to 20000 kelvin")
    return round(kelvin if request.config.flag("color_temp_kelvin") else 1_000_000 / kelvin)


def _tells_brightness(config: Config) -> bool:
    match config.text("schema", "default"):
        case "json":
            return True
        case "template":
            return "brightness_template" in config
        case _:
            return "brightness_state_topic" in config


def _plain(config: Config, payload: str) -> Outgoing:
    if source := config.template("command_template"):
        payload = render(source, {"value": payload})
    return Outgoing(topic_of(config), payload, config.flag("retain"))


def _default(request: Request, look: Look) -> tuple[Outgoing, ...]:
    config, kind = request.config, request.config.text("on_command_type", "last")
    level = look.level
    if kind == "brightness" and level is None:
        before = request.state.attributes.get("brightness_pct")
        percent = before if isinstance(before, int | float) and before > 0 else 100
        level = max(1, brightness_scale(config).level(percent))
    attributes = []
    if level is not None:
        attributes.append(_attribute(config, "brightness", level, {"value": level}))
    if look.rgb is not None:
        attributes.append(_colored(config, look.rgb))
    if look.color_temp is not None:
        attributes.append(_attribute(config, "color_temp", look.color_temp, {"value": look.color_temp}))
    if kind == "brightness":
        return tuple(attributes)
    on = _plain(config, config.text("payload_on", "ON"))
    return (on, *attributes) if kind == "first" else (*attributes, on)


def _attribute(config: Config, name: str, payload: object, values: dict[str, object]) -> Outgoing:
    text = str(payload)
    if source := config.template(f"{name}_command_template"):
        text = render(source, values)
    return Outgoing(topic_of(config, f"{name}_command_topic"), text, config.flag("retain"))


def _colored(config: Config, rgb: tuple[int, int, int]) -> Outgoing:
    mode = next((mode for mode in COLOR_MODES if f"{mode}_command_topic" in config), "rgb")
    parts: tuple[float, ...]
    names: tuple[str, ...]
    match mode:
        case "hs":
            parts = to_hs(rgb)
            names = ("hue", "sat")
        case "xy":
            parts = to_xy(rgb)
            names = ("x", "y")
        case _:
            names = ("red", "green", "blue", "white", "cold_white", "warm_white")[: 3 + mode.count("w")]
            parts = (*rgb, *(0,) * mode.count("w"))
    values: dict[str, object] = dict(zip(names, parts, strict=False))
    return _attribute(config, mode, ",".join(f"{part:g}" for part in parts), values)


def _json(config: Config, look: Look) -> Outgoing:
    body: dict[str, object] = {"state": "ON"}
    if look.level is not None:
        body["brightness"] = look.level
    if look.rgb is not None:
        body["color"] = _json_color(config, look.rgb)
    if look.color_temp is not None:
        body["color_temp"] = look.color_temp
    return Outgoing.json(topic_of(config), body, retain=config.flag("retain"))


def _json_color(config: Config, rgb: tuple[int, int, int]) -> dict[str, float]:
    modes = config.texts("supported_color_modes")
    mode = next((mode for mode in COLOR_MODES if mode in modes), "rgb")
    if mode == "xy":
        return dict(zip("xy", to_xy(rgb), strict=True))
    if mode == "hs":
        return dict(zip("hs", to_hs(rgb), strict=True))
    white = {"rgbw": ("w",), "rgbww": ("c", "w")}.get(mode, ())
    return {**dict(zip("rgb", rgb, strict=True)), **dict.fromkeys(white, 0)}


def _template(config: Config, look: Look) -> Outgoing:
    values: dict[str, object] = {"state": "on"}
    if look.level is not None:
        values["brightness"] = look.level
    if look.rgb is not None:
        values |= dict(zip(("red", "green", "blue"), look.rgb, strict=True))
        values["hue"], values["sat"] = to_hs(look.rgb)
    if look.color_temp is not None:
        values["color_temp_kelvin" if config.flag("color_temp_kelvin") else "color_temp"] = look.color_temp
    return Outgoing(topic_of(config), _rendered(config, "command_on_template", values), config.flag("retain"))


def _rendered(config: Config, key: str, values: dict[str, object]) -> str:
    source = config.template(key)
    if source is None:
        raise Unsupported(f"it has no {key}")
    return render(source, values)
