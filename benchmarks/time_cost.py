"""What it costs to load a reader of times, measured in fresh processes: the import, and the first call."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from tempfile import TemporaryDirectory

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
{imports}
imported = perf_counter()
{call}
print(json.dumps({{
    "import_ms": (imported - began) * 1000,
    "first_call_ms": (perf_counter() - imported) * 1000,
    "rss_mb": rss_mb() - empty_mb,
    "process_mb": rss_mb(),
}}))
"""


def product_cost(case: Case) -> dict[str, object]:
    """`import_ms`, `first_call_ms`, `rss_mb` (what the process grew by with both) and `process_mb` (all of it)."""
    imports = (
        "from datetime import datetime\n"
        "from assistant.core.values import Kind, Reading\n"
        "from assistant.language.found import found_in"
    )
    call = (
        f"kinds = frozenset(map(Kind, {sorted(kind.value for kind in case.kinds)!r}))\n"
        f"now = datetime.fromisoformat({case.reading.now.isoformat()!r})\n"
        f"found_in({case.text!r}, Reading(now, {case.reading.locale!r}), kinds)"
    )
    return cost_of(imports, call)


def cost_of(imports: str, call: str) -> dict[str, object]:
    """Medians of some fresh processes that run both. Raises InputError when they can't run."""
    with TemporaryDirectory() as compiled:  # byte code is there once installed, whatever this environment says
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
        program = _PROBE.format(imports=imports, call=call)
        _one(program, environment)
        runs = [_one(program, environment) for _ in range(_RUNS)]
    return {key: round(statistics.median(float(run[key]) for run in runs), 1) for key in runs[0]}


def _one(program: str, environment: Mapping[str, str]) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        raise InputError("a fresh process could not read a time", why=done.stderr.strip()[-500:])
    parsed: Mapping[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return parsed
