"""Choosing devices by name, and trying rates."""

from __future__ import annotations

import pytest

from assistant.audio.devices import choose, first_accepted, forms, stable_name
from assistant.audio.portaudio import Device, Direction, StreamForm
from assistant.core.errors import DeviceMissing, RateRefused
from tests.audio.scripted import device

HDMI = device("vc4-hdmi: MAI PCM i2s-hifi-0 (hw:0,0)")
USB = device("USB PnP Sound Device: Audio (hw:1,0)")
DEFAULT = Device(2, "ALSA", "default", Direction.INPUT, 32, 44_100, is_default=True)


def test_the_default_device_is_taken_when_nothing_is_asked_for() -> None:
    assert choose([HDMI, USB, DEFAULT], "", Direction.INPUT) is DEFAULT


def test_without_a_default_the_first_one_is_taken() -> None:
    assert choose([HDMI, USB], "", Direction.INPUT) is HDMI


@pytest.mark.parametrize("wanted", ["usb", "PnP Sound", "ALSA: USB PnP Sound Device: Audio", "hw:1,0"])
def test_part_of_the_name_is_enough(wanted: str) -> None:
    assert choose([HDMI, USB, DEFAULT], wanted, Direction.INPUT) is USB


def test_a_whole_name_wins_over_a_part_of_another() -> None:
    longer = device("usb mic two")
    whole = device("usb mic")
    assert choose([longer, whole], "USB mic", Direction.INPUT) is whole


def test_the_stable_name_leaves_out_the_card_number() -> None:
    assert stable_name(USB) == "ALSA: USB PnP Sound Device: Audio"
    assert stable_name(USB) == stable_name(device("USB PnP Sound Device: Audio (hw:3,0)"))


def test_a_name_that_is_not_there_lists_what_is() -> None:
    with pytest.raises(DeviceMissing) as caught:
        choose([HDMI, USB], "jabra", Direction.INPUT)
    assert "USB PnP Sound Device: Audio" in caught.value.why
    assert "audio.microphone" in caught.value.fix


def test_no_device_at_all_names_the_setting_that_switches_it_off() -> None:
    with pytest.raises(DeviceMissing, match="no speaker was found") as caught:
        choose([], "", Direction.OUTPUT)
    assert "audio.speaker" in caught.value.fix


def test_the_devices_own_rate_comes_first_and_mono_before_stereo() -> None:
    tries = forms(device("x", rate_hz=32_000), 0.032)
    assert [(form.rate_hz, form.channels) for form in tries[:3]] == [(32_000, 1), (32_000, 2), (48_000, 1)]
    assert tries[0].block_samples == 1024
    assert len({(form.rate_hz, form.channels) for form in tries}) == len(tries)


def test_the_first_form_that_is_not_refused_is_used() -> None:
    def open_stream(form: StreamForm) -> str:
        if (form.rate_hz, form.channels) != (44_100, 2):
            raise RateRefused("no")
        return "open"

    opened, form = first_accepted(open_stream, forms(device("x"), 0.032))
    assert (opened, form.rate_hz, form.channels) == ("open", 44_100, 2)


def test_a_device_that_refuses_all_rates_is_told_with_what_was_tried() -> None:
    def open_stream(form: StreamForm) -> str:
        raise RateRefused("no")

    with pytest.raises(RateRefused, match="refuses every sample rate") as caught:
        first_accepted(open_stream, forms(device("x"), 0.032))
    assert "48000, 44100, 16000" in caught.value.why
