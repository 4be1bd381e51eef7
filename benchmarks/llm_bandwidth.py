"""How fast memory is read and copied by so many threads, as STREAM counts it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

SIZE_BYTES = 256 * 1024 * 1024
"""Of each array; no cache holds it."""
_GIGABYTE = 1e9


def bandwidth_gb_s(threads: int, repeats: int = 5, size_bytes: int = SIZE_BYTES) -> dict[str, float]:
    """Gigabytes per second of reading, and of copying (both ways counted); the best of several."""
    count = size_bytes // threads // 8
    sources = [np.ones(count, np.float64) for _ in range(threads)]
    targets = [np.zeros(count, np.float64) for _ in range(threads)]
    moved = count * threads * 8
    with ThreadPoolExecutor(threads) as pool:
        read_s = _best_s(pool, [_reading(source) for source in sources], repeats)
        copy_s = _best_s(
            pool, [_copying(target, source) for target, source in zip(targets, sources, strict=True)], repeats
        )
    return {"read": moved / read_s / _GIGABYTE, "copy": 2 * moved / copy_s / _GIGABYTE}


def _reading(source: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Callable[[], object]:
    # a product with itself is read-only, runs in vector registers and outside of the interpreter's lock
    return lambda: np.dot(source, source)


def _copying(
    target: np.ndarray[tuple[int], np.dtype[np.float64]], source: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Callable[[], object]:
    return lambda: np.copyto(target, source)


def _best_s(pool: ThreadPoolExecutor, work: Sequence[Callable[[], object]], repeats: int) -> float:
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        for each in [pool.submit(one) for one in work]:
            each.result()
        best = min(best, time.perf_counter() - began)
    return best
