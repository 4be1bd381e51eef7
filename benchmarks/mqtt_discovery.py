"""Judges what the product reads out of one discovery message against what a row expects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.home.availability import Source, sources_of
from assistant.home.dialects import dialects_of
from assistant.home.discovery import Announced, Discovery, DiscoveryFault
from assistant.home.intake import Intake
from benchmarks.mqtt_cases import PREFIX, Row

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_APART = frozenset({"action", "reason", "component", "device", "availability", "node_id", "object_id", "origin"})
"""Keys of an expectation that are no keys of the payload."""


def judge(row: Row) -> list[str]:
    """What is wrong with the reading of a row; nothing when it is right."""
    check = _CHECKS.get(row.action)
    return [f"{row.action} is no known action"] if check is None else list(check(row))


def new_intake() -> Intake:
    """The product's own, with all its dialects."""
    return Intake(dialects_of(PREFIX))


def read(row: Row) -> Discovery | None:
    """What the product reads; None when it refuses."""
    dialect = next((each for each in dialects_of(PREFIX) if each.takes(row.topic)), None)
    if dialect is None:
        return None
    try:
        return next(iter(dialect.read(row.topic, row.payload)), None)
    except DiscoveryFault:
        return None


def _add(row: Row) -> Iterator[str]:
    yield from _announced(row, [row.expect])


def _add_device(row: Row) -> Iterator[str]:
    yield from _announced(row, row.expect["entities"])


