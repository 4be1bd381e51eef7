"""Sentences with their intents and slots, in homes of their own and in a larger one; speed of hits and misses."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hassil.intents import Intents, SlotList, TextSlotList
from hassil.recognize import recognize_best
from home_assistant_intents import get_intents

from assistant.core.clock import SystemClock
from assistant.core.errors import InputError
from assistant.core.home import Area, AreaId, Entity, EntityId, Floor, FloorId, HomeView
from assistant.core.intents import IntentSpec
from assistant.core.turn import Commands, DialogueAct, Plan, Situation, Source, Transcript
from assistant.understanding import Understanding

NAME = "intents"
SPEAKER_AREA = "Living Room"
"""Where the speaker is when a case needs an area and names none that the home has."""
BOOKKEEPING = ("entity_id", "area_id", "floor_id")
ACTS = {DialogueAct.NEVER_MIND: "HassNevermind"}
SIZES = (50, 200, 1000)

Slots = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence and what it means."""

    sentence: str
    intent: str
    slots: Slots
    home: str
    area: str | None
    needs_area: bool
    inferred_domains: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What came of the cases of one home set."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def share(self, count: int) -> float:
        """Of all cases."""
        return round(count / max(1, self.right + self.wrong + self.missed), 4)


Answer = tuple[str, Slots] | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this benchmark alone."""
    parser.add_argument("--faults", action="store_true", help="print every sentence that was not read rightly")


def measure(args: argparse.Namespace) -> dict[str, object]:
    """Run all cases of the folder; see the keys in the docs of the benchmarks."""
    return asyncio.run(_measure(args))


async def _measure(args: argparse.Namespace) -> dict[str, object]:
    if args.data is None or not (args.data / "cases.jsonl").is_file():
        raise InputError("intents needs --data with a folder that holds cases.jsonl and the homes of its cases")
    language = args.lang or _language_of(args.data)
    cases = _cases(args.data)[: args.limit or None]
    homes = {key: _home(value) for key, value in _json(args.data / "homes_per_file.json").items()}
    merged = _home(_json(args.data / "home_merged.json"))
    mine = Product(language)
    own = await _run(cases, homes, mine)
    together = await _run(cases, {case.home: merged for case in cases}, mine)
    figures: dict[str, object] = {
        "n": len(cases),
        "right": own.share(own.right),
        "wrong": own.share(own.wrong),
        "missed": own.share(own.missed),
        "merged_right": together.share(together.right),
        "merged_wrong": together.share(together.wrong),
        **_quantiles("", together.ms),
        "miss_p50_ms": statistics.median((await _run(_shuffled(cases), {c.home: merged for c in cases}, mine)).ms),
    }
    if getattr(args, "faults", False):
        print("\n".join([*own.faults, "merged:", *together.faults]))
    figures["entities"] = await _by_size(cases, merged, mine)
    if args.peer:
        figures |= await _peer(cases, homes, merged, language)
    return figures


async def _by_size(cases: Sequence[Case], home: HomeView, mine: Reader) -> dict[str, object]:
    found: dict[str, object] = {}
    for size in SIZES:
        larger = _grown(home, size)
        hits = await _run(cases[:: max(1, len(cases) // 200)], {case.home: larger for case in cases}, mine)
        misses = await _run(_shuffled(cases[::7]), {case.home: larger for case in cases}, mine)
        found[str(size)] = {**_quantiles("", hits.ms), **_quantiles("miss_", misses.ms)}
    return found


async def _peer(
    cases: Sequence[Case], homes: Mapping[str, HomeView], merged: HomeView, language: str
) -> dict[str, object]:
    peer = Peer(language)
    own = await _run(cases, homes, peer)
    everywhere = {case.home: merged for case in cases}
    together = await _run(cases, everywhere, peer)
    misses = await _run(_shuffled(cases), everywhere, peer)
    return {
        "peer_right": own.share(own.right),
        "peer_merged_right": together.share(together.right),
        **_quantiles("peer_", together.ms),
        "peer_miss_p50_ms": statistics.median(misses.ms),
    }


class Reader:
    """Reads sentences in a home."""

    async def use(self, home: HomeView) -> None:
        """Take another home."""
        raise NotImplementedError

    async def read(self, sentence: str, area: Area | None) -> Answer:
        """Intent and slots, or None."""
        raise NotImplementedError


class Product(Reader):
    """The product's understanding, with every intent of Home Assistant handled."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._understanding = Understanding(SystemClock(), ZoneInfo("UTC"))
        names = (get_intents(language) or {"intents": ()})["intents"]
        self._intents = [IntentSpec(name, "benchmark", name) for name in names]

    async def use(self, home: HomeView) -> None:
        """Take another home."""
        self._understanding.use(self._intents, home)
        await self._understanding.prepare(self.language)

    async def read(self, sentence: str, area: Area | None) -> Answer:
        """Intent and slots of a single command."""
        situation = Situation(self.language, Source.TYPED, area.id if area else None)
        understood = await self._understanding.understand(Transcript(sentence, self.language, "typed"), situation)
        return _answer(understood.plan)


