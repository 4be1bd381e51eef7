"""`assistant audio`: which microphones and speakers there are, whether they work, and how loud it is."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from assistant.audio import Microphone, PortAudioSpeaker, dbfs
from assistant.audio.check import RECORD_S, Fault, Recorded, play_and_record
from assistant.audio.devices import OFF, choose, stable_name
from assistant.audio.level import SILENCE_DBFS
from assistant.audio.portaudio import PORTAUDIO, Device, Direction
from assistant.cli.terminal import Exit, current_config, err, out, print_error, print_json, run_async
from assistant.core.clock import SystemClock
from assistant.core.errors import AudioError, DeviceMissing
from assistant.core.settings import AudioSettings

app = typer.Typer(
    help="Microphones and speakers: what is there, whether it works, how loud it is.", no_args_is_help=True
)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]

METER_CELLS = 48
FRAMES_PER_UPDATE = 3
_ADVICE = {
    Fault.NOTHING_RECORDED: "nothing was recorded: check that the microphone is plugged in and not taken by others",
    Fault.ONLY_ZEROS: "the microphone sends digital silence: it is muted, or its capture switch is off (alsamixer)",
    Fault.QUIET: "the recording is very quiet: raise the capture level (alsamixer), or speak while it runs",
    Fault.CLIPPED: "the recording is distorted: lower the capture level",
    Fault.TONE_NOT_HEARD: "the microphone did not hear the tone: check the speaker's volume (a headset is fine)",
}


@app.command("list")
def list_devices(as_json: AsJson = False) -> None:
    """List the devices; part of a name is what audio.microphone and audio.speaker take."""
    settings = current_config().settings.audio
    rows = [row for direction in Direction for row in _rows(direction, _wanted(settings, direction))]
    if as_json:
        print_json({"devices": rows})
        return
    table = Table("direction", Column("name", overflow="fold"), "channels", "Hz", "used")
    for row in rows:
        used = "●" if row["is_used"] else ""
        table.add_row(str(row["direction"]), str(row["name"]), str(row["channels"]), str(row["rate_hz"]), used)
    out.print(table)
    if not rows:
        err.print("No devices. Plug one in, and check that this user is in the group audio.")


@app.command("test")
def try_devices(as_json: AsJson = False) -> None:
    """Play a tone, record two seconds meanwhile, and say what is wrong."""
    recorded, problem = run_async(_test(current_config().settings.audio))
    if as_json:
        print_json({"recorded": asdict(recorded) if recorded else None, "error": str(problem) if problem else ""})
    else:
        _print_test(recorded, problem)
    if problem or (recorded and recorded.faults):
        raise typer.Exit(Exit.FAILED)


@app.command()
def level(
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Stop after so long; 0.1 and more.")] = 30.0,
) -> None:
    """Show how loud the microphone is, live. Stop with Ctrl-C."""
    run_async(_meter(current_config().settings.audio, seconds))


def _rows(direction: Direction, wanted: str) -> list[dict[str, str | int | bool]]:
    devices = PORTAUDIO.devices(direction)
    used = _used(devices, wanted, direction)
    return [
        {
            "direction": direction.value,
            "name": stable_name(device),
            "channels": device.channels,
            "rate_hz": device.rate_hz,
            "is_default": device.is_default,
            "is_used": device is used,
        }
        for device in devices
    ]


def _wanted(settings: AudioSettings, direction: Direction) -> str:
    return settings.microphone if direction is Direction.INPUT else settings.speaker


def _used(devices: list[Device], wanted: str, direction: Direction) -> Device | None:
    """The device the settings choose; a wrong setting is told, and the list is still shown."""
    if wanted == OFF or not devices:
        return None
    try:
        return choose(devices, wanted, direction)
    except DeviceMissing as error:
        print_error(error)
        return None


async def _test(settings: AudioSettings) -> tuple[Recorded | None, AudioError | None]:
    clock = SystemClock()
    microphone = Microphone(settings, clock)
    speaker = None if settings.speaker == OFF else PortAudioSpeaker(settings, clock)
    if settings.microphone == OFF:
        return None, AudioError("the microphone is switched off", fix="set audio.microphone to '' or part of a name")
    try:
        # A missing device is waited for when listening; here it is told at once.
        await asyncio.to_thread(_find_microphone, settings)
        return await play_and_record(speaker, microphone), None
    except AudioError as error:
        return None, error
    finally:
        await microphone.close()
        if speaker:
            await speaker.close()


def _find_microphone(settings: AudioSettings) -> Device:
    return choose(PORTAUDIO.devices(Direction.INPUT), settings.microphone, Direction.INPUT)


def _print_test(recorded: Recorded | None, problem: AudioError | None) -> None:
    if problem:
        print_error(problem)
    if recorded is None:
        return
    out.print(f"recorded {recorded.seconds:.1f} of {RECORD_S:.1f} s at {recorded.level_dbfs:.0f} dBFS")
    for fault in recorded.faults:
        err.print(f"[bold red]✗[/] {_ADVICE[fault]}")
    if not recorded.faults:
        out.print("[bold green]✓[/] microphone and speaker work")


async def _meter(settings: AudioSettings, seconds: float) -> None:
    clock = SystemClock()
    microphone = Microphone(settings, clock)
    await asyncio.to_thread(_find_microphone, settings)
    try:
        async with asyncio.timeout(seconds):
            with Live(console=out, auto_refresh=False, transient=True) as live:
                await _draw(microphone, live)
    except TimeoutError:
        out.print(f"{microphone.status.device}: {microphone.status.frames} frames, {microphone.status.dropped} dropped")
    finally:
        await microphone.close()


async def _draw(microphone: Microphone, live: Live) -> None:
    heard = bytearray()
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            heard += frame.pcm
            if microphone.status.frames % FRAMES_PER_UPDATE == 0:
                live.update(_bar(dbfs(bytes(heard))), refresh=True)
                heard.clear()


def _bar(level_dbfs: float) -> Text:
    filled = round(METER_CELLS * (1 - level_dbfs / SILENCE_DBFS))
    return Text(f"{level_dbfs:6.1f} dBFS ").append("█" * filled).append("·" * (METER_CELLS - filled), style="dim")
