"""What it costs to load a reader of times, measured in fresh processes: import and first call."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping

from assistant.core.errors import InputError
from benchmarks.time_cases import Case

_RUNS = 5
_TIMEOUT_S = 60.0
_PROBE = """
import json, sys
from time import perf_counter
def rss_mb():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
empty_mb, began = rss_mb(), perf_counter()
{body}
print(json.dumps({{
    "import_ms": (perf_counter() - began) * 1000,
    "rss_mb": rss_mb() - empty_mb,
    "process_mb": rss_mb(),
}}))
"""


def product_cost(case: Case) -> dict[str, object]:
    """`import_ms`, `rss_mb` (what the process grew by) and `process_mb` (all of it) of the product's reader."""
    body = (
        "from datetime import datetime\n"
        "from assistant.core.values import Kind, Reading\n"
        "from assistant.language.found import found_in\n"
        f"kinds = frozenset(map(Kind, {sorted(kind.value for kind in case.kinds)!r}))\n"
        f"now = datetime.fromisoformat({case.reading.now.isoformat()!r})\n"
        f"found_in({case.text!r}, Reading(now, {case.reading.locale!r}), kinds)"
    )
    return cost_of(body)


def cost_of(body: str) -> dict[str, object]:
    """Medians of some fresh processes that run `body`. Raises InputError when it can't run."""
    runs = [_one(_PROBE.format(body=body)) for _ in range(_RUNS)]
    return {key: round(statistics.median(float(run[key]) for run in runs), 1) for key in runs[0]}


def _one(program: str) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        raise InputError("a fresh process could not read a time", why=done.stderr.strip()[-500:])
    parsed: Mapping[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return parsed
