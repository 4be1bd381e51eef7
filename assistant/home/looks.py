"""How a light is to look, in what its device understands: brightness on its scale, a colour mode it has; pure."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.home.colors import Rgb, from_kelvin, rgb_from, to_hs, to_rgbw, to_rgbww, to_xy
from assistant.home.config import Config
from assistant.home.order import Request, Unsupported
from assistant.home.scales import brightness_scale

COLOR_MODES = ("rgb", "rgbw", "rgbww", "xy", "hs")
"""The first of these that a light has is the one it is told colours in."""
PARTS = {
    "rgb": ("red", "green", "blue"),
    "rgbw": ("red", "green", "blue", "white"),
    "rgbww": ("red", "green", "blue", "cold_white", "warm_white"),
    "xy": ("x", "y"),
    "hs": ("hue", "sat"),
}
"""The numbers of a colour, as templates name them."""
NEUTRAL_KELVIN = 4000
"""What "white" means to a lamp that has nothing but warmer and colder whites."""
_OLD_FLAGS = ("rgb", "xy", "hs", "color_temp")


@dataclass(frozen=True, slots=True)
class Look:
    """How a light shall look; None: as it is."""

    level: int | None = None
    """Brightness on the device's scale."""
    percent: float | None = None
    """Brightness that this level stands for."""
    rgb: Rgb | None = None
    kelvin: float | None = None
    effect: str | None = None
    transition_s: float | None = None
    is_white: bool = False
    """By its white lamp alone."""


def modes_of(config: Config) -> frozenset[str]:
    """The colour modes of a light, however it announces them."""
    modes = {mode.casefold() for mode in config.texts("supported_color_modes")}
    match config.text("schema", "default"):
        case "json":
            modes |= {flag for flag in _OLD_FLAGS if config.flag(flag)}
        case "template":
            modes |= {"rgb"} if "red_template" in config else set()
            modes |= {"color_temp"} if "color_temp_template" in config else set()
        case _:
            topics = (*COLOR_MODES, "color_temp", "white")
            modes |= {mode for mode in topics if f"{mode}_command_topic" in config}
    return frozenset(modes)


def color_mode(config: Config) -> str | None:
    """The mode to tell colours in; None for a light without colours."""
    modes = modes_of(config)
    return next((mode for mode in COLOR_MODES if mode in modes), None)


def features_of_light(config: Config) -> frozenset[str]:
    """brightness, color, color_temp, effect."""
    modes, features = modes_of(config), set()
    if modes & set(COLOR_MODES):
        # a coloured light can show any white
        features |= {"color", "color_temp", "brightness"}
    if "color_temp" in modes:
        features.add("color_temp")
    is_dimmable = "brightness_command_topic" in config or "brightness_template" in config or config.flag("brightness")
    is_json = config.text("schema") == "json"
    if is_dimmable or modes - {"onoff", "color_temp"} or (is_json and "color_temp" in modes):
        features.add("brightness")
    if config.texts("effect_list"):
        features.add("effect")
    return frozenset(features)


def look_from(request: Request) -> Look:
    """What was asked for. Raises Unsupported for what the light hasn't got."""
    config = request.config
    percent, level = _brightness(request)
    kelvin = _kelvin(request)
    rgb, is_white = None, False
    if said := request.text("color"):
        rgb = rgb_from(said)
        if rgb is None:
            raise Unsupported("the colour is not known")
        modes = modes_of(config)
        if color_mode(config) is None:
            if said != "white" or not modes & {"color_temp", "white"}:
                raise Unsupported("it has no color")
            is_white, rgb = "white" in modes, None
            kelvin = None if is_white else _within(config, NEUTRAL_KELVIN)
        elif said == "white" and "white" in modes:
            is_white, rgb = True, None
    if kelvin is not None and "color_temp" not in modes_of(config):
        rgb, kelvin = from_kelvin(kelvin), None
    return Look(level, percent, rgb, kelvin, _effect(request), request.number("transition"), is_white)


def _brightness(request: Request) -> tuple[float | None, int | None]:
    percent = request.number("brightness_pct")
    if percent is None:
        return None, None
    if "brightness" not in features_of_light(request.config):
        raise Unsupported("it has no brightness")
    scale = brightness_scale(request.config)
    level = max(1, scale.level(min(100.0, max(0.0, percent))))
    return scale.percent(level), level


def _kelvin(request: Request) -> float | None:
    kelvin = request.number("color_temp_kelvin")
    if kelvin is None:
        return None
    if "color_temp" not in features_of_light(request.config):
        raise Unsupported("it has no color_temp")
    if not 1000 <= kelvin <= 20_000:
        raise Unsupported("a colour temperature is 1000 to 20000 kelvin")
    return _within(request.config, kelvin)


def _within(config: Config, kelvin: float) -> float:
    """As near as the lamp comes to it."""
    coldest, warmest = kelvin_range(config)
    return min(coldest, max(warmest, kelvin))


def kelvin_range(config: Config) -> tuple[float, float]:
    """The coldest and the warmest white."""
    coldest = config.number("max_kelvin", 0) or 1_000_000 / max(1, config.number("min_mireds", 153))
    warmest = config.number("min_kelvin", 0) or 1_000_000 / max(1, config.number("max_mireds", 500))
    return (coldest, warmest) if coldest >= warmest else (warmest, coldest)


def temperature_number(config: Config, kelvin: float) -> int:
    """In what the device counts: mireds or kelvin."""
    return round(kelvin if config.flag("color_temp_kelvin") else 1_000_000 / kelvin)


def _effect(request: Request) -> str | None:
    if not request.text("effect"):
        return None
    return request.option("effect", request.config.texts("effect_list"))


def parts_of(config: Config, mode: str, rgb: Rgb) -> tuple[float, ...]:
    """The numbers of a colour in that mode."""
    match mode:
        case "hs":
            return to_hs(rgb)
        case "xy":
            return to_xy(rgb)
        case "rgbw":
            return to_rgbw(rgb)
        case "rgbww":
            coldest, warmest = kelvin_range(config)
            return to_rgbww(rgb, 2 * coldest * warmest / (coldest + warmest))
        case _:
            return rgb
