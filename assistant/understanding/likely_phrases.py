"""What people say most to a home like this one: frames per domain and area, filled with its names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from assistant.core.home import HomeView

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of one language. `values`: slot → what may stand there."""

    article: str
    home: tuple[str, ...]
    area: tuple[str, ...]
    domain: Mapping[str, tuple[str, ...]]
    values: Mapping[str, tuple[str, ...]]


@cache
def frames_of(language: str) -> Frames | None:
    """The frames of a language; None where nobody wrote any."""
    file = Path(__file__).parent / "likely" / f"{language}.toml"
    if not file.exists():
        return None
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    values = {key: tuple(value) for key, value in data.items() if key not in ("article", "home", "area", "domain")}
    domains = {domain: tuple(frames) for domain, frames in data["domain"].items()}
    return Frames(data["article"], tuple(data["home"]), tuple(data["area"]), domains, values)


def likely_phrases(language: str, home: HomeView) -> Iterator[str]:
    """The sentences, in turn, so that wherever they are cut off no frame and no name has taken the room of the others.

    Each name is said with the language's article first; without it only when all else was said."""
    frames = frames_of(language)
    if frames is None:
        return
    unnamed = [_filled(frame, frames, {}) for frame in frames.home]
    named = [(("name", entity.name, *entity.aliases), frames.domain.get(entity.domain, ())) for entity in home.entities]
    named += [(("area", area.name, *area.aliases), frames.area) for area in home.areas]
    for has_article in (True, False) if frames.article else (False,):
        streams = list(unnamed)
        unnamed = []
        for (slot, *names), own_frames in named:
            said = [f"{frames.article} {name}" if has_article else name for name in names]
            streams.append(in_turn([_filled(frame, frames, {slot: said}) for frame in own_frames]))
        yield from in_turn(streams)


def in_turn(sources: Sequence[Iterator[str]]) -> Iterator[str]:
    """One of each source after the other, until all are used up."""
    waiting = list(sources)
    while waiting:
        left = []
        for source in waiting:
            sample = next(source, None)
            if sample is not None:
                yield sample
                left.append(source)
        waiting = left


def _filled(frame: str, frames: Frames, own: Mapping[str, Sequence[str]]) -> Iterator[str]:
    slots = list(dict.fromkeys(_SLOT.findall(frame)))
    for chosen in product(*(own.get(slot) or frames.values.get(slot, ()) for slot in slots)):
        yield frame.format(**dict(zip(slots, chosen, strict=True)))
