"""Cuts a file into its components, line by line and with limits, before anything of it is interpreted."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.core.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
MAX_COMPONENTS = 100_000
MAX_LINE_CHARS = 64 * 1024
"""Of a line that matters, unfolded; nobody says a name that long, and no rule is."""
MAX_LINES = 2000
"""Of one component."""
MAX_CHARS = 256 * 1024
"""Of one component, of what matters."""
MAX_DEPTH = 4
_PLAIN = frozenset(
    [
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DUE",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "STATUS",
        "CATEGORIES",
        "TRIGGER",
        "ACTION",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "X-LIC-LOCATION",
    ]
)
_OWN = "X-ASSISTANT-"
_LINE = re.compile(r"[^\r\n]+")
_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(slots=True)
class Chunk:
    """One component of the calendar (event, to-do, zone), cut to the lines that matter; `problem` tells what is wrong
    with them."""

    kind: str
    lines: list[str] = field(default_factory=list)
    problem: str = ""
    length: int = 0

    @property
    def text(self) -> str:
        """As a component of its own."""
        return "\r\n".join((f"BEGIN:{self.kind}", *self.lines, f"END:{self.kind}", ""))

    def first(self, name: str) -> str:
        """The raw value of the first line of that name in the component itself, empty if there is none."""
        depth = 0
        for line in self.lines:
            depth += line.startswith("BEGIN:") - line.startswith("END:")
            if not depth and line.startswith(name) and line[len(name) : len(name) + 1] in {":", ";"}:
                return line.partition(":")[2]
        return ""


@dataclass(slots=True)
class Cut:
    """A file in parts, and the name that it gives itself."""

    name: str = ""
    chunks: list[Chunk] = field(default_factory=list)


def cut(data: bytes) -> Cut:
    """The file's parts. Raises InputError for what is no calendar, or not a whole one."""
    if len(data) > MAX_BYTES:
        raise InputError("the file is too long", why=f"it has {len(data)} bytes", fix=f"at most {MAX_BYTES} are taken")
    return _Cutter().cut(_lines(_text(data)))


def _text(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode("utf-8-sig", "replace")


def _lines(text: str) -> Iterator[str]:
    """Logical lines: one that begins with a blank goes on with the line before. Those that don't matter are skipped."""
    parts: list[str] = []
    for found in _LINE.finditer(text):
        if text[found.start()] in " \t":
            parts.append(text[found.start() + 1 : found.end()])
            continue
        if parts:
            yield "".join(parts)
        parts = [found.group()]
    if parts:
        yield "".join(parts)


class _Cutter:
    """Walks the lines once."""

    def __init__(self) -> None:
        self._result = Cut()
        self._open: list[str] = []
        self._chunk: Chunk | None = None
        self._is_whole = False

    def cut(self, lines: Iterator[str]) -> Cut:
        for line in lines:
            found = _NAME.match(line)
            name = found.group().upper() if found else ""
            if name == "BEGIN":
                self._begin(line[6:].strip().upper())
            elif not self._open:
                break
            elif name == "END":
                self._end(line[4:].strip().upper())
            elif self._chunk is not None:
                self._keep(name, line)
            elif name == "X-WR-CALNAME" and not self._result.name:
                self._result.name = line.partition(":")[2].strip()[:200]
        if not self._is_whole or self._open:
            self._refuse()
        return self._result

    def _refuse(self) -> None:
        if self._open:
            raise InputError("the calendar is not whole", why=f"{self._open[-1]} has no end", fix="get the file anew")
        raise InputError("this is no calendar", why="it doesn't begin with BEGIN:VCALENDAR", fix="give an .ics file")

    def _begin(self, kind: str) -> None:
        if not self._open and kind != "VCALENDAR":
            self._refuse()
        self._open.append(kind)
        if len(self._open) == 2:
            self._chunk = Chunk(kind)
        elif self._chunk is not None:
            self._add(self._chunk, f"BEGIN:{kind}")
            if len(self._open) > MAX_DEPTH:
                self._chunk.problem = "its parts lie in each other too deep"

    def _end(self, kind: str) -> None:
        if self._open[-1] != kind:
            raise InputError(
                "the calendar can't be read", why=f"{self._open[-1]} ends as {kind[:40]}", fix="get the file anew"
            )
        self._open.pop()
        if not self._open:
            self._is_whole = True
        elif len(self._open) == 1:
            self._close()
        elif self._chunk is not None:
            self._add(self._chunk, f"END:{kind}")

    def _close(self) -> None:
        if self._chunk is None:
            return
        self._result.chunks.append(self._chunk)
        self._chunk = None
        if len(self._result.chunks) > MAX_COMPONENTS:
            raise InputError("the calendar is too long", why=f"it has more than {MAX_COMPONENTS} entries")

    def _keep(self, name: str, line: str) -> None:
        chunk = self._chunk
        if chunk is None or not (name in _PLAIN or name.startswith(_OWN)):
            return
        if len(line) > MAX_LINE_CHARS:
            chunk.problem = f"{name} is {len(line)} characters long"
            line = line[:200]
        # the parser warns of every such name; we look them up ourselves
        rest = line[len(name) :].replace(";TZID=/", ";TZID=")
        self._add(chunk, name + rest)

    def _add(self, chunk: Chunk, line: str) -> None:
        if len(chunk.lines) >= MAX_LINES:
            chunk.problem = f"it has more than {MAX_LINES} lines"
        elif chunk.length + len(line) > MAX_CHARS:
            chunk.problem = f"it is longer than {MAX_CHARS} characters"
        else:
            chunk.lines.append(line)
            chunk.length += len(line)
