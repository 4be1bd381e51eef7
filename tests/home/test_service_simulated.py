"""The simulated home over a real broker does what it is told, or fails as devices do."""

from __future__ import annotations

import pytest

from assistant.core.home import Action, ActionStatus, Value
from assistant.home import SimulatedHome
from tests.home.brokers import Embedded, TestBroker, running
from tests.home.houses import House, house, simulated, until

pytestmark = pytest.mark.broker


async def test_the_simulated_home_does_what_it_is_told(broker: TestBroker) -> None:
    await told(broker, "en")


async def test_the_simulated_home_speaks_korean() -> None:
    async with running(Embedded()) as broker:
        await told(broker, "ko")


async def told(broker: TestBroker, language: str) -> None:
    """Every kind of thing is commanded, and confirms."""
    settings = broker.settings.model_copy(update={"mode": "external"})
    async with house(settings) as home, simulated(settings, language) as devices:
        await until(lambda: len(home.names()) == len(devices.devices))
        by_name = {entity.name: entity for entity in home.service.view().entities}
        lights = [entity for entity in by_name.values() if entity.domain == "light"]
        stubborn = {"switch.old_heater", "switch.정원_콘센트", "switch.낡은_난로", "switch.garden_socket"}
        reachable = [entity for entity in by_name.values() if entity.id not in stubborn]
        await until(lambda: all(home.state(entity.id).is_available for entity in reachable))
        dim = [Action(light.id, "turn_on", {"brightness_pct": 40, "color": "red"}) for light in lights]
        assert {each.status for each in await home.service.act(dim)} == {ActionStatus.CONFIRMED}
        assert {home.state(light.id).attributes["brightness_pct"] for light in lights} == {40}
        wanted: list[tuple[str, str, dict[str, Value], str]] = [
            ("cover", "open", {}, "open"),
            ("cover", "set_position", {"position": 30}, "open"),
            ("lock", "lock", {}, "locked"),
            ("climate", "set_temperature", {"temperature": 22}, "heat"),
            ("fan", "set_percentage", {"percentage": 50}, "on"),
            ("switch", "turn_on", {}, "on"),
            ("vacuum", "start", {}, "cleaning"),
            ("vacuum", "set_fan_speed", {"fan_speed": "max"}, "cleaning"),
            ("vacuum", "return_to_base", {}, "returning"),
            ("lawn_mower", "start_mowing", {}, "mowing"),
            ("humidifier", "set_humidity", {"humidity": 55}, "off"),
            ("alarm_control_panel", "arm_away", {}, "arming"),
            ("alarm_control_panel", "disarm", {"code": "1234"}, "disarmed"),
            ("valve", "open", {}, "open"),
            ("media_player", "play", {}, "playing"),
            ("media_player", "set_volume", {"volume_pct": 60}, "playing"),
            ("siren", "turn_off", {}, "off"),
            ("number", "set_value", {"value": 7}, "7"),
            ("select", "select", {"option": "wool"}, "Wool"),
        ]
        for domain, verb, values, state in wanted:
            for entity in reachable:
                if entity.domain == domain:
                    result = await home.act(entity.id, verb, **values)
                    moving = {"open": ("opening", "closing")}.get(state, ())
                    assert (entity.id, result.status) == (entity.id, ActionStatus.CONFIRMED)
                    assert result.state.value in (state, *moving)
        if language == "en":
            await refusing_and_offline(home, devices)


async def refusing_and_offline(home: House, devices: SimulatedHome) -> None:
    """A device may be told to misbehave."""
    devices.devices["kitchen_light"].refuses = True
    assert (await home.act("light.kitchen_light", "turn_off")).status is ActionStatus.FAILED
    coffee = devices.devices["coffee_machine"]
    coffee.is_online = False
    devices.report(coffee)
    await until(lambda: not home.state("switch.coffee_machine").is_available)
    assert (await home.act("switch.coffee_machine", "turn_off")).status is ActionStatus.UNAVAILABLE
