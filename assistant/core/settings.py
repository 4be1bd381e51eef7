"""The configuration as frozen models: units in names, ranges on fields, unknown keys refused."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator

from assistant.core.values import HourPolicy, Reading

Port = Annotated[int, Field(ge=1, le=65535)]
WALL_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$"
Seconds = Annotated[float, Field(gt=0, le=3600)]
SiteId = Annotated[str, Field(pattern=r"^[^/+#\x00-\x1f\x7f]{1,128}$")]
"""A name that can be one level of an MQTT topic."""
SiteArea = Annotated[str, Field(pattern=r"^[^/+#=\x00-\x1f\x7f]{1,128}=[^=]{1,80}$")]


class Section(BaseModel):
    """Base of all sections."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class GeneralSettings(Section):
    """Who speaks here, and where."""

    name: str = Field("Assistant", min_length=1, max_length=40, description="What the assistant calls itself.")
    language: Literal["en", "ko"] = Field("en", description="Language of speech, sentences and replies.")
    zone: str = Field("", description="IANA time zone (Europe/Berlin); empty: the system's.")
    area: str = Field("", description="Name of the area this device stands in; empty: none.")
    clock_24h: bool = Field(False, description="Say 19:30 as nineteen thirty, not as seven thirty p.m.")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        from zoneinfo import available_timezones

        if zone and zone not in available_timezones():
            raise ValueError(f"no such time zone: {zone!r}; use an IANA name such as Europe/Berlin")
        return zone


class AudioSettings(Section):
    """Microphone and speaker."""

    microphone: str = Field("", description="Part of the input device's name; empty: default; 'none': off.")
    speaker: str = Field("", description="Part of the output device's name; empty: default; 'none': off.")
    volume_percent: int = Field(100, ge=0, le=100, description="Loudness of replies, in percent.")
    duck_percent: int = Field(20, ge=0, le=100, description="Loudness while somebody speaks, in percent.")
    stall_s: Seconds = Field(2.0, description="No frame for so long: the microphone is opened anew.")


class WakeSettings(Section):
    """The wake word."""

    engine: Literal["microwakeword", "openwakeword"] = Field(
        "microwakeword", description="microwakeword (Apache-2.0) or openwakeword (words are CC BY-NC-SA)."
    )
    words: tuple[str, ...] = Field(
        ("okay_nabu",), description="Wake words of that engine; each more costs about 0.7 % of a core.", min_length=1
    )
    threshold: float | None = Field(None, gt=0, lt=1, description="Score that counts as a hit; empty: the model's own.")


class EndpointSettings(Section):
    """When an utterance begins and ends."""

    tail_s: float = Field(0.45, ge=0.2, le=3, description="Silence that ends an utterance.")
    wait_s: Seconds = Field(4.0, description="Wait for speech after the wake word.")
    max_s: float = Field(12.0, ge=2, le=60, description="Longest utterance.")
    speech_probability: float = Field(0.5, gt=0, lt=1, description="A frame with at least this probability is speech.")
    preroll_s: float = Field(0.6, ge=0, le=2, description="Audio kept from before the speech began.")
    follow_up_s: float = Field(5.0, ge=0, le=30, description="Listen without wake word for so long after a question.")


class RecogniserSettings(Section):
    """Speech recognition."""

    engine: Literal["auto", "vosk", "moonshine", "whisper"] = Field(
        "auto", description="auto: Vosk where its model is installed, else Moonshine (English)."
    )
    model: str = Field("", description="Model id from `assistant models list`; empty: the engine's default.")
    use_grammar: bool = Field(True, description="Expect the skills' sentences first, then open speech.")


class VoiceSettings(Section):
    """Text to speech."""

    engine: Literal["pyttsx3", "piper", "none"] = Field("pyttsx3", description="pyttsx3 (small) or piper (good).")
    voice: str = Field("", description="Voice id of the engine; empty: the language's default.")
    words_per_minute: int = Field(170, ge=80, le=400, description="Speed of pyttsx3.")


