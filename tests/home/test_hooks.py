"""Hooks: what counts as news, and what does not."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.core.home import EntityId, EntityState
from assistant.core.hooks import Deed, Sense, Watch
from assistant.core.settings import HookSettings
from assistant.home.hooks import Came, Fired, Firing, HookPorts, Hooks
from assistant.home.hooks_edges import STORM, Damper, Edge
from assistant.home.hooks_reading import Absent, value_at
from assistant.home.link import Message
from assistant.home.payload import Payload
from assistant.testing.clock import FakeClock

DOOR = EntityId("binary_sensor.door")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class House:
    """Hooks with what they fired, published and remembered."""

    hooks: Hooks
    clock: FakeClock
    fired: list[Firing]
    published: list[tuple[str, str | bytes]]
    remembered: list[Watch] = field(default_factory=list)

    def hear(self, topic: str, payload: str, *, is_retained: bool = False) -> None:
        self.hooks.take(Message(topic, payload.encode(), is_retained))

    def become(self, value: str | None, *, is_retained: bool = False, is_available: bool = True) -> None:
        self.hooks.changed(DOOR, EntityState(value, is_available=is_available), is_retained)

    def say(self) -> list[str]:
        return [each.say for each in self.fired if isinstance(each, Fired)]

    def came(self) -> list[str]:
        return [each.watch.id for each in self.fired if isinstance(each, Came)]


def house(*hooks: HookSettings) -> House:
    clock, fired = FakeClock(), list[Firing]()
    published: list[tuple[str, str | bytes]] = []
    remembered: list[Watch] = []
    ports = HookPorts(fired.append, lambda topic, payload, _: published.append((topic, payload)), remembered.append)
    return House(Hooks(hooks, clock, ports), clock, fired, published, remembered)


def watching(watch: Watch, value: str | None = "off") -> House:
    made = house()
    made.hooks.watch([watch], lambda _: EntityState(value))
    return made


def door(**more: object) -> Watch:
    return Watch("1", DOOR, "door", "opens", words=("on",), **more)  # type: ignore[arg-type]  # tests name fields


# ── the configuration ────────────────────────────────────────────────────────────────────────────


def test_a_condition_fires_on_its_edge_alone() -> None:
    made = house(HookSettings(topic="a/b", path="temp", above=30, quiet_s=0, say="Hot: {{ value }}."))
    for temp in (29, 31, 32, 28, 33):
        made.hear("a/b", json.dumps({"temp": temp}))
    assert made.say() == ["Hot: 31.", "Hot: 33."]


def test_what_the_broker_kept_from_before_is_no_news() -> None:
    made = house(HookSettings(topic="a", equals=("on",), say="x"), HookSettings(topic="a", say="any"))
    made.hear("a", "on", is_retained=True)
    assert made.say() == []
    made.hear("a", "on")
    assert made.say() == ["any"]


def test_the_first_ring_of_a_bell_counts() -> None:
    made = house(HookSettings(topic="bell", path="action", equals=("single",), say="ding"))
    made.hear("bell", '{"action":"single"}')
    assert made.say() == ["ding"]


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (HookSettings(topic="remote", path="action", equals=("single",), quiet_s=0, say="ding"), 2),
        (HookSettings(topic="remote", path="$.action", equals=("single", "hold"), quiet_s=0, say="ding"), 3),
        (HookSettings(topic="remote", path="action", equals=("single",), quiet_s=0, say="ding", each=False), 0),
        (HookSettings(topic="remote", path="battery", equals=("90",), quiet_s=0, say="ding"), 1),
        (HookSettings(topic="remote", path="battery", equals=("90",), quiet_s=0, say="ding", each=True), 3),
    ],
)
def test_each_press_of_a_button_counts_and_a_lasting_state_only_once(hook: HookSettings, said: int) -> None:
    made = house(hook)
    made.hear("remote", '{"action": "single", "battery": 90}', is_retained=True)
    made.hear("remote", '{"battery": 80}')
    for action in ("single", "single", "hold"):
        made.hear("remote", json.dumps({"action": action, "battery": 90}))
    assert len(made.say()) == said


def test_a_hook_is_quiet_for_a_while_after_it_fired() -> None:
    made = house(HookSettings(topic="a", say="x", quiet_s=60))
    made.hear("a", "1")
    made.hear("a", "2")
    assert made.say() == ["x"]
    assert made.hooks.dropped == 1


async def test_a_condition_that_must_hold_fires_when_it_has() -> None:
    made = house(HookSettings(topic="a", below=5, for_s=60, say="low"))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.hooks.run())
        made.hear("a", "20")
        made.hear("a", "2")
        await made.clock.advance(30)
        made.hear("a", "20")
        made.hear("a", "3")
        await made.clock.advance(59)
        assert made.say() == []
        await made.clock.advance(2)
        assert made.say() == ["low"]
        task.cancel()


def test_all_hooks_together_make_no_storm() -> None:
    made = house(*(HookSettings(topic=f"t/{number}", say="x", quiet_s=0) for number in range(30)))
    for number in range(30):
        made.hear(f"t/{number}", "1")
    assert len(made.fired) == STORM


def test_a_message_is_published_with_its_values() -> None:
    made = house(HookSettings(topic="in/+", publish="out", payload="{{ value_json.a }} on {{ topic }}"))
    made.hear("in/x", '{"a": 3}')
    assert made.published == [("out", "3 on in/x")]
    assert made.fired == []


def test_what_happens_here_is_published_where_wanted() -> None:
    made = house(
        HookSettings(on="heard", publish="hub/heard", payload="{{ text }}"),
        HookSettings(on="rings", publish="hub/rings"),
    )
    made.hooks.tell("heard", {"text": "hello"})
    made.hooks.tell("rings", {"label": "tea"})
    made.hooks.tell("speaks", {"text": "x"})
    assert made.published == [("hub/heard", "hello"), ("hub/rings", '{"label": "tea"}')]


def test_a_broken_text_costs_that_hook_only() -> None:
    made = house(HookSettings(topic="a", say="{{ value | nope }}"), HookSettings(topic="a", say="fine"))
    made.hear("a", "1")
    assert made.say() == ["fine"]


@pytest.mark.parametrize(
    ("payload", "path", "value"),
    [
        ("on", "", "on"),
        ('{"a": {"b": [1, {"c": true}]}}', "a.b[1].c", "true"),
        ('{"a": 1.5}', "$.a", "1.5"),
        ('{"with space": "x"}', "with space", "x"),
        ('{"a.b": "x"}', "'a.b'", "x"),
    ],
)
def test_values_are_found_by_path(payload: str, path: str, value: str) -> None:
    assert value_at(Payload(payload.encode()), path) == value


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_message_and_path_give_a_text_or_nothing(raw: bytes, path: str) -> None:
    try:
        assert isinstance(value_at(Payload(raw), path), str)
    except Absent:
        return


# ── what is asked by voice ───────────────────────────────────────────────────────────────────────


def test_what_is_waited_for_once_comes_once() -> None:
    made = watching(door())
    for value in ("off", "on", "off", "on"):
        made.become(value)
    assert made.came() == ["1"]


def test_a_standing_watch_comes_again_but_not_at_once() -> None:
    made = watching(door(is_standing=True))
    made.become("on")
    made.become("off")
    made.become("on")
    assert made.came() == ["1"]


async def test_a_standing_watch_comes_again_later() -> None:
    made = watching(door(is_standing=True))
    made.become("on")
    await made.clock.advance(31)
    made.become("off")
    made.become("on")
    assert made.came() == ["1", "1"]


def test_what_is_so_already_is_waited_for_anew() -> None:
    made = watching(door(), "on")
    made.become("on")
    assert made.came() == []
    made.become("off")
    made.become("on")
    assert made.came() == ["1"]


def test_an_unknown_state_that_becomes_known_is_no_news() -> None:
    made = watching(door(), None)
    made.become("on", is_retained=True)
    made.become("on")
    assert made.came() == []


def test_a_motion_that_comes_first_is_news_unless_it_is_old() -> None:
    made = watching(door(is_momentary=True), None)
    made.become("on", is_retained=True)
    assert made.came() == []
    fresh = watching(door(is_momentary=True), None)
    fresh.become("on")
    assert fresh.came() == ["1"]


async def test_a_button_fires_with_each_press_of_the_same_kind() -> None:
    bell = EntityId("event.bell")
    made = house()
    watch = Watch("1", bell, "bell", "rings", is_standing=True, is_momentary=True)
    made.hooks.watch([watch], lambda _: EntityState("ring", updated_at=NOON))
    made.hooks.changed(bell, EntityState("ring", updated_at=NOON, is_available=False), False)
    made.hooks.changed(bell, EntityState("ring", updated_at=NOON), False)
    assert made.came() == [], "nobody rang: it only went and came back"
    for minute in (1, 2, 3):
        made.hooks.changed(bell, EntityState("ring", updated_at=NOON + timedelta(minutes=minute)), minute == 3)
        await made.clock.advance(60)
    assert made.came() == ["1", "1"], "the third was kept by the broker from before"


async def test_a_button_that_does_something_does_it_again_a_second_later() -> None:
    remote = EntityId("event.remote")
    made = house()
    watch = Watch("1", remote, "remote", "presses", is_standing=True, deed=Deed.RUN, text="turn on the lamp")
    made.hooks.watch([watch], lambda _: EntityState())
    for second in range(3):
        made.hooks.changed(remote, EntityState("single", updated_at=NOON + timedelta(seconds=second)), False)
        await made.clock.advance(1.5)
    assert made.came() == ["1", "1", "1"]


def test_a_device_that_is_away_says_nothing() -> None:
    made = watching(door())
    made.become("on", is_available=False)
    assert made.came() == []
    made.become("on")
    assert made.came() == ["1"]


def test_what_happened_during_a_power_cut_is_told_once() -> None:
    made = watching(door(was=False), None)
    made.become("on", is_retained=True)
    assert made.came() == ["1"]
    standing = watching(door(was=False, is_standing=True), None)
    standing.become("on", is_retained=True)
    assert standing.came() == []


def machine(**more: object) -> Watch:
    return Watch("1", DOOR, "dryer", "ends", Sense.ENDED, limit=5.0, for_s=60.0, **more)  # type: ignore[arg-type]


async def test_a_machine_is_done_when_it_draws_little_for_a_while() -> None:
    made = watching(machine(), "400")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.hooks.run())
        for watts, seconds in (("380", 10), ("3", 30), ("250", 10), ("7", 10), ("2", 59)):
            made.become(watts)
            await made.clock.advance(seconds)
        assert made.came() == []
        await made.clock.advance(2)
        assert made.came() == ["1"]
        task.cancel()


def test_a_machine_that_is_off_has_to_start_first_and_its_start_is_remembered() -> None:
    made = watching(machine(), "1")
    made.become("1")
    made.become("300")
    assert [watch.was for watch in made.remembered] == [False]


async def test_what_is_cancelled_does_not_come() -> None:
    made = watching(door())
    made.hooks.watch([], lambda _: EntityState())
    made.become("on")
    assert made.came() == []


# ── parts ────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.sampled_from([True, False, None]), max_size=30))
def test_an_edge_fires_at_most_once_between_two_falses(seen: list[bool | None]) -> None:
    edge = Edge()
    fired = [edge.feed(each, 0.0) for each in seen]
    known = [each for each in seen if each is not None]
    rises = sum(1 for before, after in pairwise(known) if after and not before)
    assert sum(fired) == rises


def test_a_damper_forgets_what_is_gone() -> None:
    damper = Damper()
    assert damper.lets("a", 60, 0)
    damper.forget("a")
    assert damper.lets("a", 60, 1)


@given(
    st.builds(
        Watch,
        st.text(min_size=1, max_size=5),
        st.text(max_size=9).map(EntityId),
        st.text(max_size=9),
        st.text(max_size=9),
        st.sampled_from(Sense),
        st.lists(st.text(max_size=5), max_size=3).map(tuple),
        deed=st.sampled_from(Deed),
        was=st.sampled_from([True, False, None]),
    )
)
def test_a_watch_is_kept_and_read_back(watch: Watch) -> None:
    assert Watch.from_json(watch.to_json()) == watch


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": "1"}', "nonsense", "null"])
def test_a_damaged_watch_is_told(text: str) -> None:
    with pytest.raises(InputError):
        Watch.from_json(text)
