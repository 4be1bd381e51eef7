"""The service on a staged layout, judged by systemd's own tools."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from assistant.daemon.config import load_config
from assistant.daemon.service import Layout, install, render_unit, uninstall
from assistant.daemon.service_network import PRIVATE_RANGES, addresses_of

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def staged(tmp_path: Path, **environ: str) -> Layout:
    layout = Layout(tmp_path / "root")
    models = tmp_path / "models"
    (models / "tiny").mkdir(parents=True)
    (models / "tiny/weights").write_bytes(b"123")
    names = {f"ASSISTANT_{key}": value for key, value in environ.items()}
    install(layout, load_config({"ASSISTANT_MODELS_DIR": str(models), **names}), Path("/bin/true"), start=False)
    return layout


def test_everything_is_put_in_place_and_a_second_install_keeps_the_configuration(tmp_path: Path) -> None:
    layout = staged(tmp_path)
    layout.config.write_text("# mine\n")
    install(layout, load_config({}), Path("/bin/true"), start=False)
    assert "ExecStart=/bin/true run" in layout.unit.read_text()
    assert (layout.models / "tiny/weights").read_bytes() == b"123"
    assert layout.config.read_text() == "# mine\n"
    assert (layout.root / "etc/sysusers.d/assistant.conf").exists()


@needs_systemd
def test_the_unit_is_valid_and_its_exposure_is_low(tmp_path: Path) -> None:
    unit = staged(tmp_path).unit
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", str(unit)], capture_output=True, text=True)
    exposure = re.search(r"Overall exposure level.*?: ([\d.]+)", rated.stdout)
    assert exposure, rated.stdout + rated.stderr
    assert float(exposure[1]) <= 2.0


def test_a_checkout_in_a_home_folder_is_bound_into_the_services_view() -> None:
    text = render_unit(Path("/home/pi/assistant/.venv/bin/assistant"))
    assert "BindReadOnlyPaths=/home/pi/assistant\n" in text
    assert "@" not in re.sub(r"^#.*$|=~?@\S+.*$", "", text, flags=re.MULTILINE)


OUTSIDE: dict[str, dict[str, str]] = {
    "a broker in the home": {"MQTT_MODE": "external", "MQTT_HOST": "broker.lan"},
    "devices at our own broker": {"MQTT_HOST": "0.0.0.0", "MQTT_USERNAME": "me", "MQTT_PASSWORD": "long enough"},
    "a calendar in the home": {"CALENDAR_CALDAV_URL": "https://10.1.2.3/dav/"},
}


@pytest.mark.parametrize("environ", OUTSIDE.values(), ids=OUTSIDE)
def test_the_homes_network_opens_for_what_is_configured_there(tmp_path: Path, environ: dict[str, str]) -> None:
    text = staged(tmp_path, **environ).network_drop_in.read_text()
    assert f"IPAddressAllow={PRIVATE_RANGES}\n" in text


@pytest.mark.parametrize("environ", [{}, {"MQTT_MODE": "external", "MQTT_HOST": "127.0.0.1"}, {"MQTT_MODE": "off"}])
def test_nothing_opens_for_what_stays_on_this_machine(tmp_path: Path, environ: dict[str, str]) -> None:
    assert not staged(tmp_path, **environ).network_drop_in.exists()


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("localhost", ""),
        ("::1", ""),
        ("192.168.7.1", PRIVATE_RANGES),
        ("hub", PRIVATE_RANGES),
        ("Hub.Local.", PRIVATE_RANGES),
        ("8.8.4.4", "8.8.4.4"),
        ("dav.example.org", "any"),
    ],
)
def test_as_little_as_a_host_needs_is_opened(host: str, addresses: str) -> None:
    assert addresses_of(host) == addresses


@needs_systemd
def test_the_unit_with_its_drop_in_is_valid(tmp_path: Path) -> None:
    environ = {**OUTSIDE["a broker in the home"], "CALENDAR_CALDAV_URL": "https://dav.example.org/"}
    unit = staged(tmp_path, **environ).unit
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_uninstall_keeps_configuration_and_data(tmp_path: Path) -> None:
    layout = staged(tmp_path)
    steps = uninstall(layout)
    assert not layout.unit.exists()
    assert layout.config.exists()
    assert "kept" in steps[-1]


def test_a_place_that_cannot_be_written_names_the_fix(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("a file, no folder")
    with pytest.raises(StoreError, match="sudo assistant service install"):
        install(Layout(tmp_path / "root"), load_config({}), Path("/bin/true"), start=False)
