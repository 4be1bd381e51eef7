"""Commands of lights, in the three forms that discovery knows: default, json, template; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assistant.core.home import EntityState
from assistant.home.colors import Rgb, to_hs
from assistant.home.config import Config
from assistant.home.looks import (
    PARTS,
    Look,
    color_mode,
    features_of_light,
    look_from,
    modes_of,
    parts_of,
    temperature_number,
)
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, both, has, is_in, near, topic_of
from assistant.home.scales import Scale, brightness_scale
from assistant.home.template import render

__all__ = ["features_of_light", "light_off", "light_on"]

_JSON_PARTS = {"rgb": "rgb", "rgbw": "rgbw", "rgbww": "rgbcw", "xy": "xy", "hs": "hs"}
_ALIKE = {"x": 0.02, "y": 0.02}
"""How far a part of a colour may be off; the parts of the other modes, by some whole numbers."""
MIRED_TOLERANCE = 12
"""Lamps take the nearest white that they can mix."""


def light_on(request: Request) -> Order:
    """Turn on, with the brightness and colour asked for; brightness 0 turns off."""
    if request.number("brightness_pct") == 0:
        return light_off(request)
    look, config = look_from(request), request.config
    messages: tuple[Outgoing, ...]
    match config.text("schema", "default"):
        case "json":
            messages = (_json(config, look),)
        case "template":
            messages = (_template(config, look),)
        case _:
            messages = _default(request, look)
    return Order(messages, _shown(request, look))


def light_off(request: Request) -> Order:
    """Turn off."""
    config, transition_s = request.config, request.number("transition")
    match config.text("schema", "default"):
        case "json":
            body: dict[str, object] = {"state": "OFF"}
            if transition_s is not None:
                body["transition"] = _short(transition_s)
            message = Outgoing.json(topic_of(config), body, retain=config.flag("retain"))
        case "template":
            values: dict[str, object] = {"state": "off"}
            if transition_s is not None:
                values["transition"] = _short(transition_s)
            message = _rendered(config, "command_off_template", values)
        case _:
            message = request.send(config.text("payload_off", "OFF"))
    return Order((message,), request.seen(is_in("off"), "state_topic", "brightness_state_topic"))


# ── effect ───────────────────────────────────────────────────────────────────────────────────────


def _shown(request: Request, look: Look) -> Wanted | None:
    """On, and as far as the device tells it, as bright and as white as asked for."""
    config = request.config
    wanted: Wanted = is_in("on")
    if look.percent is not None and _tells(config, "brightness"):
        wanted = both(wanted, near("brightness_pct", look.percent))
    if look.kelvin is not None and _tells(config, "color_temp"):
        wanted = both(wanted, _near_white(look.kelvin))
    if look.effect is not None and _tells(config, "effect"):
        wanted = both(wanted, has("effect", look.effect))
    if look.rgb is not None and isinstance(before := request.state.attributes.get("color"), str):
        mode = color_mode(config) or "rgb"
        parts = dict(zip(_JSON_PARTS[mode], parts_of(config, mode, look.rgb), strict=True))
        wanted = both(wanted, _recolored(before, parts))
    return request.seen(wanted, "state_topic", "brightness_state_topic")


def _tells(config: Config, what: str) -> bool:
    match config.text("schema", "default"):
        case "json":
            return "state_topic" in config
        case "template":
            return f"{what}_template" in config
        case _:
            return f"{what}_state_topic" in config


def _recolored(before: str, parts: Mapping[str, float]) -> Wanted:
    """The colour asked for, or at least another one than before: lamps tell the nearest that they can show, and not all
    tell it in the mode that they were told in."""

    def holds(state: EntityState) -> bool:
        now = str(state.attributes.get("color"))
        if now != before:
            return True
        told = json.loads(now) if now.startswith("{") and now.endswith("}") else {}
        return all(
            isinstance(told.get(name), int | float) and abs(told[name] - part) <= _ALIKE.get(name, 3)
            for name, part in parts.items()
        )

    return holds


def _near_white(kelvin: float) -> Wanted:
    def holds(state: EntityState) -> bool:
        now = state.attributes.get("color_temp_kelvin")
        is_number = isinstance(now, int | float) and now > 0
        return is_number and abs(1_000_000 / float(now or 1) - 1_000_000 / kelvin) <= MIRED_TOLERANCE

    return holds


# ── default ──────────────────────────────────────────────────────────────────────────────────────


def _default(request: Request, look: Look) -> tuple[Outgoing, ...]:
    config, kind = request.config, request.config.text("on_command_type", "last")
    attributes = [*_colors(request, look), *_brightness(request, look, needs_one=kind == "brightness")]
    if kind == "brightness":
        return tuple(attributes)
    on = request.send(config.text("payload_on", "ON"))
    return (on, *attributes) if kind == "first" else (*attributes, on)


def _colors(request: Request, look: Look) -> list[Outgoing]:
    config, found = request.config, []
    if look.rgb is not None:
        found.append(_colored(request, look.rgb))
    if look.kelvin is not None:
        found.append(_attribute(request, "color_temp", temperature_number(config, look.kelvin)))
    if look.effect is not None and "effect_command_topic" in config:
        found.append(_attribute(request, "effect", look.effect))
    if look.is_white:
        level = Scale(0, config.number("white_scale", 255)).level(look.percent or _percent_before(request.state))
        found.append(_attribute(request, "white", level))
    return found


def _brightness(request: Request, look: Look, *, needs_one: bool) -> list[Outgoing]:
    """As asked for; where a device is turned on by its brightness alone, else as bright as it was."""
    config, level = request.config, look.level
    if level is None and needs_one:
        level = max(1, brightness_scale(config).level(_percent_before(request.state)))
    if level is None or look.is_white:
        return []
    if "brightness_command_topic" not in config and look.rgb is None and color_mode(config) == "rgb":
        # a light that is told nothing but a colour is dimmed by a darker one
        grey = round((look.percent or 100) / 100 * 255)
        return [_colored(request, (grey, grey, grey))]
    if "brightness_command_topic" not in config:
        return []
    return [_attribute(request, "brightness", level)]


def _percent_before(state: EntityState) -> float:
    before = state.attributes.get("brightness_pct")
    return before if isinstance(before, int | float) and before > 0 else 100


def _attribute(request: Request, name: str, payload: object, **values: object) -> Outgoing:
    return request.send(payload, f"{name}_command_topic", f"{name}_command_template", **values)


def _colored(request: Request, rgb: Rgb) -> Outgoing:
    mode = color_mode(request.config) or "rgb"
    parts = parts_of(request.config, mode, rgb)
    return _attribute(
        request, mode, ",".join(f"{part:g}" for part in parts), **dict(zip(PARTS[mode], parts, strict=True))
    )


# ── json ─────────────────────────────────────────────────────────────────────────────────────────


def _json(config: Config, look: Look) -> Outgoing:
    body: dict[str, object] = {"state": "ON"}
    if look.level is not None and not look.is_white:
        body["brightness"] = look.level
    if look.rgb is not None:
        mode = color_mode(config) or "rgb"
        body["color"] = dict(zip(_JSON_PARTS[mode], parts_of(config, mode, look.rgb), strict=True))
    if look.is_white:
        body["white"] = look.level if look.level is not None else round(brightness_scale(config).high)
    if look.kelvin is not None:
        body["color_temp"] = temperature_number(config, look.kelvin)
    if look.effect is not None:
        body["effect"] = look.effect
    if look.transition_s is not None:
        body["transition"] = _short(look.transition_s)
    return Outgoing.json(topic_of(config), body, retain=config.flag("retain"))


def _short(number: float) -> float:
    return int(number) if number.is_integer() else number


# ── template ─────────────────────────────────────────────────────────────────────────────────────


def _template(config: Config, look: Look) -> Outgoing:
    values: dict[str, object] = {"state": "on"}
    if look.level is not None:
        values["brightness"] = look.level
    if look.rgb is not None and "rgb" in modes_of(config):
        values |= dict(zip(PARTS["rgb"], look.rgb, strict=True))
        values["hue"], values["sat"] = to_hs(look.rgb)
    if look.kelvin is not None:
        values["color_temp"] = temperature_number(config, look.kelvin)
        values["color_temp_kelvin"] = round(look.kelvin)
    if look.effect is not None:
        values["effect"] = look.effect
    if look.transition_s is not None:
        values["transition"] = _short(look.transition_s)
    return _rendered(config, "command_on_template", values)


def _rendered(config: Config, key: str, values: dict[str, object]) -> Outgoing:
    source = config.template(key)
    if source is None:
        raise Unsupported(f"it has no {key}")
    return Outgoing(topic_of(config), render(source, values), config.flag("retain"))
