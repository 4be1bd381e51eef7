"""Configuration: every fault at once, with the nearest key; environment over file."""

from pathlib import Path

import pytest

from assistant.core.errors import ConfigError, StoreError
from assistant.core.settings import HookSettings, Settings
from assistant.daemon.config import as_toml, keys, load_config
from assistant.daemon.paths import Paths


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_faults_are_told_together_with_the_nearest_key(tmp_path: Path) -> None:
    file = write(tmp_path, '[general]\nlangage = "en"\n[audio]\nvolume_percent = 200\n[mqt]\nhost = "a"\n')
    with pytest.raises(ConfigError) as caught:
        load_config({}, file)
    text = str(caught.value)
    assert "general.langage: no such key; did you mean 'language'?" in text
    assert "audio.volume_percent = 200" in text
    assert "mqt: no such key; did you mean 'mqtt'?" in text
    assert str(file) in text


def test_a_key_in_the_wrong_section_is_shown_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'general\.language'"):
        load_config({}, write(tmp_path, 'language = "en"\n'))


def test_wrong_type_names_key_and_value(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mqtt\.port = 'many'"):
        load_config({}, write(tmp_path, '[mqtt]\nport = "many"\n'))


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 1"):
        load_config({}, write(tmp_path, "[general\n"))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="config init"):
        load_config({}, tmp_path / "none.toml")


def test_unknown_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such time zone"):
        load_config({}, write(tmp_path, '[general]\nzone = "Mars/Base"\n'))


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, '[general]\nlanguage = "en"\n[mqtt]\nport = 1\n')
    environ = {"ASSISTANT_LANGUAGE": "ko", "ASSISTANT_MQTT_PORT": "1900", "ASSISTANT_WAKE_WORDS": "alexa, okay_nabu"}
    config = load_config(environ, file)
    assert config.settings.general.language == "ko"
    assert config.settings.mqtt.port == 1900
    assert config.settings.wake.words == ("alexa", "okay_nabu")
    assert set(config.from_environment) == set(environ)


def test_written_configuration_is_read_back_the_same(tmp_path: Path) -> None:
    settings = load_config({"ASSISTANT_GENERAL_NAME": 'A "quoted" \\ name', "ASSISTANT_ZONE": "Europe/Berlin"}).settings
    for with_comments in (True, False):
        file = write(tmp_path, as_toml(settings, with_comments=with_comments))
        assert load_config({}, file).settings == settings


def test_secrets_are_never_shown() -> None:
    settings = load_config({"ASSISTANT_MQTT_PASSWORD": "hunter2"}).settings
    assert "hunter2" not in as_toml(settings, with_comments=False)


def test_every_key_has_a_description() -> None:
    assert len(keys()) > 40
    for section, key in keys():
        field = Settings.model_fields[section].annotation.model_fields[key]  # type: ignore[union-attr]
        assert field.description, f"{section}.{key}"
    assert all(field.description for field in HookSettings.model_fields.values())


def test_hooks_are_written_and_read_back(tmp_path: Path) -> None:
    text = (
        '[[hooks]]\ntopic = "a/b"\nequals = [true, 3]\nsay = "Hi \\"you\\""\n\n[[hooks]]\non = "heard"\npublish = "c"\n'
    )
    settings = load_config({}, write(tmp_path, text)).settings
    assert [hook.equals for hook in settings.hooks] == [("true", "3"), ()]
    again = write(tmp_path, as_toml(settings, with_comments=True))
    assert load_config({}, again).settings == settings


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        ('say = "x"', "either a topic or an on"),
        ('topic = "a"', "does something"),
        ('on = "heard"\nsay = "x"', "publish only"),
        ('topic = "a"\nsay = "x"\ntopc = "b"', "no such key"),
    ],
)
def test_a_hook_that_cannot_work_is_refused(tmp_path: Path, hook: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        load_config({}, write(tmp_path, f"[[hooks]]\n{hook}\n"))


def test_a_folder_that_cannot_be_written_is_named_with_the_fix(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(StoreError, match="write permission"):
        Paths(blocker / "data", tmp_path / "models", tmp_path / "run").prepare()
