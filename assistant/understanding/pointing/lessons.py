"""Written examples as rows that the encoder learns from."""

from __future__ import annotations

from assistant.llm.pointer.lessons import LessonRow
from assistant.understanding.examples.pairs import Written
from assistant.understanding.pointing.signatures import NotPointable, pointed_of, shown_of, signature_of


def row_of(written: Written) -> LessonRow | None:
    """None for an example that classes and pointers can't say."""
    tools = {tool.name: tool for tool in written.shown.tools}
    try:
        calls = pointed_of(written.answer, written.shown)
    except NotPointable:
        return None
    signed = [(pointed, signature_of(tools[pointed.name.split("|")[0]])) for pointed in calls]
    return LessonRow.of(shown_of(written.shown), signed)