class Peer(Reader):
    """hassil with home-assistant-intents, used as Home Assistant uses them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._intents = Intents.from_dict(get_intents(language) or {"language": language, "intents": {}})
        self._lists: dict[str, SlotList] = {}

    async def use(self, home: HomeView) -> None:
        """Take another home."""
        names = [
            (name, name, {"domain": each.domain, **({"device_class": each.device_class} if each.device_class else {})})
            for each in home.entities
            for name in (each.name, *each.aliases)
        ]
        self._lists = {"name": TextSlotList.from_tuples(names, allow_template=False, name="name")}
        for kind, places in (("area", home.areas), ("floor", home.floors)):
            pairs = [(name, place.name) for place in places for name in (place.name, *place.aliases)]
            self._lists[kind] = TextSlotList.from_tuples(pairs, allow_template=False, name=kind)

    async def read(self, sentence: str, area: Area | None) -> Answer:
        """Intent and slots of the best match."""
        context: dict[str, Any] | None = {"area": {"value": area.name, "text": area.name}} if area else None
        best = recognize_best(
            sentence,
            self._intents,
            slot_lists=self._lists,
            intent_context=context,
            language=self._language,
            best_slot_name="name",
        )
        if best is None:
            return None
        return best.intent.name, {slot: entity.value for slot, entity in best.entities.items()}


def _answer(plan: Plan) -> Answer:
    match plan:
        case Commands((command,)):
            return command.intent, {slot: v for slot, v in command.slots.items() if slot not in BOOKKEEPING}
        case DialogueAct() if plan in ACTS:
            return ACTS[plan], {}
        case Commands():
            return "several", {}
        case _:
            return None


async def _run(cases: Sequence[Case], homes: Mapping[str, HomeView], reader: Reader) -> Tally:
    tally = Tally()
    used: HomeView | None = None
    for case in sorted(cases, key=lambda each: each.home):
        home = homes.get(case.home) or HomeView((), ())
        if case.needs_area and not home.areas:
            home = HomeView(home.entities, (Area(AreaId("speaker"), SPEAKER_AREA),), home.floors)
        if used is not home:
            await reader.use(home)
            used = home
        area = _speaker_area(case, home)
        began = time.perf_counter()
        answer = await reader.read(case.sentence, area)
        tally.ms.append((time.perf_counter() - began) * 1000)
        _count(tally, case, answer)
    return tally


def _count(tally: Tally, case: Case, answer: Answer) -> None:
    if answer is not None and _is_right(case, *answer):
        tally.right += 1
        return
    if answer is None:
        tally.missed += 1
    else:
        tally.wrong += 1
    tally.faults.append(f"{case.sentence!r}: {answer} instead of {case.intent} {dict(case.slots)}")


def _is_right(case: Case, intent: str, slots: Slots) -> bool:
    if intent != case.intent:
        return False
    extra = {slot: value for slot, value in slots.items() if slot not in case.slots}
    if case.needs_area:
        extra.pop("area", None)
    if extra.get("domain") in case.inferred_domains:
        extra.pop("domain", None)
    return not extra and all(_same(slots.get(slot), wanted) for slot, wanted in case.slots.items())


def _same(actual: object, wanted: object) -> bool:
    """A wanted list is several right values; an answer may also be all of them."""
    if isinstance(wanted, list):
        return (isinstance(actual, tuple | list) and list(actual) == wanted) or any(_same(actual, w) for w in wanted)
    if isinstance(wanted, str) and isinstance(actual, str):
        return actual.casefold().strip() == wanted.casefold().strip()
    return actual == wanted


def _speaker_area(case: Case, home: HomeView) -> Area | None:
    if not case.needs_area:
        return None
    named = [area for area in home.areas if area.name == (case.area or SPEAKER_AREA)]
    return next(iter(named or home.areas), None)


def _shuffled(cases: Iterable[Case]) -> list[Case]:
    """Sentences that mean nothing: the same words in another order."""
    order = random.Random(7)  # noqa: S311 - sameness from run to run is wanted
    mixed = []
    for case in cases:
        words = case.sentence.split()
        order.shuffle(words)
        sentence = " ".join([*words, words[0]])
        mixed.append(Case(sentence, "", {}, case.home, case.area, case.needs_area, ()))
    return mixed


def _quantiles(prefix: str, ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(ms)
    return {
        f"{prefix}p50_ms": round(statistics.median(ordered), 3),
        f"{prefix}p95_ms": round(ordered[int(len(ordered) * 0.95)], 3),
    }


def _grown(home: HomeView, size: int) -> HomeView:
    """The home with more entities, whose names share words with each other."""
    domains = ("light", "switch", "cover", "fan", "sensor", "climate", "media_player")
    more = [
        Entity(EntityId(f"{domain}.extra_{number}"), f"Room {number // 7} {domain.replace('_', ' ')} {number}", domain)
        for number in range(max(0, size - len(home.entities)))
        for domain in (domains[number % len(domains)],)
    ]
    return HomeView([*home.entities, *more], home.areas, home.floors)


def _language_of(folder: Path) -> str:
    return folder.name.rsplit("-", 1)[-1]


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _cases(folder: Path) -> list[Case]:
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines if line.strip()]


def _case(raw: Mapping[str, Any]) -> Case:
    return Case(
        raw["sentence"],
        raw["intent"],
        raw["slots"],
        raw["home"],
        raw.get("area"),
        bool(raw.get("needs_satellite_area")),
        tuple(raw.get("inferred_domains", ())),
    )


def _home(raw: Mapping[str, Any]) -> HomeView:
    entities = [
        Entity(
            EntityId(each["id"]),
            each["name"],
            each["domain"],
            AreaId(each["area"]) if each.get("area") else None,
            tuple(each.get("aliases", ())),
            each.get("device_class"),
        )
        for each in raw.get("entities", ())
    ]
    areas = [
        Area(
            AreaId(each["id"]),
            each["name"],
            tuple(each.get("aliases", ())),
            FloorId(each["floor"]) if each.get("floor") else None,
        )
        for each in raw.get("areas", ())
    ]
    floors = [
        Floor(FloorId(each["id"]), each["name"], tuple(each.get("aliases", ()))) for each in raw.get("floors", ())
    ]
    return HomeView(entities, areas, floors)
