"""Names and areas out of Zigbee2MQTT's settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant.cli.home import app
from assistant.cli.home_import import bridge_settings
from assistant.core.errors import InputError
from assistant.home.areas import Given, HomeFile, read_home_file
from assistant.home.bridge_settings import Named, as_entries, missing_from, named_things

SETTINGS = """
mqtt:
  password: '!secret.yaml password'
  key: !secret key
devices:
  '0x00aa':
    friendly_name: attic/reading_lamp
  0x00bb:
    friendly_name: Bell
    description: |
      old one
      area: Hall
  '0x00cc': {friendly_name: '0x00cc'}
groups:
  '4': {friendly_name: cellar/all lamps}
"""
THINGS = [
    Named("0x00aa", "reading lamp", "attic"),
    Named("0x00bb", "Bell", "Hall"),
    Named("cellar/all lamps", "all lamps", "cellar"),
]


def test_names_and_areas_are_found(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(SETTINGS)
    assert named_things(bridge_settings(tmp_path)) == THINGS
    assert named_things(bridge_settings(tmp_path / "configuration.yaml")) == THINGS


def test_devices_may_lie_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("devices: [devices.yaml, more.yaml]\ngroups: groups.yaml\n")
    (tmp_path / "devices.yaml").write_text("0x00aa: {friendly_name: attic/reading_lamp}")
    (tmp_path / "more.yaml").write_text("0x00bb: {friendly_name: Bell, description: 'area: Hall'}")
    (tmp_path / "groups.yaml").write_text("4: {friendly_name: cellar/all lamps}")
    assert named_things(bridge_settings(tmp_path)) == THINGS


def test_what_is_written_is_read_again() -> None:
    file = read_home_file(as_entries(THINGS), "home.toml")
    assert file.given_to(["0x00aa"]) == Given("reading lamp", "attic")
    assert missing_from(file, THINGS) == []
    assert missing_from(HomeFile(), THINGS) == THINGS


@pytest.mark.parametrize("text", ["[", "- 1", "x: [", ""])
def test_what_is_no_settings_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "configuration.yaml").write_text(text)
    with pytest.raises(InputError, match=r"configuration\.yaml"):
        bridge_settings(tmp_path)


def test_a_folder_without_settings_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        bridge_settings(tmp_path)


@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=2, max_size=2))
def test_any_name_can_be_written(names: list[str]) -> None:
    friendly = "/".join(names)
    things = named_things({"devices": {"0x01": {"friendly_name": friendly.encode("utf-8", "replace").decode()}}})
    assert missing_from(read_home_file(as_entries(things), "home.toml"), things) == []


def test_the_command_adds_what_is_new_and_leaves_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, data, bridge = tmp_path / "config.toml", tmp_path / "data", tmp_path / "bridge"
    data.mkdir()
    bridge.mkdir()
    config.write_text(f"[daemon]\ndata_dir = '{data}'\n")
    (bridge / "configuration.yaml").write_text(SETTINGS)
    (data / "home.toml").write_text('# mine\n[things."0x00bb"]\nname = "Gong"\n')
    monkeypatch.setenv("ASSISTANT_CONFIG", str(config))
    shown = CliRunner().invoke(app, ["import-zigbee2mqtt", str(bridge), "--dry-run"])
    assert shown.exit_code == 0
    assert "reading lamp" in shown.output
    assert "Bell" not in shown.output
    assert "0x00aa" not in (data / "home.toml").read_text()
    assert CliRunner().invoke(app, ["import-zigbee2mqtt", str(bridge)]).exit_code == 0
    text = (data / "home.toml").read_text()
    assert text.startswith('# mine\n[things."0x00bb"]\nname = "Gong"\n')
    assert read_home_file(text, "home.toml").given_to(["0x00aa"]) == Given("reading lamp", "attic")
    assert "nothing new" in CliRunner().invoke(app, ["import-zigbee2mqtt", str(bridge)]).output
