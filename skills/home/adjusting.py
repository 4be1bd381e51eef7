"""Setting anything to a number or to one of its options, and more or less of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.sdk import AreaName, Context, Entity, EntityName, Number, Option, Outcome, Skill, Text, intent

from . import choices, tell
from .act import Deed, do_all
from .alarm import with_code
from .openings import moved_to
from .targets import Found, Kinds, find, names_of
from .values import arming_from, color_from, kelvin_from, mode_from, speed_from

_PERCENT = frozenset({"light", "cover", "valve", "fan", "humidifier", "media_player"})
_COUNTED = _PERCENT | {"number", "input_number", "climate", "water_heater"}
_CHOOSING = frozenset(
    {"light", "climate", "water_heater", "humidifier", "fan", "vacuum", "select", "alarm_control_panel"}
)
_CLIMATE_MODES = frozenset({"auto", "cool", "heat", "dry", "fan_only", "heat_cool", "off"})


class Adjusting(Skill):
    """Set things to a number or an option."""

    @intent()
    async def set_number(self, ctx: Context, name: EntityName, value: Number) -> Outcome:
        """Set something to a number: a brightness, a temperature, a speed, a volume, whatever it has."""
        found = find(ctx, {"entity_id": name}, Kinds(_COUNTED))
        if isinstance(found, Outcome):
            return found
        return await _to_number(ctx, found, value)

    @intent()
    async def choose(self, ctx: Context, name: EntityName, option: Option) -> Outcome:
        """Set something to one of its modes, presets, programs, colours or effects."""
        found = find(ctx, {"entity_id": name}, Kinds(_CHOOSING))
        if isinstance(found, Outcome):
            return found
        if found.entities[0].domain == "alarm_control_panel" and (verb := arming_from(option, ctx.language)):
            return await with_code(ctx, found.entities[0], Deed(verb, key="alarm_set"), None)
        deed = _option_deed(ctx, found.entities[0], option)
        return _cannot(found) if deed is None else await do_all(ctx, found, choices.offered(found.entities[0], deed))

    @intent()
    async def show_effect(self, ctx: Context, name: EntityName, option: Option) -> Outcome:
        """Let a light show an effect."""
        found = find(ctx, {"entity_id": name}, Kinds(frozenset({"light"})))
        if isinstance(found, Outcome):
            return found
        deed = choices.offered(found.entities[0], _chosen("turn_on", "effect", option))
        return await do_all(ctx, found, deed)

    @intent()
    async def options_of(self, ctx: Context, name: EntityName) -> Outcome:
        """Tell what something can be set to."""
        found = find(ctx, {"entity_id": name}, Kinds(_CHOOSING | _COUNTED))
        return found if isinstance(found, Outcome) else choices.told(found.entities[0])

    @intent()
    async def increase(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """More of something: by so much, or a step."""
        return await shift(ctx, name, 1, by)

    @intent()
    async def decrease(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """Less of something: by so much, or a step."""
        return await shift(ctx, name, -1, by)

    @intent()
    async def set_humidity(
        self, ctx: Context, percent: Number, name: EntityName | None = None, area: AreaName | None = None
    ) -> Outcome:
        """Set the wanted humidity."""
        slots = {"entity_id": name} if name else {"area": area}
        found = find(ctx, slots, Kinds(frozenset({"humidifier"})))
        if isinstance(found, Outcome):
            return found
        return await do_all(ctx, found, _humidity(percent))

    @intent()
    async def show_text(self, ctx: Context, text: Text, name: EntityName) -> Outcome:
        """Show words on a display."""
        found = find(ctx, {"entity_id": name}, Kinds(frozenset({"text", "notify"})))
        if isinstance(found, Outcome):
            return found
        verbs = {"text": ("set_text", "text"), "notify": ("send_message", "message")}
        verb = verbs.get(found.entities[0].domain)
        if verb is None:
            return _cannot(found)
        return await do_all(ctx, found, Deed(verb[0], {verb[1]: text}, "shown", sent="shown_blind"))


def number_deed(entity: Entity, value: float) -> Deed | None:
    """What a bare number means to a thing; None where it means nothing."""
    make = _NUMBERS.get(entity.domain)
    return make(value) if make else None


async def _to_number(ctx: Context, found: Found, value: float) -> Outcome:
    entity = found.entities[0]
    if entity.domain in _PERCENT and not 0 <= value <= 100:
        return Outcome.refused("percent")
    deed = number_deed(entity, value)
    if deed is None:
        return _cannot(found)
    if deed.verb == "set_temperature" and ctx.home.state(entity.id).value == "off":
        deed = replace(deed, key="temperature_set_off")
    return await do_all(ctx, found, deed)


def _level(value: float) -> Deed:
    if value == 0:
        return Deed("turn_off")
    return Deed("turn_on", {"brightness_pct": value}, "brightness", {"brightness": value})


def _humidity(value: float) -> Deed:
    return Deed("set_humidity", {"humidity": value}, "humidity_set", {"percent": value}, unable="out_of_range")


def _degrees(value: float) -> Deed:
    return Deed(
        "set_temperature", {"temperature": value}, "temperature_set", {"temperature": value}, unable="out_of_range"
    )


_NUMBERS: Mapping[str, Callable[[float], Deed]] = {
    "light": _level,
    "cover": moved_to,
    "valve": moved_to,
    "fan": lambda value: Deed("set_percentage", {"percentage": value}, "fan_speed", {"speed": value}),
    "humidifier": _humidity,
    "media_player": lambda value: Deed("set_volume", {"volume_pct": value}, "volume_set", {"percent": value}),
    "number": lambda value: Deed("set_value", {"value": value}, "value_set", {"value": value}, unable="out_of_range"),
    "climate": _degrees,
    "water_heater": _degrees,
}


def _option_deed(ctx: Context, entity: Entity, option: str) -> Deed | None:
    match entity.domain:
        case "light":
            return _look(ctx, option)
        case "climate":
            mode = mode_from(option, ctx.language) or option
            is_mode = mode in _CLIMATE_MODES
            return _chosen("set_mode", "mode", mode, option) if is_mode else _chosen("set_preset", "preset", option)
        case "water_heater" | "humidifier":
            return _chosen("set_mode", "mode", option)
        case "fan":
            return _pace(ctx, entity, option)
        case "vacuum":
            return _chosen("set_fan_speed", "fan_speed", option)
        case "select":
            return _chosen("select", "option", option)
        case _:
            return None


def _look(ctx: Context, option: str) -> Deed:
    if (kelvin := kelvin_from(option, ctx.language)) is not None:
        return Deed("turn_on", {"color_temp_kelvin": kelvin}, "option", {"option": option})
    color = color_from(option, ctx.language)
    if color is not None:
        return Deed("turn_on", {"color": color}, "option", {"option": option})
    return _chosen("turn_on", "effect", option)


def _pace(ctx: Context, entity: Entity, option: str) -> Deed:
    speed = speed_from(option, ctx.language)
    if speed is not None and "percentage" in entity.features:
        return Deed("set_percentage", {"percentage": speed}, "option", {"option": option})
    return _chosen("set_preset", "preset", option)


def _chosen(verb: str, value: str, option: str, said: str = "") -> Deed:
    told = said or option
    return Deed(verb, {value: option}, "option", {"option": told}, unable="no_such_option")


def _cannot(found: Found) -> Outcome:
    return Outcome.refused("unsupported", names=names_of(found.entities))


# ── more and less ────────────────────────────────────────────────────────────────────────────────

_SHIFTED: Mapping[str, tuple[str, float, float, float]] = {
    "light": ("brightness_pct", 20, 1, 100),
    "cover": ("position", 20, 0, 100),
    "valve": ("position", 20, 0, 100),
    "fan": ("percentage", 20, 0, 100),
    "humidifier": ("humidity", 5, 0, 100),
    "media_player": ("volume_pct", 10, 0, 100),
    "climate": ("temperature", 1, -50, 150),
    "water_heater": ("temperature", 5, -50, 250),
    "number": ("", 1, -1e9, 1e9),
}
"""What is shifted (empty: the state itself), by how much where nobody says, and between which ends."""


async def shift(ctx: Context, name: str, sign: int, by: float | None) -> Outcome:
    """More (1) or less (-1) of a thing that has a name."""
    found = find(ctx, {"entity_id": name}, Kinds(_COUNTED))
    if isinstance(found, Outcome):
        return found
    entity = found.entities[0]
    known = _SHIFTED.get(entity.domain)
    if known is None:
        return _cannot(found)
    attribute, step, low, high = known
    now = _now(ctx, entity, attribute)
    if now is None:
        return tell.unknown(ctx, found.entities)
    target = min(high, max(low, now + sign * (step if by is None else by)))
    return await _to_number(ctx, found, round(target, 2))


def _now(ctx: Context, entity: Entity, attribute: str) -> float | None:
    state = ctx.home.state(entity.id)
    value = state.attributes.get(attribute) if attribute else state.value
    if entity.domain in ("light", "fan") and state.value == "off":
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and state.is_available else None
