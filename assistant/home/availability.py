"""Whether a device can be reached, from what its availability topics say; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.home.config import Config, ConfigFault
from assistant.home.payload import Payload
from assistant.home.template import read_value
from assistant.home.topics import is_filter


@dataclass(frozen=True, slots=True)
class Source:
    """One availability topic."""

    topic: str
    template: str | None
    available: str
    unavailable: str

    def read(self, payload: Payload) -> bool | None:
        """What a message says; None for neither. Raises TemplateFault."""
        text = read_value(self.template, payload)
        return {self.unavailable: False, self.available: True}.get(text)


def sources_of(config: Config) -> tuple[Source, ...]:
    """All availability topics of a component; none: it is always there. Raises ConfigFault."""
    items = config.raw("availability")
    if not isinstance(items, list):
        topic = config.raw("availability_topic")
        items = [{"topic": topic, "value_template": config.raw("availability_template")}] if topic else []
    return tuple(_source(item, config) for item in items)


def _source(item: object, config: Config) -> Source:
    keys = Config(item) if isinstance(item, dict) else Config({})
    topic = keys.topic_filter("topic")
    if not topic or not is_filter(topic):
        raise ConfigFault("availability has no topic")
    return Source(
        topic,
        keys.template("value_template"),
        keys.text("payload_available", config.text("payload_available", "online")),
        keys.text("payload_not_available", config.text("payload_not_available", "offline")),
    )


def is_available(sources: Sequence[Source], heard: Mapping[str, bool], mode: str) -> bool:
    """All, any, or (by default) the latest that spoke. `heard`: topic → word, latest last.

    A topic that has said nothing says nothing against the device: many programs don't have their word kept by the
    broker, and then it comes only when it changes."""
    topics = {source.topic for source in sources}
    words = [word for topic, word in heard.items() if topic in topics]
    match mode:
        case "all":
            return all(words)
        case "any":
            return any(words) or not words
        case _:
            return words[-1] if words else True
