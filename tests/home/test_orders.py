"""What is published for an action on each kind of component, and what counts as its effect."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.core.home import EntityState
from assistant.home.order import Unsupported
from assistant.home.template import TemplateFault
from tests.home.parts import House


def _house(component: str, **config: Any) -> tuple[House, str]:
    house = House()
    return house, house.announce(component, name="X", **config)


def _sent(component: str, config: dict[str, Any], verb: str, **values: Any) -> list[tuple[str, Any]]:
    house, entity_id = _house(component, **config)
    return house.sent(entity_id, verb, **values)


SET = {"command_topic": "x/set"}
JSON = {"schema": "json", "brightness": True, "brightness_scale": 254, **SET}


@pytest.mark.parametrize(
    ("component", "config", "verb", "payload"),
    [
        ("switch", {}, "turn_on", "ON"),
        ("switch", {"payload_off": 0}, "turn_off", "0"),
        ("light", {"payload_on": True}, "turn_on", "True"),
        ("lock", {}, "lock", "LOCK"),
        ("lock", {"payload_unlock": "0"}, "unlock", "0"),
        ("cover", {}, "open", "OPEN"),
        ("cover", {"payload_close": "DOWN"}, "close", "DOWN"),
        ("cover", {}, "stop", "STOP"),
        ("scene", {"payload_on": '{ "scene_recall": 4 }'}, "turn_on", {"scene_recall": 4}),
        ("button", {}, "press", "PRESS"),
        ("siren", {}, "turn_on", {"state": "ON"}),
        ("siren", {"command_template": "{{ value }}!"}, "turn_off", "OFF!"),
        ("humidifier", {}, "turn_on", "ON"),
        ("vacuum", {}, "start", "start"),
        ("vacuum", {"payload_return_to_base": "HOME"}, "return_to_base", "HOME"),
        ("switch", {"command_template": '{"relay": "{{ value }}"}'}, "turn_on", {"relay": "ON"}),
    ],
)
def test_simple_commands(component: str, config: dict[str, Any], verb: str, payload: Any) -> None:
    assert _sent(component, {**SET, **config}, verb) == [("x/set", payload)]


def test_a_payload_of_null_says_that_it_can_t() -> None:
    with pytest.raises(Unsupported, match="payload_stop"):
        _sent("cover", {**SET, "payload_stop": None}, "stop")


@pytest.mark.parametrize("verb", ["open", "set_temperature", "explode", ""])
def test_verbs_of_other_components_are_not_supported(verb: str) -> None:
    with pytest.raises(Unsupported):
        _sent("switch", SET, verb, temperature=20, position=5)


@pytest.mark.parametrize(
    ("scale", "percent", "level"),
    [(255, 100, "255"), (255, 50, "128"), (100, 40, "40"), (254, 1, "3"), (10, 1, "1"), (255, 250, "255")],
)
def test_brightness_on_the_device_s_scale(scale: int, percent: int, level: str) -> None:
    config = {**SET, "brightness_command_topic": "b/set", "brightness_scale": scale}
    assert _sent("light", config, "turn_on", brightness_pct=percent) == [("b/set", level), ("x/set", "ON")]


def test_brightness_nought_turns_off() -> None:
    config = {**SET, "brightness_command_topic": "b/set"}
    assert _sent("light", config, "turn_on", brightness_pct=0) == [("x/set", "OFF")]


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("last", [("b/set", "102"), ("x/set", "ON")]),
        ("first", [("x/set", "ON"), ("b/set", "102")]),
        ("brightness", [("b/set", "102")]),
    ],
)
def test_on_comes_before_or_after_or_not_at_all(kind: str, sent: list[tuple[str, str]]) -> None:
    config = {**SET, "brightness_command_topic": "b/set", "on_command_type": kind}
    assert _sent("light", config, "turn_on", brightness_pct=40) == sent


def test_a_light_that_knows_only_brightness_is_turned_on_as_bright_as_it_was() -> None:
    house, light = _house(
        "light",
        **SET,
        brightness_command_topic="b/set",
        brightness_state_topic="b",
        on_command_type="brightness",
    )
    assert house.sent(light, "turn_on") == [("b/set", "255")]
    house.tell("b", "51")
    assert house.sent(light, "turn_on") == [("b/set", "51")]


@pytest.mark.parametrize(
    ("modes", "color"),
    [
        (["rgb"], {"r": 255, "g": 0, "b": 0}),
        (["rgbw"], {"r": 255, "g": 0, "b": 0, "w": 0}),
        (["hs"], {"h": 0.0, "s": 100.0}),
        (["color_temp", "xy"], {"x": 0.701, "y": 0.299}),
    ],
)
def test_a_json_light_is_told_everything_at_once_in_a_colour_it_knows(modes: list[str], color: Any) -> None:
    sent = _sent("light", {**JSON, "supported_color_modes": modes}, "turn_on", brightness_pct=50, color="red")
    assert sent == [("x/set", {"state": "ON", "brightness": 127, "color": color})]


@pytest.mark.parametrize(("kelvin_too", "sent"), [(False, 250), (True, 4000)])
def test_colour_temperature_in_what_the_device_counts(kelvin_too: bool, sent: int) -> None:
    config = {**JSON, "supported_color_modes": ["color_temp"], "color_temp_kelvin": kelvin_too}
    assert _sent("light", config, "turn_on", color_temp_kelvin=4000) == [("x/set", {"state": "ON", "color_temp": sent})]


def test_colour_topics_of_the_default_form() -> None:
    assert _sent("light", {**SET, "rgb_command_topic": "rgb"}, "turn_on", color="red")[0] == ("rgb", "255,0,0")
    assert _sent("light", {**SET, "hs_command_topic": "hs"}, "turn_on", color="blue")[0] == ("hs", "240,100")
    config = {
        **SET,
        "rgb_command_topic": "rgb",
        "rgb_command_template": "#{{ '%02x%02x%02x' | format(red, green, blue) }}",
    }
    assert _sent("light", config, "turn_on", color="orange")[0] == ("rgb", "#ff8c00")


def test_a_template_light_gets_only_what_was_asked_for() -> None:
    config = {
        **SET,
        "schema": "template",
        "command_on_template": "{{ state }}{% if brightness is defined %} at {{ brightness }}{% endif %}",
        "command_off_template": "{{ state }}",
        "brightness_template": "{{ value }}",
    }
    assert _sent("light", config, "turn_on") == [("x/set", "on")]
    assert _sent("light", config, "turn_on", brightness_pct=100) == [("x/set", "on at 255")]
    assert _sent("light", config, "turn_off") == [("x/set", "off")]


@pytest.mark.parametrize(
    ("config", "values"),
    [
        (SET, {"brightness_pct": 40}),
        (SET, {"color": "red"}),
        ({**JSON, "supported_color_modes": ["rgb"]}, {"color": "infrared"}),
        ({**JSON, "supported_color_modes": ["color_temp"]}, {"color_temp_kelvin": 5}),
        ({"schema": "json", **SET}, {"brightness_pct": 40}),
    ],
)
def test_a_look_that_a_light_can_t_have_is_not_supported(config: dict[str, Any], values: dict[str, Any]) -> None:
    with pytest.raises(Unsupported):
        _sent("light", config, "turn_on", **values)


@pytest.mark.parametrize(
    ("opened", "closed", "percent", "level"),
    [(100, 0, 30, "30"), (0, 100, 30, "70"), (99, 0, 100, "99"), ("255", "0", 20, "51")],
)
def test_positions_on_the_device_s_scale(opened: object, closed: object, percent: int, level: str) -> None:
    config = {**SET, "set_position_topic": "p/set", "position_open": opened, "position_closed": closed}
    assert _sent("cover", config, "set_position", position=percent) == [("p/set", level)]


@pytest.mark.parametrize("position", [-1, 101, "half", None, True, float("nan")])
def test_positions_that_are_none_are_not_sent(position: Any) -> None:
    with pytest.raises(Unsupported):
        _sent("cover", {**SET, "set_position_topic": "p/set"}, "set_position", position=position)


def test_a_cover_without_commands_is_opened_by_position() -> None:
    assert _sent("cover", {"set_position_topic": "p/set"}, "open") == [("p/set", "100")]


def test_a_valve_that_reports_positions_takes_numbers() -> None:
    config = {**SET, "reports_position": True, "state_topic": "v"}
    assert _sent("valve", config, "close") == [("x/set", "0")]
    assert _sent("valve", config, "set_position", position=25) == [("x/set", "25")]


def test_a_temperature_inside_its_limits() -> None:
    config = {"temperature_command_topic": "t/set", "min_temp": "5", "max_temp": 30}
    assert _sent("climate", config, "set_temperature", temperature=21) == [("t/set", "21")]
    assert _sent("climate", config, "set_temperature", temperature=21.5) == [("t/set", "21.5")]
    for degrees in (4, 31, None, "warm", True):
        with pytest.raises(Unsupported):
            _sent("climate", config, "set_temperature", temperature=degrees)


def test_a_mode_that_it_has() -> None:
    config = {"mode_command_topic": "m/set", "modes": ["off", "cool", "heat"]}
    assert _sent("climate", config, "set_mode", mode="cool") == [("m/set", "cool")]
    assert _sent("climate", config, "turn_on") == [("m/set", "heat")]
    assert _sent("climate", config, "turn_off") == [("m/set", "off")]
    with pytest.raises(Unsupported):
        _sent("climate", config, "set_mode", mode="dry")


@pytest.mark.parametrize(
    ("low", "high", "percent", "level"),
    [(1, 100, 50, "50"), (1, 3, 50, "2"), (1, 3, 1, "1"), (1, 3, 100, "3"), (1, 254, 50, "127")],
)
def test_a_speed_between_two_is_the_faster(low: int, high: int, percent: int, level: str) -> None:
    config = {**SET, "percentage_command_topic": "p/set", "speed_range_min": low, "speed_range_max": high}
    assert _sent("fan", config, "set_percentage", percentage=percent) == [("p/set", level)]


def test_speed_nought_turns_off() -> None:
    assert _sent("fan", {**SET, "percentage_command_topic": "p"}, "set_percentage", percentage=0) == [("x/set", "OFF")]


def test_a_speed_that_the_device_rounds_is_still_confirmed() -> None:
    house, fan = _house(
        "fan",
        **SET,
        state_topic="s",
        percentage_command_topic="p/set",
        percentage_state_topic="p",
        speed_range_max=3,
    )
    order = house.order(fan, "set_percentage", percentage=50)
    house.tell("p", order.messages[0].payload)
    assert order.wanted is not None
    assert order.wanted(house.state(fan))


def test_brightness_that_the_device_rounds_is_still_confirmed() -> None:
    house, light = _house(
        "light", **SET, state_topic="s", brightness_command_topic="b", brightness_state_topic="b", brightness_scale=10
    )
    order = house.order(light, "turn_on", brightness_pct=44)
    house.tell("s", "ON")
    assert order.wanted is not None
    assert not order.wanted(house.state(light))
    house.tell("b", order.messages[0].payload)
    assert order.wanted(house.state(light))


def test_a_blind_on_its_way_is_confirmed() -> None:
    house, blind = _house("cover", set_position_topic="p/set", position_topic="p")
    house.tell("p", "0")
    order = house.order(blind, "set_position", position=60)
    assert order.wanted is not None
    assert not order.wanted(house.state(blind))
    house.tell("p", "5")
    assert order.wanted(house.state(blind))


def test_a_blind_that_moves_the_other_way_is_not_confirmed() -> None:
    house, blind = _house("cover", set_position_topic="p/set", position_topic="p")
    house.tell("p", "50")
    order = house.order(blind, "set_position", position=60)
    house.tell("p", "40")
    assert order.wanted is not None
    assert not order.wanted(house.state(blind))


@pytest.mark.parametrize(
    ("component", "config", "verb"),
    [
        ("switch", {}, "turn_on"),
        ("switch", {"state_topic": "s", "optimistic": True}, "turn_on"),
        ("scene", {}, "turn_on"),
        ("button", {}, "press"),
        ("cover", {"state_topic": "s"}, "stop"),
    ],
)
def test_where_no_state_can_show_the_effect_none_is_waited_for(
    component: str, config: dict[str, Any], verb: str
) -> None:
    house, entity_id = _house(component, **SET, **config)
    assert house.order(entity_id, verb).wanted is None


@pytest.mark.parametrize(("told", "payload"), [("ON", "OFF"), ("OFF", "ON"), ("None", "ON")])
def test_toggle_is_the_opposite_of_what_is_known(told: str, payload: str) -> None:
    house, plug = _house("switch", **SET, state_topic="s")
    house.tell("s", told)
    assert house.sent(plug, "toggle") == [("x/set", payload)]


def test_toggle_opens_and_closes_covers() -> None:
    house, cover = _house("cover", **SET, state_topic="s")
    house.tell("s", "open")
    assert house.sent(cover, "toggle") == [("x/set", "CLOSE")]
    house.tell("s", "closed")
    assert house.sent(cover, "toggle") == [("x/set", "OPEN")]


def test_a_device_that_asks_for_kept_commands_gets_them() -> None:
    for retain in (True, False):
        house, plug = _house("switch", **SET, retain=retain)
        assert [message.retain for message in house.order(plug, "turn_on").messages] == [retain]


def test_a_broken_command_template_is_told() -> None:
    with pytest.raises(TemplateFault):
        _sent("switch", {**SET, "command_template": "{{ value | nonsense }}"}, "turn_on")


def test_a_garage_door_keeps_its_device_class() -> None:
    house, door = _house("cover", **SET, device_class="garage")
    assert house.entity(door).device_class == "garage"


def test_an_unknown_state_confirms_nothing() -> None:
    house, plug = _house("switch", **SET, state_topic="s")
    wanted = house.order(plug, "turn_on").wanted
    assert wanted is not None
    assert not wanted(EntityState())
