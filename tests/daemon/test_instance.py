"""One instance per data folder, also after kill -9."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.core.errors import AlreadyRunning
from assistant.daemon.instance import only_instance
from assistant.daemon.paths import Paths

HOLD = """
import sys, time
from pathlib import Path
from assistant.daemon.instance import only_instance
from assistant.daemon.paths import Paths
folder = Path(sys.argv[1])
with only_instance(Paths(folder, folder, folder)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_instance_is_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=f"process {holder.pid}"), only_instance(paths):
            pass
        holder.kill()
    with only_instance(paths):
        assert paths.lock_file.read_text().strip().isdigit()
