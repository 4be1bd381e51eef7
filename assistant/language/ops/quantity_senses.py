"""What numbers, ordinals, lengths and measures mean outside."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.core.values import Kind, Meaning, Reading
from assistant.language.ops.quantities import meanings
from assistant.language.ops.senses import Sense


def _read(value: object, reading: Reading) -> tuple[Meaning, ...]:  # noqa: ARG001  # the same whenever it is said
    return meanings(value)


SENSES: Sequence[Sense] = (
    Sense(Kind.NUMBER, frozenset({"number"}), _read),
    Sense(Kind.ORDINAL, frozenset({"ordinal"}), _read),
    Sense(Kind.LENGTH, frozenset({"length", "several"}), _read),
    Sense(Kind.MEASURE, frozenset({"measure"}), _read),
)
