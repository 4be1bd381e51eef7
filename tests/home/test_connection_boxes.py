"""What waits for the loop: in order, a turn at a time, and no more than there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic, sleep

from assistant.home.connection_boxes import BATCH, MAX_WAITING_BYTES, TURN_S, Inbox
from assistant.home.connection_message import Message


def filled(*topics: str, payload: bytes = b"") -> Inbox:
    inbox = Inbox()
    for topic in topics:
        inbox.put(Message(topic, payload))
    return inbox


def test_a_turn_takes_no_more_than_a_batch() -> None:
    inbox, heard = filled(*(str(number) for number in range(BATCH + 5))), list[str]()
    inbox.take(lambda message: heard.append(message.topic))
    assert len(heard) <= BATCH
    assert len(inbox) == BATCH + 5 - len(heard) > 0


def test_a_turn_ends_in_time_though_messages_take_long() -> None:
    inbox, heard = filled(*"abcdef"), list[str]()

    def slow(message: Message) -> None:
        heard.append(message.topic)
        sleep(TURN_S)

    inbox.take(slow)
    assert heard == ["a"]


def test_a_message_in_parts_lets_the_loop_breathe_and_no_other_message_past() -> None:
    inbox, heard = filled("list", "state"), list[str]()

    def parts(message: Message) -> Iterator[None]:
        for part in range(8 if message.topic == "list" else 1):
            heard.append(f"{message.topic} {part}")
            sleep(TURN_S / 3)
            yield

    turns, longest_s = 0, 0.0
    while inbox:
        began_s, turns = monotonic(), turns + 1
        inbox.take(parts)
        longest_s = max(longest_s, monotonic() - began_s)
    assert heard == [*(f"list {part}" for part in range(8)), "state 0"]
    assert turns >= 3
    assert longest_s < 8 * TURN_S / 3, "not all of it at once"


def test_messages_without_a_topic_and_those_beyond_the_room_are_counted() -> None:
    inbox = filled("", "a", payload=b"x" * (MAX_WAITING_BYTES // 2 + 1))
    inbox.put(Message("b", b"x" * (MAX_WAITING_BYTES // 2 + 1)))
    inbox.put(Message("c", b"x"))
    assert (inbox.dropped, len(inbox)) == (2, 2)
    while inbox:
        inbox.take(lambda _: None)
    inbox.put(Message("d", b"x"))
    assert (inbox.dropped, len(inbox)) == (2, 1)