class MqttSettings(Section):
    """The broker; embedded by default."""

    mode: Literal["embedded", "external", "off"] = Field("embedded", description="Own broker, yours, or none.")
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on (embedded) or to connect to.")
    port: Port = Field(1883, description="TCP port; 0 is not allowed.")
    version: Literal["auto", "5", "3.1.1"] = Field(
        "auto", description="Version of MQTT; auto: 5 where your broker speaks it. The embedded one speaks 3.1.1."
    )
    client_id: str = Field(
        "",
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Name at the broker, of one hub only; empty: made once and kept.",
    )
    username: str = Field("", description="Login at the broker; the embedded one then asks everybody for it.")
    password: SecretStr = Field(SecretStr(""), description="Password; better: password_file.")
    password_file: Path | None = Field(None, description="File that holds the password.")
    tls: bool = Field(False, description="Encrypt; the system's certificate authorities are trusted.")
    tls_ca_file: Path | None = Field(None, description="Trust these certificate authorities (PEM) instead.")
    tls_cert_file: Path | None = Field(None, description="Our own certificate (PEM), where the broker wants one.")
    tls_key_file: Path | None = Field(None, description="Its key (PEM, without passphrase); empty: in the same file.")
    session_expiry_s: int = Field(
        300, ge=0, le=86_400, description="The broker keeps states for us for so long while we are away (MQTT 5)."
    )
    discovery_prefix: str = Field("homeassistant", min_length=1, description="Where devices announce themselves.")

    @field_validator("tls")
    @classmethod
    def _only_outside(cls, tls: bool, others: ValidationInfo) -> bool:
        if tls and others.data.get("mode") == "embedded":
            raise ValueError("the embedded broker does not encrypt; run mosquitto and set mqtt.mode to external")
        return tls

    @field_validator("tls_ca_file", "tls_cert_file")
    @classmethod
    def _only_encrypted(cls, file: Path | None, others: ValidationInfo) -> Path | None:
        if file is not None and not others.data.get("tls"):
            raise ValueError("this is used with mqtt.tls = true only")
        return file

    @field_validator("tls_key_file")
    @classmethod
    def _only_with_certificate(cls, file: Path | None, others: ValidationInfo) -> Path | None:
        if file is not None and others.data.get("tls_cert_file") is None:
            raise ValueError("a key belongs to a certificate; set mqtt.tls_cert_file")
        return file


class HomeSettings(Section):
    """Devices."""

    simulate: bool = Field(False, description="Announce a simulated home on the broker.")
    confirm_timeout_s: Seconds = Field(1.5, description="Wait so long for a device to report the wanted state.")


class SafetySettings(Section):
    """What may not just happen. An entry names a domain, a device class, an entity's id or its name; * stands for any
    letters. What is said of a single thing goes before what is said of its kind; the stricter of two wins."""

    ask: tuple[str, ...] = Field(
        ("lock", "alarm_control_panel", "garage", "gate", "valve", "siren"),
        description="Opened, unlocked, disarmed or made to sound after a spoken yes only.",
    )
    pin: tuple[str, ...] = Field((), description="The same, after the PIN only (`assistant home pin`).")
    free: tuple[str, ...] = Field((), description="Single things that are done without asking all the same.")
    guard_closing: tuple[str, ...] = Field((), description="What is guarded above and asked about when it closes too.")
    deny: tuple[str, ...] = Field((), description="Never commanded, not even to close.")
    allow: tuple[str, ...] = Field((), description="Nothing else is ever commanded; empty: everything may be.")
    pin_file: Path | None = Field(
        None, description="File that holds the PIN or its hash (a credential); empty: `pin` in the data folder."
    )
    pin_tries: int = Field(3, ge=1, le=20, description="Wrong PINs until no PIN is taken for a while.")
    pin_pause_min: float = Field(5.0, gt=0, le=24 * 60, description="That while.")
    guarded_per_minute: int = Field(6, ge=1, le=600, description="What is guarded is done so often a minute at most.")
    actions_per_minute: int = Field(120, ge=1, le=6000, description="Commands that any one thing gets a minute.")


class HookSettings(Section):
    """Once per hook, as [[hooks]]: what is done when a message comes, or what is told when something happens here."""

    topic: str = Field("", max_length=1000, description="MQTT topic (or filter with + and #) whose messages count.")
    path: str = Field("", max_length=500, description="Where in its JSON the value is: a.b[0].c; empty: the whole.")
    equals: tuple[str, ...] = Field((), description="The value is this, or one of these.")
    differs_from: tuple[str, ...] = Field((), description="The value is none of these.")
    above: float | None = Field(None, description="The value is a number above this.")
    below: float | None = Field(None, description="The value is a number below this.")
    for_s: float = Field(0.0, ge=0, le=86_400, description="It must stay so for so long.")
    each: bool | None = Field(
        None, description="Each message that meets it counts, not only the first; unset: where the path ends in action."
    )
    quiet_s: float = Field(10.0, ge=0, le=86_400, description="After it fired, it does not for so long.")
    on: Literal["", "woken", "heard", "understood", "answered", "speaks", "rings"] = Field(
        "", description="In place of a topic: what happens here."
    )
    say: str = Field("", max_length=1000, description="Say this; {{ value }} stands for the value.")
    remind: str = Field("", max_length=300, description="Remind of this: it rings until somebody answers.")
    run: str = Field("", max_length=500, description="Do what this sentence says.")
    publish: str = Field("", max_length=1000, description="Publish on this topic.")
    payload: str = Field("", max_length=4000, description="This, with {{ value }} or {{ text }}; empty: all, as JSON.")

    @field_validator("equals", "differs_from", mode="before")
    @classmethod
    def _as_texts(cls, given: object) -> object:
        values = given if isinstance(given, list | tuple) else (given,)
        return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)

    @model_validator(mode="after")
    def _is_whole(self) -> HookSettings:
        if bool(self.topic) == bool(self.on):
            raise ValueError("a hook has either a topic or an on")
        if not (self.say or self.remind or self.run or self.publish):
            raise ValueError("a hook does something: say, remind, run or publish")
        if self.on and (self.say or self.remind or self.run):
            raise ValueError("on what happens here, a hook can publish only")
        return self