def _announced(row: Row, expected: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    discovery = read(row)
    if discovery is None:
        yield "refused"
        return
    intake = new_intake()
    intake.take(row.topic, row.payload, _NOON)
    known = {each.announced.key for each in intake.registry.roster.all()}
    if len(discovery.components) != len(expected) or len(known) != len(expected):
        yield f"{len(discovery.components)} read and {len(known)} taken of {len(expected)}"
    for announced, wanted in zip(discovery.components, expected, strict=False):
        yield from _differences(announced, wanted)
        if announced.key not in known:
            yield f"{announced.component} not taken"
    if "origin" in row.expect:
        origin = discovery.components[0].origin if discovery.components else None
        yield from _unlike("origin", _origin(origin), row.expect["origin"])


def _differences(announced: Announced, wanted: Mapping[str, Any]) -> Iterator[str]:
    yield from _unlike("component", announced.component, wanted["component"])
    yield from _unlike("device", _device(announced, wanted.get("device")), _normal_device(wanted.get("device")))
    yield from _unlike("availability", [_source(each) for each in sources_of(announced.config)],
                       [_normal_source(each) for each in wanted.get("availability") or ()])  # fmt: skip
    yield from _unlike("object_id", announced.object_id, wanted.get("object_id"))
    yield from _unlike("node_id", announced.node_id or None, wanted.get("node_id"))
    for key in wanted.keys() - _APART:
        value = announced.config.raw(key)
        if key == "availability_mode":
            value = value or "latest"
        yield from _unlike(key, value, wanted[key])


def _unlike(key: str, value: object, wanted: object) -> Iterator[str]:
    if json.dumps(value, sort_keys=True) != json.dumps(wanted, sort_keys=True):
        yield f"{key}: {value!r} is not {wanted!r}"


def _origin(origin: object) -> dict[str, str]:
    names = ("name", "sw_version", "support_url")
    return {name: value for name in names if (value := getattr(origin, name, ""))}


def _device(announced: Announced, wanted: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was read, under the names that are asked for."""
    if wanted is None:
        return None if not announced.device.identifiers and not announced.device.connections else {"?": True}
    return {key: getattr(announced.device, _FACTS.get(key, key), None) for key in wanted}


_FACTS = {"suggested_area": "area"}


def _normal_device(wanted: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if wanted is None:
        return None
    ids = wanted.get("identifiers", [])
    told = [ids] if isinstance(ids, str) else [each for each in ids if each is not None]
    return dict(wanted) | ({"identifiers": told} if "identifiers" in wanted else {})


def _source(source: Source) -> dict[str, Any]:
    told = {"topic": source.topic, "payload_available": source.available, "payload_not_available": source.unavailable}
    return told | ({"value_template": source.template} if source.template else {})


def _normal_source(wanted: Mapping[str, Any]) -> dict[str, Any]:
    template = wanted.get("value_template")
    return {
        "topic": wanted["topic"],
        "payload_available": str(wanted["payload_available"]),
        "payload_not_available": str(wanted["payload_not_available"]),
    } | ({"value_template": template} if template else {})


# ── what takes away, and what is refused ─────────────────────────────────────────────────────────


def _remove(row: Row) -> Iterator[str]:
    discovery = read(row)
    if discovery is None or discovery.components or not discovery.is_whole:
        yield "not read as a removal"
        return
    yield from _leaves_nothing(row, f"homeassistant/{row.expect['component']}/", _SAMPLE)


def _remove_device(row: Row) -> Iterator[str]:
    discovery = read(row)
    if discovery is None or discovery.components or not discovery.is_whole:
        yield "not read as a removal"


def _leaves_nothing(row: Row, start: str, sample: Mapping[str, Any]) -> Iterator[str]:
    if not row.topic.startswith(start):
        return
    intake = new_intake()
    intake.take(row.topic, json.dumps(sample).encode(), _NOON)
    there = len(intake.registry)
    intake.take(row.topic, row.payload, _NOON)
    if not there or len(intake.registry):
        yield f"{there} before and {len(intake.registry)} after"


_SAMPLE = {
    "unique_id": "sample",
    **{key: f"sample/{key}" for key in (
        "state_topic", "command_topic", "topic", "image_topic", "mode_command_topic", "activity_state_topic",
        "command_play_topic", "latest_version_topic",
    )},
    "automation_type": "trigger", "type": "button_short_press", "subtype": "one",
    "options": ["a"], "event_types": ["a"], "device": {"identifiers": ["sample"]},
}  # fmt: skip
"""A component of any kind, to be taken away again."""


def _reject(row: Row) -> Iterator[str]:
    intake = new_intake()
    intake.take(row.topic, json.dumps(_SAMPLE).encode(), _NOON)
    before = {each.announced.key for each in intake.registry.roster.all()}
    intake.take(row.topic, row.payload, _NOON)
    if {each.announced.key for each in intake.registry.roster.all()} != before:
        yield "it changed what was there"
    if len(_fresh(row).registry):
        yield "taken"


def _reject_or_recover(row: Row) -> Iterator[str]:
    for known in _fresh(row).registry.roster.all():
        if any("�" in topic for topic in known.announced.config.topics()):
            yield "taken with a broken topic"


def _ignore(row: Row) -> Iterator[str]:
    """Passed over; or, by a product that knows more components than Home Assistant, read rightly."""
    if len(_fresh(row).registry):
        _, node_id, object_id = re.fullmatch(r".*?/([^/]+)/(?:(.+)/)?([^/]+)/config", row.topic).groups()  # type: ignore[union-attr]  # it was taken
        yield from _announced(row, [{"node_id": node_id, "object_id": object_id, **row.expect}])


def _fresh(row: Row) -> Intake:
    intake = new_intake()
    intake.take(row.topic, row.payload, _NOON)
    return intake


# ── Tasmota's own form ───────────────────────────────────────────────────────────────────────────

_RELAYS = {"relay": "switch", "light": "light", "shutter": "cover", "fan": "fan"}


def _tasmota(row: Row) -> Iterator[str]:
    discovery, expect = read(row), row.expect
    if discovery is None:
        yield "refused"
        return
    parts = [each for each in discovery.components if each.component in _RELAYS.values()]
    wanted = [(_RELAYS.get(each["kind"], each["kind"]), each["name"]) for each in expect["relays"]]
    if [each.component for each in parts] != [component for component, _ in wanted]:
        yield f"{[each.component for each in parts]} is not {wanted}"
    for announced, (_, name) in zip(parts, wanted, strict=False):
        yield from _unlike("name", announced.config.raw("name") or announced.device.name, name)
    heads = (expect["command_prefix"], expect["stat_result_topic"], expect["tele_state_topic"])
    for announced in discovery.components:
        yield from _unlike("device", announced.device.name, expect["device"]["name"])
        yield from _unlike("model", announced.device.model, expect["device"]["model"])
        yield from _unlike("sw_version", announced.device.sw_version, expect["device"]["sw_version"])
        yield from _unlike("availability", [_source(each) for each in sources_of(announced.config)],
                           [_normal_source({**expect, "topic": expect["availability_topic"]})])  # fmt: skip
    for announced in parts:
        topics = announced.config.topics() - {expect["availability_topic"]}
        if not topics or not all(topic.startswith(heads) for topic in topics):
            yield f"topics {sorted(topics)} are not under {heads}"


_CHECKS: Mapping[str, Callable[[Row], Iterator[str]]] = {
    "add": _add,
    "add-device": _add_device,
    "remove": _remove,
    "remove-device": _remove_device,
    "reject": _reject,
    "reject-or-recover": _reject_or_recover,
    "ignore": _ignore,
    "tasmota-native": _tasmota,
}
