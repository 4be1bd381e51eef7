"""Whatever arrives on any topic: nothing raises, and what works goes on working."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.core.home import Action
from assistant.home.command import Unsupported, order_for
from assistant.home.config import ConfigFault
from assistant.home.discovery import DiscoveryFault, read_discovery
from assistant.home.feeds import FEEDS
from assistant.home.template import TemplateFault
from tests.home.parts import NOON, PREFIX, House

FORMS: dict[str, dict[str, Any]] = {
    "light": {
        "~": "hall/lamp", "name": None, "schema": "json", "cmd_t": "~/set", "stat_t": "~", "brightness": True,
        "bri_scl": 254, "sup_clrm": ["xy", "color_temp"], "uniq_id": "u1", "avty": [{"t": "bridge/state"}],
        "dev": {"ids": ["0x01"], "name": "Lamp", "sa": "Hall"},
    },
    "cover": {
        "name": "Blind", "cmd_t": "b/set", "stat_t": "b", "pos_t": "b/p", "set_pos_t": "b/p/set", "pos_clsd": 100,
        "pos_open": 0, "val_tpl": "{{ value_json.state }}", "uniq_id": "u2", "avty_t": "b/online", "dev_cla": "blind",
    },
    "climate": {
        "name": "Heat", "mode_cmd_t": "h/m/set", "mode_stat_t": "h", "mode_stat_tpl": "{{ value_json.m }}",
        "temp_cmd_t": "h/t/set", "temp_stat_t": "h", "temp_stat_tpl": "{{ value_json.t }}", "min_temp": "5",
        "max_temp": "30", "modes": ["off", "heat"], "uniq_id": "u3",
    },
    "fan": {
        "name": "Fan", "cmd_t": "f/set", "stat_t": "f", "pct_cmd_t": "f/p/set", "pct_stat_t": "f/p", "spd_rng_max": 3,
        "uniq_id": "u4",
    },
    "sensor": {"name": "T", "stat_t": "t", "val_tpl": "{{ value_json.t | round(1) }}", "unit_of_meas": "°C"},
    "lock": {"name": "Door", "cmd_t": "d/set", "stat_t": "d", "stat_locked": 255, "stat_unlocked": 0, "uniq_id": "u5"},
    "device": {
        "dev": {"ids": "d1", "name": "Plug"}, "o": {"name": "x"}, "stat_t": "p", "avty_mode": "all",
        "cmps": {"relay": {"p": "switch", "uniq_id": "u6", "cmd_t": "p/set"}, "w": {"p": "sensor", "uniq_id": "u7"}},
    },
}  # fmt: skip
"""Announcements as programs in the field write them, one of each kind."""
TOPICS = ("hall/lamp", "b", "b/p", "b/online", "h", "f", "f/p", "t", "d", "p", "bridge/state")
VERBS = ("turn_on", "turn_off", "toggle", "open", "set_position", "set_temperature", "set_mode", "set_percentage")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _home() -> House:
    house = House()
    for component, form in FORMS.items():
        house.send(f"{PREFIX}/{component}/good/config", form)
    assert len(house.registry) == 8
    return house


def _try(house: House, topic: str, raw: bytes) -> None:
    with suppress(DiscoveryFault):
        house.registry.take_discovery(read_discovery(PREFIX, topic, raw))


def _use(house: House) -> None:
    """Everything that is announced can be asked for, told and commanded, or says why not."""
    for topic in TOPICS:
        house.tell(topic, "ON")
    for entity in house.registry.view().entities:
        known = house.registry.find(entity.id)
        assert known is not None
        for verb in VERBS:
            values = {"brightness_pct": 40, "position": 40, "temperature": 20, "mode": "heat", "percentage": 40}
            with suppress(Unsupported, TemplateFault, ConfigFault):
                order_for(known.announced, Action(entity.id, verb, values), known.state)


@given(raw=st.binary(max_size=300), component=st.sampled_from([*FORMS, "nonsense"]))
@QUICK
def test_any_bytes_but_none_leave_the_home_as_it_is(raw: bytes, component: str) -> None:
    house = _home()
    _try(house, f"{PREFIX}/{component}/good/config", raw or b"?")
    assert len(house.registry) >= 8


@given(value=ANY_JSON, component=st.sampled_from(list(FORMS)))
@QUICK
def test_any_json_leaves_what_works_working(value: Any, component: str) -> None:
    house = _home()
    _try(house, f"{PREFIX}/{component}/good/config", json.dumps(value).encode())
    _use(house)
    assert len(house.registry) >= 8


@given(data=st.data(), component=st.sampled_from([name for name in FORMS if name != "device"]))
@QUICK
def test_a_real_form_with_one_key_gone_wrong_never_removes(data: st.DataObject, component: str) -> None:
    form = dict(FORMS[component])
    form[data.draw(st.sampled_from(list(form)))] = data.draw(ANY_JSON)
    house = _home()
    _try(house, f"{PREFIX}/{component}/good/config", json.dumps(form).encode())
    _use(house)
    assert any(entity.domain == component for entity in house.registry.view().entities)


@given(data=st.data(), part=st.sampled_from(["relay", "w"]))
@QUICK
def test_a_device_form_with_one_part_gone_wrong_never_removes(data: st.DataObject, part: str) -> None:
    form = json.loads(json.dumps(FORMS["device"]))
    form["cmps"][part][data.draw(st.sampled_from(["p", "uniq_id", "cmd_t", "stat_t"]))] = data.draw(ANY_JSON)
    house = _home()
    _try(house, f"{PREFIX}/device/good/config", json.dumps(form).encode())
    _use(house)
    assert len(house.registry) >= 8


@given(data=st.data(), component=st.sampled_from(list(FORMS)))
@QUICK
def test_damaged_bytes_of_a_real_form_never_raise(data: st.DataObject, component: str) -> None:
    raw = bytearray(json.dumps(FORMS[component]).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    house = _home()
    _try(house, f"{PREFIX}/{component}/good/config", bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    _use(house)
    assert len(house.registry) >= 7


@given(
    topic=st.sampled_from(TOPICS), raw=st.binary(max_size=200) | ANY_JSON.map(lambda each: json.dumps(each).encode())
)
@QUICK
def test_any_state_message_is_borne(topic: str, raw: bytes) -> None:
    house = _home()
    house.registry.take_state(topic, raw, NOON)
    _use(house)


@given(
    number=st.sampled_from(["NaN", "Infinity", "-Infinity", "1e999", "1" * 5000, "-0", "true", "null", '"x"', "[]"]),
    topic=st.sampled_from(TOPICS),
)
@QUICK
def test_odd_numbers_are_borne(number: str, topic: str) -> None:
    house = _home()
    for text in (number, f'{{"brightness": {number}, "color_temp": {number}, "state": {number}, "t": {number}}}'):
        house.registry.take_state(topic, text.encode(), NOON)
    _use(house)


@pytest.mark.parametrize("component", sorted(FEEDS))
@pytest.mark.parametrize("value", [None, True, 7, "x", [], {}, [1], "~", "a/#", float("nan")])
def test_every_key_of_every_component_may_be_of_the_wrong_kind(component: str, value: Any) -> None:
    keys = (
        "state_topic", "brightness_scale", "position_open", "position_closed", "speed_range_min", "speed_range_max",
        "min_temp", "max_temp", "modes", "supported_color_modes", "availability", "availability_topic", "payload_on",
        "availability_mode", "device", "name", "unique_id", "object_id", "schema", "value_template", "~", "retain",
        "device_class", "unit_of_measurement", "on_command_type", "color_temp_kelvin", "reports_position",
    )  # fmt: skip
    house = House()
    for key in keys:
        form = {"name": key, "command_topic": "c", "state_topic": "s", "unique_id": key, key: value}
        _try(house, f"{PREFIX}/{component}/{key}/config", json.dumps(form).encode())
    _use(house)


def test_a_fault_is_logged_once_a_topic(caplog: pytest.LogCaptureFixture) -> None:
    house = House()
    house.announce("climate", name="X", mode_command_topic="m", current_temperature_topic="t")
    for _ in range(5):
        house.tell("t", "warm")
    assert len(caplog.records) == 1
    assert "warm" not in str(vars(caplog.records[0]))


def test_there_is_a_bound_on_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.home.registry.MAX_ENTITIES", 10)
    house = House()
    for number in range(20):
        house.send(f"{PREFIX}/switch/s{number}/config", {"name": f"S {number}", "command_topic": "c"})
    assert len(house.registry) == 10
