"""Which texts are topics and topic filters of MQTT, and which topics a filter takes; pure."""

from __future__ import annotations

import re

MAX_TOPIC_BYTES = 65_535


_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def is_topic(text: str) -> bool:
    """True for a topic that can be published on."""
    return not is_wild(text) and is_filter(text)


def is_filter(text: str) -> bool:
    """True for a filter that may be subscribed for a device: wildcards fill whole levels, and `#` alone is too much."""
    if not text or _NO_TEXT.search(text) or len(text.encode()) > MAX_TOPIC_BYTES:
        return False
    if not is_wild(text):
        return True
    levels = text.split("/")
    return (
        all(level in {"+", "#"} or not is_wild(level) for level in levels)
        and "#" not in levels[:-1]
        and any(level not in {"+", "#"} for level in levels)
    )


def is_wild(topic_filter: str) -> bool:
    """True for a filter that takes more than one topic."""
    return "+" in topic_filter or "#" in topic_filter


def matches(topic_filter: str, topic: str) -> bool:
    """True if the filter takes the topic."""
    wanted, given = topic_filter.split("/"), topic.split("/")
    for position, level in enumerate(wanted):
        if level == "#":
            return True
        if position >= len(given) or level not in {"+", given[position]}:
            return False
    return len(wanted) == len(given)


def takes(topic_filter: str, topic: str) -> bool:
    """True if the filter, with wildcards or without, takes the topic."""
    return topic_filter == topic or (is_wild(topic_filter) and matches(topic_filter, topic))