class AnnounceSettings(Section):
    """Being found by Home Assistant: the hub announces itself on the broker."""

    enabled: bool = Field(True, description="Announce the hub: say, command, mute, volume, stop, state.")
    last_heard: bool = Field(False, description="Publish what was heard last, for everybody on the broker to read.")


class HermesSettings(Section):
    """Satellites and skills of Rhasspy, by the Hermes protocol."""

    enabled: bool = Field(False, description="Speak Hermes on the broker.")
    site: SiteId = Field(
        "default", description="This machine's own site: what is to be said or played there sounds here."
    )
    sites: tuple[SiteId, ...] = Field((), description="Satellites that are served; empty: every one that speaks up.")
    areas: tuple[SiteArea, ...] = Field(
        (), description="Where satellites stand: 'pi-2 = Kitchen'; one that is called like its area needs no entry."
    )
    own_ears: tuple[str, ...] = Field(
        (), description="Satellites that recognise speech themselves; * ends a prefix. All others send sound."
    )
    own_voices: tuple[str, ...] = Field(
        (), description="Satellites that speak themselves; * ends a prefix. All others are sent sound."
    )
    skills_intents: tuple[str, ...] = Field((), description="Intents that Rhasspy skills answer; * ends a prefix.")
    race_s: float = Field(0.4, ge=0, le=5, description="Two satellites that wake within so long heard the same words.")
    session_s: float = Field(30.0, ge=1, le=600, description="A session in which nothing happens ends after so long.")

    def area_of(self, site: str) -> str:
        """Name of the area where a site stands; without an entry it is the site's own."""
        named = (entry.partition("=") for entry in self.areas)
        return next((area.strip() for each, _, area in named if each.strip() == site), site)


class ScheduleSettings(Section):
    """Timers, alarms and reminders."""

    ring_times: int = Field(5, ge=1, le=60, description="How often a timer's tone and words are repeated.")
    alarm_times: int = Field(30, ge=1, le=240, description="The same for an alarm: it rings for some minutes.")
    ring_gap_s: Seconds = Field(4.0, description="Pause between rings, in which it listens for 'stop'.")
    ring_first_percent: int = Field(40, ge=5, le=100, description="Loudness of the first ring, of volume_percent.")
    ring_steps: int = Field(4, ge=1, le=60, description="Rings until the full loudness is reached, in equal steps.")
    snooze_min: float = Field(9.0, gt=0, le=24 * 60, description="How long 'snooze' lasts when nobody says.")
    late_alarm_min: float = Field(30.0, ge=0, le=24 * 60, description="So much too late an alarm rings all the same.")
    quiet_from: str = Field(
        "", pattern=WALL_TIME, description="From then on (22:30) nothing unasked is said; what is due still rings."
    )
    quiet_until: str = Field("", pattern=WALL_TIME, description="Until then; either one empty: never quiet.")
    missed_horizon_h: float = Field(24.0, gt=0, le=24 * 31, description="Older missed items are not told at start.")

    def is_quiet(self, at: time) -> bool:
        """True for a wall time in the quiet hours, which may span midnight."""
        begin, end, now = self.quiet_from, self.quiet_until, f"{at:%H:%M}"
        if not begin or not end or begin == end:
            return False
        return begin <= now < end if begin < end else now >= begin or now < end


class TimesSettings(Section):
    """How spoken times are meant, where people differ."""

    region: Literal["", "US", "GB", "AU", "CA", "IE", "IN", "NZ", "ZA"] = Field(
        "", description="Country, for holidays and dates in figures (3/4); empty: the day before the month."
    )
    bare_hours: Literal["next", "morning"] = Field(
        "next", description="An hour without am or pm: the next such hour, or in the morning."
    )
    waking_hours: bool = Field(
        True, description="With a day said, 1 to 6 are in the afternoon and 7 to 11 in the morning; off: all morning."
    )
    next_weekday: Literal["next week", "coming"] = Field(
        "next week", description="'Next friday' is that of the week after this one, or the coming one."
    )

    def reading(self, now: datetime, language: str, *, is_latent_wanted: bool = False) -> Reading:
        """Words of that language against `now` (aware, in the speaker's zone), as these settings mean them."""
        return Reading(
            now,
            f"{language}-{self.region}" if self.region else language,
            HourPolicy(self.bare_hours),
            is_waking_on_named_day=self.waking_hours,
            is_next_weekday_in_next_week=self.next_weekday == "next week",
            is_latent_wanted=is_latent_wanted,
        )


