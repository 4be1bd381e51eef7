"""How long the link waits before it comes again."""

from __future__ import annotations

from assistant.home.link_backoff import LONGEST_S, STEADY_S, Backoff, LossKind


def pauses(*losses: tuple[LossKind, float]) -> list[float]:
    backoff = Backoff()
    return [backoff.pause_s(kind, held_s) for kind, held_s in losses]


def test_a_broker_that_is_away_is_asked_ever_more_rarely_but_within_half_a_minute() -> None:
    waited = pauses(*[(LossKind.UNREACHABLE, 0.0)] * 12)
    assert waited[:4] == [0.2, 0.4, 0.8, 1.6]
    assert waited[-1] == LONGEST_S[LossKind.UNREACHABLE] == 30.0


def test_a_broker_that_takes_us_and_hangs_up_at_once_is_asked_ever_more_rarely_too() -> None:
    waited = pauses(*[(LossKind.LOST, 0.1)] * 12)
    assert waited[0] == 0.2
    assert waited == sorted(waited)
    assert waited[-1] == 60.0


def test_a_connection_that_held_makes_the_next_pause_short() -> None:
    assert pauses(*[(LossKind.LOST, 0.1)] * 5, (LossKind.LOST, 3600.0))[-1] == 0.2


def test_a_broker_that_was_away_in_between_begins_anew_however_briefly_it_held() -> None:
    restart = [(LossKind.LOST, 1.0), (LossKind.UNREACHABLE, 0.0), (LossKind.UNREACHABLE, 0.0)]
    assert pauses(*restart * 20)[-3:] == [0.2, 0.2, 0.4]


def test_a_refused_login_is_tried_once_a_minute_at_most() -> None:
    waited = pauses(*[(LossKind.REFUSED, 0.0)] * 6)
    assert waited[0] == 5.0
    assert waited[-1] == 60.0


def test_two_hubs_that_throw_each_other_out_come_to_rest() -> None:
    """Each holds for as long as the other waits."""
    one, other = Backoff(), Backoff()
    now_s, meetings, waits_s = 0.0, 0, 0.2
    while now_s < 3600:
        held_s = waits_s
        one, other = other, one
        waits_s = one.pause_s(LossKind.LOST, held_s)
        now_s += waits_s
        meetings += 1
    assert meetings < 90
    assert waits_s == 60.0 > STEADY_S
    assert one.is_contested
    assert other.is_contested


def test_taken_over_waits_a_minute_at_once_and_five_in_the_end() -> None:
    waited = pauses(*[(LossKind.TAKEN_OVER, 30.0)] * 5)
    assert (waited[0], waited[-1]) == (60.0, 300.0)


def test_restarts_and_silence_are_not_taken_for_a_second_hub() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.pause_s(LossKind.LOST, 1.0)
        backoff.pause_s(LossKind.UNREACHABLE)
        backoff.pause_s(LossKind.SILENT, 5.0)
    assert not backoff.is_contested


def test_a_broker_that_was_restarted_so_fast_that_nobody_saw_it_begins_anew() -> None:
    backoff = Backoff()
    for _ in range(20):
        assert backoff.pause_s(LossKind.LOST, 0.5) == 0.2
        backoff.note_restart()
    assert not backoff.is_contested
