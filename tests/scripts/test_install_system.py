"""System packages: installed where that is allowed, else one list of what to install."""

from __future__ import annotations

import pytest

from tests.scripts.conftest import Sandbox

pytestmark = pytest.mark.process
SCRIPT = "scripts/install-system.sh"


def bring(*programs: str) -> str:
    """A body of apt-get that brings these programs."""
    lines = [f'printf "#!/bin/bash\\n" > $(dirname $0)/{name}; /bin/chmod +x $(dirname $0)/{name}' for name in programs]
    return 'if [[ " $* " == *" install "* ]]; then\n' + "\n".join(lines) + "\nfi"


@pytest.fixture
def bare(sandbox: Sandbox) -> Sandbox:
    """A machine that lacks aplay, mosquitto's clients, PulseAudio, Python; libraries are the host's."""
    sandbox.program("ldconfig", 'echo "libportaudio.so.2"')
    sandbox.program("espeak-ng", "")
    sandbox.program("python3", "exit 0")
    sandbox.called()
    return sandbox


def test_without_root_or_sudo_one_list_is_printed_and_nothing_is_tried(bare: Sandbox) -> None:
    bare.program("id", "echo 1000")
    bare.program("apt-get", "")
    done = bare.run(SCRIPT, "run")
    assert done.returncode == 1
    assert "needs root or sudo" in done.stderr
    listed = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert "alsa-utils" in listed
    assert "espeak-ng" not in listed
    assert "mosquitto" not in listed
    assert not any(line.startswith("apt-get") for line in bare.called())


def test_a_sudo_that_wants_a_password_nobody_can_type_is_not_waited_for(bare: Sandbox) -> None:
    bare.program("id", "echo 1000")
    bare.program("apt-get", "")
    bare.program("sudo", "exit 1")
    done = bare.run(SCRIPT, "run")
    assert done.returncode == 1
    assert "password" in done.stderr
    assert [line for line in bare.called() if line.startswith("sudo")] == ["sudo -n true"]


def test_a_system_without_apt_gets_the_list_too(bare: Sandbox) -> None:
    done = bare.run(SCRIPT, "run")
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "alsa-utils" in done.stderr


def test_root_installs_exactly_what_is_missing(bare: Sandbox) -> None:
    bare.program("id", "echo 0")
    bare.program("env", 'shift; "$@"')
    bare.program("systemctl", "")
    bare.program("apt-get", bring("aplay", "pulseaudio", "pactl", "mosquitto", "mosquitto_pub", "sox", "flac"))
    done = bare.run(SCRIPT, "test")
    assert done.returncode == 0, done.stderr
    calls = [line for line in bare.called() if line.startswith("apt-get")]
    assert calls[0].startswith("apt-get update")
    wanted = calls[1].split("--no-install-recommends ")[1].split()
    assert {"alsa-utils", "pulseaudio", "pulseaudio-utils", "mosquitto-clients"} <= set(wanted)
    assert not {"espeak-ng", "libportaudio2", "python3-venv"} & set(wanted)
    assert bare.run(SCRIPT, "test").returncode == 0
    assert not any(line.startswith("apt-get") for line in bare.called())


def test_a_failed_installation_says_so_with_the_list(bare: Sandbox) -> None:
    bare.program("id", "echo 0")
    bare.program("env", 'shift; "$@"')
    bare.program("apt-get", '[[ " $* " != *" install "* ]]')
    done = bare.run(SCRIPT, "run")
    assert done.returncode == 1
    assert "apt-get install failed" in done.stderr
    assert "sudo apt-get install" in done.stderr


def test_a_package_that_brings_nothing_is_noticed(bare: Sandbox) -> None:
    bare.program("id", "echo 0")
    bare.program("env", 'shift; "$@"')
    bare.program("apt-get", "")
    done = bare.run(SCRIPT, "run")
    assert done.returncode == 1
    assert "still not usable" in done.stderr


def test_an_unknown_need_is_a_usage_error(bare: Sandbox) -> None:
    assert bare.run(SCRIPT, "everything").returncode == 2
