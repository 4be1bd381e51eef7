"""Rows to learn from as they lie in a file: texts, class names and pointers; read into lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.llm.pointer.goals import Pointed, Signature, goal_points
from assistant.llm.pointer.layout import Encode, Shown, layout
from assistant.llm.pointer.learning import Goal, Lesson
from assistant.llm.pointer.shape import CALLS


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One utterance with what it means."""

    shown: Shown
    classes: tuple[str, ...]
    points: tuple[tuple[int, str, int], ...]
    """Call, head, and what that points at (from 1; 0: nothing)."""

    @classmethod
    def of(cls, shown: Shown, calls: Sequence[tuple[Pointed, Signature]]) -> LessonRow:
        """From calls in order."""
        points = [
            (at, head, place)
            for at, (pointed, signature) in enumerate(calls)
            for head, place in goal_points(pointed, signature).items()
        ]
        return cls(shown, tuple(pointed.name for pointed, _ in calls), tuple(points))

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        shown = self.shown
        texts = {"said": shown.said, "things": shown.things, "areas": shown.areas, "floors": shown.floors}
        return {**texts, "classes": self.classes, "points": self.points}

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> LessonRow:
        """From JSON. Raises KeyError, TypeError, ValueError."""
        shown = Shown(given["said"], tuple(given["things"]), tuple(given["areas"]), tuple(given["floors"]))
        points = tuple((int(call), str(head), int(at)) for call, head, at in given["points"])
        return cls(shown, tuple(given["classes"]), points)


def lesson_of(row: LessonRow, classes: Mapping[str, int], encode: Encode) -> Lesson | None:
    """A row as tokens and goals; None for one with more calls than fit, or of a class not known."""
    if len(row.classes) > CALLS or any(name not in classes for name in row.classes):
        return None
    wanted = [classes[name] for name in row.classes]
    goal = Goal((*wanted, *[0] * (CALLS - len(wanted))), {(call, head): at for call, head, at in row.points})
    return Lesson(layout(row.shown, encode), goal)
