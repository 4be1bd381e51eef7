"""A message's payload as the readers of it want it: text, or JSON, each made once however many read it."""

from __future__ import annotations

import json
from datetime import datetime

MAX_BYTES = 500_000


class NotJson(ValueError):
    """The payload is no JSON."""


class Payload:
    """One payload; bytes that are no UTF-8 become replacement characters."""

    __slots__ = ("_fault", "_json", "at", "text")

    def __init__(self, raw: bytes, at: datetime | None = None) -> None:
        self.at = at
        self.text = raw.decode("utf-8", "replace")
        self._json: object = None
        self._fault: str | None = None

    def json(self) -> object:
        """The parsed JSON. Raises NotJson."""
        if self._fault is None:
            self._parse()
        if self._fault:
            raise NotJson(self._fault)
        return self._json

    def _parse(self) -> None:
        try:
            self._json, self._fault = json.loads(self.text), ""
        except (ValueError, RecursionError):
            self._fault = "not JSON"
