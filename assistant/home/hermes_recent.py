"""The last moment of each satellite's sound: who speaks on after the wake word in one breath began in there."""

from __future__ import annotations

from collections import deque

from assistant.home.hermes_sites import MAX_SITES

OVERLAP_S = 0.15
"""Wake words are noticed, and told, up to so long after their end."""
MAX_CHUNKS, MAX_CHUNK_BYTES = 4, 8_000


class Recent:
    """Chunks as they came; nothing older than a moment is ever given out."""

    def __init__(self) -> None:
        self._chunks: dict[str, deque[tuple[float, bytes]]] = {}

    def keep(self, site: str, payload: bytes, now_s: float) -> None:
        """Another chunk."""
        if len(payload) > MAX_CHUNK_BYTES or (site not in self._chunks and len(self._chunks) >= MAX_SITES):
            return
        self._chunks.setdefault(site, deque(maxlen=MAX_CHUNKS)).append((now_s, payload))

    def take(self, site: str, now_s: float) -> tuple[bytes, ...]:
        """What came within the last moment, in order; all of that site is forgotten."""
        chunks = self._chunks.pop(site, ())
        return tuple(payload for at_s, payload in chunks if now_s - at_s <= OVERLAP_S)

    def clear(self) -> None:
        """Forget everything."""
        self._chunks.clear()
