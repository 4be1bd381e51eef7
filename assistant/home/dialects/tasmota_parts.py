"""The relays, lights, shutters, fans, buttons and switches of a Tasmota device, told in Home Assistant's form; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.home.config import Config
from assistant.home.dialects.tasmota_device import SHUTTER, TasmotaDevice, was_given_by_firmware
from assistant.home.dialects.tasmota_words import word
from assistant.home.discovery import Announced, ComponentKey, Origin

RELAY, LIGHT = 1, 2
"""What a relay is for."""
DIMMER, COLD_WARM, RGB, RGBW, RGBCW = 1, 2, 3, 4, 5
"""What a light can be: 0 is on and off alone."""
WIDE_MIREDS, NARROW_MIREDS = (153, 500), (200, 380)
FAN_SPEEDS = 3
DEFAULT_SPEED = 2
MAX_SHUTTERS = 4
INVERTED = 1
RESULT_BY_COMMAND, AS_LIGHTS, CHANNELS, BUTTONS_TELL, NARROW_WHITE, SWITCHES_TELL = 4, 30, 68, 73, 82, 114
"""SetOptions."""
PRESSES = ("SINGLE", "DOUBLE", "TRIPLE", "QUAD", "PENTA", "HOLD")
_STATUS = "{% set s = value_json.StatusSTS if value_json.StatusSTS is defined else value_json %}"
"""An answer to a question has its state one level deeper."""
_ANSWER = (
    "{% set s = value_json.StatusSNS if value_json.StatusSNS is defined else "
    "value_json.StatusSTS if value_json.StatusSTS is defined else value_json %}"
)
"""The same of a part that is told among the readings."""
_HEX = "'0123456789ABCDEF'"
_COLOR = (
    _STATUS + "{% set c = s.Color|default('')|upper %}"
    "{% set p = c.split(',')[:3]|map('int', 0)|list if ',' in c else ["
    + ",".join(f"{_HEX}.find(c[{at}]) * 16 + {_HEX}.find(c[{at + 1}])" for at in (0, 2, 4))
    + "] if c|length > 5 else [] %}{% set m = p|max if p|length == 3 else 0 %}{% if m > 0 %}"
    + ",".join(f"{{{{ (p[{at}] * 255 / m)|round|int }}}}" for at in (0, 1, 2))
    + "{% endif %}"
)
"""Its colour as bright as can be: what it tells is dimmed. Without a colour (white alone), nothing."""

ORIGIN = Origin("Tasmota")


def parts_of(device: TasmotaDevice) -> list[Announced]:
    """All of them, in the order of the relays."""
    return [
        *_relays(device), *_covers(device), *_fans(device), *_buttons(device), *_switches(device)
    ]  # fmt: skip


def announced(device: TasmotaDevice, component: str, part: str, called: str, config: Mapping[str, object],
              also: tuple[str, ...]) -> Announced:  # fmt: skip
    """One component of a device; `part` tells it apart there."""
    unique = f"{device.mac}_{component}_{part}"
    common = {
        "unique_id": unique,
        "availability_topic": device.report("LWT"),
        "payload_available": device.words.online,
        "payload_not_available": device.words.offline,
    }
    key = ComponentKey(component, device.mac, unique)
    written = Config({"name": None, **common, **config})
    return Announced(key, component, part, device.facts, written, origin=ORIGIN, called=called, also_topics=also)


# ── relays and lights ────────────────────────────────────────────────────────────────────────────


def _relays(device: TasmotaDevice) -> Iterator[Announced]:
    used = [index for index, kind in enumerate(device.relays) if kind in (RELAY, LIGHT)]
    for index in used:
        is_lamp = device.relays[index] == LIGHT or device.has(AS_LIGHTS) or (device.is_fan and index == 0)
        config: dict[str, object] = {"name": device.friendly_name(index) or None, **_switched(device, index)}
        if device.relays[index] == LIGHT and not device.is_fan:
            config |= _dimmed(device, index)
        yield announced(
            device, "light" if is_lamp else "switch", f"relay_{index + 1}", device.called(index, len(used)), config,
            _also(device, f"POWER{index + 1}", "POWER", "DIMMER", "COLOR", "CT"),
        )  # fmt: skip


def _also(device: TasmotaDevice, *commands: str) -> tuple[str, ...]:
    """Where else a state is told; some devices reply to each command on a topic of its own."""
    own = tuple(device.reply(each) for each in commands) if device.has(RESULT_BY_COMMAND) else ()
    return (device.report("STATE"), device.reply("STATUS11"), *own)


def _switched(device: TasmotaDevice, index: int) -> dict[str, object]:
    key = f"POWER{index + 1}"
    # a device with one relay leaves the number out
    told = f"s.{key} if s.{key} is defined else s.POWER" if index == 0 else f"s.{key}"
    template = f"{_STATUS}{{{{ {told} }}}}"
    return {
        "command_topic": device.command(f"Power{index + 1}"),
        "state_topic": device.reply("RESULT"),
        "payload_off": device.words.off,
        "payload_on": device.words.on,
        "value_template": template,
        "state_value_template": template,
    }


def _dimmed(device: TasmotaDevice, index: int) -> dict[str, object]:
    kind, dimmer = device.light_subtype, "Dimmer"
    first = device.relays.index(LIGHT)
    told = "Dimmer"
    if device.has(CHANNELS):
        kind, dimmer, told = DIMMER, f"Channel{index + 1}", f"Channel{index + 1}"
    elif kind >= RGBW and not device.is_linked and device.relays.count(LIGHT) > 1:
        # two lights of their own: one in colour, one in white
        dimmer = told = f"Dimmer{index - first + 1}"
        kind = RGB if index == first else DIMMER if kind == RGBW else COLD_WARM
    elif device.is_tuya:
        dimmer = "Dimmer3"
    config: dict[str, object] = {}
    if kind >= DIMMER:
        config |= _attribute(device, "brightness", dimmer, f"{_STATUS}{{{{ s.{told} }}}}")
        config["brightness_scale"] = 100
    if kind in (COLD_WARM, RGBCW):
        config |= _attribute(device, "color_temp", "CT", f"{_STATUS}{{{{ s.CT }}}}")
        config["min_mireds"], config["max_mireds"] = NARROW_MIREDS if device.has(NARROW_WHITE) else WIDE_MIREDS
    if kind >= RGB:
        config |= _attribute(device, "rgb", "Color2", _COLOR)
    if kind == RGBW:
        config |= {"white_command_topic": device.command("White"), "white_scale": 100}
    return config


def _attribute(device: TasmotaDevice, name: str, command: str, template: str) -> dict[str, object]:
    return {
        f"{name}_command_topic": device.command(command),
        f"{name}_state_topic": device.reply("RESULT"),
        f"{name}_value_template": template,
    }


# ── shutters and fans ────────────────────────────────────────────────────────────────────────────


def _covers(device: TasmotaDevice) -> Iterator[Announced]:
    """Each shutter takes two relays beside each other."""
    pairs, index = [], 0
    while index < len(device.relays):
        if device.relays[index : index + 2] == (SHUTTER, SHUTTER):
            pairs.append(index)
            index += 1
        index += 1
    for number, _ in enumerate(pairs[:MAX_SHUTTERS], 1):
        config = {"name": device.friendly_name(number - 1) or None, **_shutter(device, number)}
        yield announced(
            device, "cover", f"shutter_{number}", device.called(number - 1, len(pairs)), config,
            (*_also(device, f"SHUTTER{number}", f"SHUTTERPOSITION{number}"),
             device.report("SENSOR"), device.reply("STATUS10")),
        )  # fmt: skip


def _shutter(device: TasmotaDevice, number: int) -> dict[str, object]:
    options = device.shutter_options[number - 1] if number <= len(device.shutter_options) else 0
    is_inverted, told = bool(options & INVERTED), f"s.Shutter{number}"
    up, closed = ("<", 100) if is_inverted else (">", 0)
    config: dict[str, object] = {
        "open_command_topic": device.command(f"ShutterOpen{number}"),
        "close_command_topic": device.command(f"ShutterClose{number}"),
        "stop_command_topic": device.command(f"ShutterStop{number}"),
        "payload_open": "",
        "payload_close": "",
        "payload_stop": "",
        "set_position_topic": device.command(f"ShutterPosition{number}"),
        "position_open": 0 if is_inverted else 100,
        "position_closed": closed,
        "position_topic": device.reply("RESULT"),
        "position_template": f"{_ANSWER}{{{{ {told}.Position }}}}",
        "state_topic": device.reply("RESULT"),
        "value_template": f"{_ANSWER}{{% if {told}.Direction is defined %}}"
        f"{{{{ 'opening' if {told}.Direction {up} 0 else ('closed' if {told}.Position == {closed} else 'open')"
        f" if {told}.Direction == 0 else 'closing' }}}}{{% endif %}}",
    }
    tilt = device.shutter_tilts[number - 1] if number <= len(device.shutter_tilts) else ()
    if len(tilt) >= 2 and tilt[0] < tilt[1]:
        config |= {
            "tilt_command_topic": device.command(f"ShutterTilt{number}"),
            "tilt_status_topic": device.reply("RESULT"),
            "tilt_status_template": f"{_ANSWER}{{{{ {told}.Tilt }}}}",
            "tilt_min": tilt[0],
            "tilt_max": tilt[1],
        }
    return config


def _fans(device: TasmotaDevice) -> Iterator[Announced]:
    if not device.is_fan:
        return
    speed = device.command("FanSpeed")
    config = {
        "name": None,
        "command_topic": speed,
        "payload_on": str(DEFAULT_SPEED),
        "payload_off": "0",
        "state_topic": device.reply("RESULT"),
        "state_on": "ON",
        "state_off": "OFF",
        "value_template": f"{_STATUS}{{% if s.FanSpeed is defined %}}"
        "{{ 'ON' if s.FanSpeed|int(0) > 0 else 'OFF' }}{% endif %}",
        "percentage_command_topic": speed,
        "percentage_state_topic": device.reply("RESULT"),
        "percentage_value_template": f"{_STATUS}{{{{ s.FanSpeed }}}}",
        "speed_range_min": 1,
        "speed_range_max": FAN_SPEEDS,
    }
    yield announced(device, "fan", "fan", device.spoken, config, _also(device, "FANSPEED"))


# ── what is pressed ──────────────────────────────────────────────────────────────────────────────


def _buttons(device: TasmotaDevice) -> Iterator[Announced]:
    if not device.has(BUTTONS_TELL):
        return
    for index, is_used in enumerate(device.buttons):
        if is_used:
            name, action = word("button", index + 1), f"value_json.Button{index + 1}.Action"
            config = {
                "name": name,
                "state_topic": device.reply("RESULT"),
                "event_types": list(PRESSES),
                "value_template": f'{{% if {action} is defined %}}{{"event_type": "{{{{ {action} }}}}"}}{{% endif %}}',
            }
            yield announced(device, "event", f"button_{index + 1}", f"{device.spoken} {name}", config, ())


def _switches(device: TasmotaDevice) -> Iterator[Announced]:
    """Contacts that are told of themselves, and do not merely work a relay."""
    if not device.has(SWITCHES_TELL):
        return
    for index, mode in enumerate(device.switches):
        if mode >= 0:
            own = device.switch_names[index] if index < len(device.switch_names) else ""
            name = own if own and not was_given_by_firmware(own) else word("switch", index + 1)
            key = f"Switch{index + 1}"
            config = {
                "name": name,
                "state_topic": device.reply("RESULT"),
                "payload_on": device.words.on,
                "payload_off": device.words.off,
                "value_template": "{% set v = (value_json.StatusSNS if value_json.StatusSNS is defined else value_json)"
                f".{key} %}}{{{{ v.Action if v.Action is defined else v }}}}",
            }
            called = own if name == own else f"{device.spoken} {name}"
            also = (device.report("SENSOR"), device.reply("STATUS10"))
            yield announced(device, "binary_sensor", f"switch_{index + 1}", called, config, also)
