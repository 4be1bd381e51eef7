"""A Zigbee2MQTT without discovery at a broker: found by its lists, commanded, confirmed, renamed."""

from __future__ import annotations

import json

import pytest

from assistant.core.home import ActionStatus, EntityId
from tests.home.brokers import Embedded, TestBroker, running
from tests.home.houses import house, until
from tests.home.zigbee2mqtt_home import DIMMER, OFF, device, main, on_off

pytestmark = pytest.mark.broker


async def test_a_lamp_is_found_obeys_and_follows_its_new_name() -> None:
    lamp = EntityId("light.heron")
    broker: TestBroker = Embedded()
    async with running(broker), house(broker.settings) as home:
        await home.device.connected()
        home.obey("zigbee2mqtt/Heron/set", lambda payload: {"zigbee2mqtt/Heron": payload})
        # listens under the new name from the start: its subscription and our command would race at the broker
        home.obey("zigbee2mqtt/Stork/set", lambda payload: {"zigbee2mqtt/Stork": payload})
        send = home.device.link.publish
        listed = device("0x00a1", "Heron", main("light", on_off(), DIMMER))
        send("zigbee2mqtt/bridge/devices", json.dumps([listed]), retain=True)
        send("zigbee2mqtt/bridge/info", json.dumps(OFF), retain=True)
        await until(lambda: home.names() == ["Heron"])
        assert (await home.act(lamp, "turn_on", brightness_pct=50)).status is ActionStatus.CONFIRMED
        assert home.state(lamp).attributes["brightness_pct"] == 50
        send("zigbee2mqtt/bridge/devices", json.dumps([{**listed, "friendly_name": "Stork"}]), retain=True)
        await until(lambda: home.names() == ["Stork"])
        assert (await home.act(lamp, "turn_off")).status is ActionStatus.CONFIRMED
        send("zigbee2mqtt/bridge/devices", "[]", retain=True)
        await until(lambda: home.names() == [])
