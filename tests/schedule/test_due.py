"""Wall time to instants, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.errors import InputError
from assistant.core.schedule import DueReason, ItemId, ItemKind, ScheduledItem
from assistant.schedule.agenda import Agenda
from assistant.schedule.due import Waiting, fall_due, is_worth_telling, waiting_again
from assistant.schedule.wall import instant_from_local, zone_from_name

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def item(number: int = 1, due_at: datetime | None = NOW, zone: str = "UTC") -> ScheduledItem:
    return ScheduledItem(ItemId(number), ItemKind.REMINDER, "", due_at, zone, NOW)


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        (datetime(2026, 3, 29, 1, 59), BERLIN, "2026-03-29 00:59"),
        (datetime(2026, 3, 29, 2, 30), BERLIN, "2026-03-29 01:30"),  # the gap: 02:30 is 03:30 summer time
        (datetime(2026, 3, 29, 3, 0), BERLIN, "2026-03-29 01:00"),
        (datetime(2026, 10, 25, 2, 30), BERLIN, "2026-10-25 00:30"),  # twice: the first
        (datetime(2026, 10, 25, 2, 30, fold=1), BERLIN, "2026-10-25 01:30"),
        (datetime(2026, 10, 25, 3, 0), BERLIN, "2026-10-25 02:00"),
        (datetime(2026, 10, 4, 2, 15), LORD_HOWE, "2026-10-03 15:45"),  # a gap of half an hour
        (datetime(2026, 10, 4, 2, 15, fold=1), LORD_HOWE, "2026-10-03 15:45"),
        (datetime(2026, 4, 5, 1, 45), LORD_HOWE, "2026-04-04 14:45"),  # half an hour twice
        (datetime(2026, 4, 5, 1, 45, fold=1), LORD_HOWE, "2026-04-04 15:15"),
    ],
)
def test_wall_time_becomes_the_instant_of_rfc_5545(local: datetime, zone: ZoneInfo, utc: str) -> None:
    assert f"{instant_from_local(local, zone):%Y-%m-%d %H:%M}" == utc


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Seoul", "Africa/Casablanca"]),
)
def test_a_wall_time_that_exists_comes_back(local: datetime, key: str) -> None:
    zone = ZoneInfo(key)
    back = instant_from_local(local, zone).astimezone(zone).replace(tzinfo=None, fold=0)
    is_gap = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != local
    assert is_gap or back == local


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe/Berlin\0"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        zone_from_name(name)


def agenda_of(*waiting: Waiting) -> Agenda:
    agenda = Agenda()
    for waits in waiting:
        agenda.put(waits)
    return agenda


def test_a_timer_we_count_is_due_by_its_second_whatever_the_wall_says() -> None:
    timer = Waiting(item(due_at=NOW + timedelta(hours=1)), ends_at_s=100.0)
    assert agenda_of(timer).take_due(NOW + timedelta(days=9), 99.9) == []
    assert agenda_of(timer).take_due(NOW - timedelta(days=9), 100.0) == [timer]


def test_order_is_soonest_first_and_paused_last() -> None:
    soon, late, paused = (Waiting(item(n, at)) for n, at in ((3, NOW), (1, NOW + timedelta(1)), (2, None)))
    agenda = agenda_of(paused, late, soon)
    assert agenda.in_order() == [soon, late, paused]
    assert agenda.take_due(NOW, 0) == [soon]
    assert agenda.take_due(NOW, 0) == []
    assert agenda.in_order() == [late, paused]


def test_the_next_wake_is_the_soonest_by_the_present_clock() -> None:
    later = Waiting(item(1, NOW + timedelta(minutes=5)))
    counted = Waiting(item(2, NOW + timedelta(days=5)), ends_at_s=160.0)
    assert agenda_of(later, counted).next_wake(NOW, 100.0) == NOW + timedelta(minutes=1)
    assert agenda_of(later).next_wake(NOW, 100.0) == NOW + timedelta(minutes=5)
    assert agenda_of(Waiting(item(1, None))).next_wake(NOW, 0) is None
    assert Agenda().next_wake(NOW, 0) is None


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 50), st.booleans(), st.booleans()), max_size=400))
def test_an_agenda_knows_only_the_last_that_was_said_of_an_item(steps: list[tuple[int, int, bool, bool]]) -> None:
    agenda, told = Agenda(), dict[ItemId, Waiting]()
    for number, minutes, is_counted, is_dropped in steps:
        waits = Waiting(item(number, NOW + timedelta(minutes=minutes)), minutes * 60.0 if is_counted else None)
        if is_dropped:
            agenda.drop(waits.item.id)
            told.pop(waits.item.id, None)
        else:
            agenda.put(waits)
            told[waits.item.id] = waits
    dues = {item_id: waits.item.due_at for item_id, waits in told.items()}
    assert agenda.next_wake(NOW, 0.0) == min((at for at in dues.values() if at is not None), default=None)
    half = timedelta(minutes=25)
    due = agenda.take_due(NOW + half, half.total_seconds())
    assert {each.item.id for each in due} == {item_id for item_id, at in dues.items() if at and at <= NOW + half}
    assert {each.item.id for each in agenda.all()} == dues.keys() - {each.item.id for each in due}


@pytest.mark.parametrize(
    ("late_s", "reason"), [(0, DueReason.ON_TIME), (60, DueReason.ON_TIME), (61, DueReason.MISSED)]
)
def test_what_comes_a_minute_late_was_missed(late_s: float, reason: DueReason) -> None:
    assert fall_due(Waiting(item()), NOW + timedelta(seconds=late_s), 0, {}).reason is reason


def test_what_is_older_than_the_horizon_is_not_worth_telling() -> None:
    horizon = timedelta(hours=24)
    assert is_worth_telling(item(), NOW + horizon, horizon)
    assert not is_worth_telling(item(), NOW + horizon + timedelta(seconds=1), horizon)


def test_a_changed_zone_rule_moves_what_was_kept_by_wall_time() -> None:
    stale = replace(item(due_at=NOW, zone="Europe/Berlin"), due_local=datetime(2026, 7, 1, 8))
    assert waiting_again(stale).item.due_at == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert waiting_again(item()).item == item()


def test_a_zone_that_is_no_more_leaves_the_instant_as_it_was() -> None:
    orphan = replace(item(zone="Atlantis/Capital"), due_local=datetime(2026, 7, 1, 8))
    assert waiting_again(orphan).item == orphan
    fallen = fall_due(Waiting(orphan), NOW, 0, {})
    assert (fallen.told, fallen.next) == (orphan, None)