class CalendarSettings(Section):
    """Calendars from elsewhere; what is in them is read, never changed."""

    folder: Path | None = Field(None, description="Folder whose .ics files are followed; empty: none.")
    caldav_url: str = Field("", description="CalDAV server (https://…); empty: none. Needs assistant[caldav].")
    caldav_username: str = Field("", description="Login there.")
    caldav_password_file: Path | None = Field(None, description="File that holds the password.")
    caldav_calendars: tuple[str, ...] = Field((), description="Names of the calendars to read; empty: all.")
    caldav_every_min: float = Field(15.0, ge=1, le=24 * 60, description="How often it is read.")

    @field_validator("caldav_url")
    @classmethod
    def _is_plain_address(cls, url: str) -> str:
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("a CalDAV address begins with https:// and names a host")
        if "@" in parts.netloc:
            raise ValueError("no login in the address; use caldav_username and caldav_password_file")
        return url


class LlmSettings(Section):
    """The small language model: plans what no sentence matches, and answers in free words. All else works without."""

    model: str = Field("", description="Model id from `assistant models list`; empty: the smallest that was pulled.")
    planner_model: str = Field("", description="Another model for plans only; empty: the same.")
    planner: bool = Field(
        False, description="Let it plan what no sentence matches; a model that was not adapted to that finds nothing."
    )
    chat: bool = Field(True, description="Let it answer in free words what is no command.")
    threads: int = Field(2, ge=1, le=16, description="Cores that it may use while it thinks.")
    planner_s: float = Field(
        2.0, ge=0.2, le=2.0, description="A plan may take so long; then the sentence is not understood."
    )
    chat_s: float = Field(5.0, ge=0.5, le=5.5, description="An answer in free words may take so long to be made.")
    chat_sentences: int = Field(2, ge=1, le=6, description="It has so many sentences at most.")
    chat_tokens: int = Field(90, ge=16, le=400, description="And so many tokens (about three in four are a word).")
    keep_min: float = Field(30.0, ge=0, le=24 * 60, description="Unused for so long, it leaves memory; 0: it stays.")
    free_mb: int = Field(120, ge=0, le=100_000, description="It leaves memory, too, when less than this is free.")
    notes: Path | None = Field(
        None, description="Folder of your notes (.md and .txt), read aloud where they answer a question; empty: none."
    )


class SkillSettings(Section):
    """Skills."""

    folders: tuple[Path, ...] = Field((), description="More folders with skills; the data folder's `skills` is one.")
    disabled: tuple[str, ...] = Field((), description="Names of skills to leave out.")
    timeout_s: Seconds = Field(5.0, description="A skill may take so long for one command.")


class DaemonSettings(Section):
    """The service itself."""

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["auto", "human", "json"] = Field("auto", description="auto: human on a terminal, else JSON.")
    log_words: bool = Field(False, description="Log what was said; off: redacted.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Prometheus metrics and health on loopback; 0: off.")
    data_dir: Path | None = Field(None, description="Where everything is kept; empty: the XDG data folder.")
    models_dir: Path | None = Field(None, description="Where models lie; empty: `models` in the data folder.")


class Settings(Section):
    """The whole configuration; every key has a default."""

    general: GeneralSettings = GeneralSettings()
    audio: AudioSettings = AudioSettings()
    wake: WakeSettings = WakeSettings()
    endpoint: EndpointSettings = EndpointSettings()
    recogniser: RecogniserSettings = RecogniserSettings()
    voice: VoiceSettings = VoiceSettings()
    mqtt: MqttSettings = MqttSettings()
    home: HomeSettings = HomeSettings()
    hooks: tuple[HookSettings, ...] = ()
    announce: AnnounceSettings = AnnounceSettings()
    hermes: HermesSettings = HermesSettings()
    safety: SafetySettings = SafetySettings()
    schedule: ScheduleSettings = ScheduleSettings()
    calendar: CalendarSettings = CalendarSettings()
    times: TimesSettings = TimesSettings()
    llm: LlmSettings = LlmSettings()
    skills: SkillSettings = SkillSettings()
    daemon: DaemonSettings = DaemonSettings()
