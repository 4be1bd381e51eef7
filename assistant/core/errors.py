"""One tree of errors; each says what happened, why, what to do, and whether trying again may help.

AssistantError
├── ConfigError          the configuration can't be used
├── AudioError           a microphone or speaker can't be used
│   ├── DeviceMissing    no such device, or it went away
│   └── RateRefused      the device refuses every rate we can use
├── ModelError           a model can't be used
│   ├── ModelMissing     it was never pulled
│   └── ModelDamaged     its files differ from the catalogue
├── DownloadError        no source of a model answered
├── CalendarError        a calendar elsewhere can't be read
├── StoreError           the database can't be read or written
├── BrokerError          the MQTT broker can't be reached or refuses us
├── SpeechError          text could not be spoken
├── SkillError           a skill failed
│   └── SkillLoadError   a skill's file could not be loaded
├── InputError           what was said or typed can't be used
├── PolicyError          an action is not to be done just like that
│   ├── ConfirmationNeeded   only after a spoken yes
│   └── NotAllowed           never by voice
└── AlreadyRunning       another instance holds the lock
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors that a person may see."""

    code = "assistant"

    def __init__(self, what: str, *, why: str = "", fix: str = "", may_retry: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix
        self.may_retry = may_retry

    def __str__(self) -> str:
        parts = [self.what.rstrip(".") + "."]
        if self.why:
            parts.append(self.why.rstrip(".") + ".")
        if self.fix:
            parts.append("Fix: " + self.fix.rstrip(".") + ".")
        return " ".join(parts)


class ConfigError(AssistantError):
    """The configuration can't be used; `what` lists every fault."""

    code = "config"


class AudioError(AssistantError):
    """A microphone or speaker can't be used."""

    code = "audio"


class DeviceMissing(AudioError):
    """No such audio device, or it went away."""

    code = "audio_device_missing"


class RateRefused(AudioError):
    """The device refuses every sample rate we can use."""

    code = "audio_rate_refused"


class ModelError(AssistantError):
    """A model can't be used."""

    code = "model"


class ModelMissing(ModelError):
    """The model was never pulled."""

    code = "model_missing"


class ModelDamaged(ModelError):
    """The model's files differ from what the catalogue says."""

    code = "model_damaged"


class DownloadError(AssistantError):
    """No source of a model answered with the right bytes."""

    code = "download"


class CalendarError(AssistantError):
    """A calendar elsewhere can't be read."""

    code = "calendar"


class StoreError(AssistantError):
    """The database can't be read or written."""

    code = "store"


class BrokerError(AssistantError):
    """The MQTT broker can't be reached, or refuses us."""

    code = "broker"


class SpeechError(AssistantError):
    """A text could not be turned into sound."""

    code = "speech"


class SkillError(AssistantError):
    """A skill failed while it ran."""

    code = "skill"


class SkillLoadError(SkillError):
    """A skill's file could not be loaded."""

    code = "skill_load"


class InputError(AssistantError):
    """What was said or typed can't be used (too long, empty, not text)."""

    code = "input"


class PolicyError(AssistantError):
    """An action is not to be done just like that."""

    code = "policy"


class ConfirmationNeeded(PolicyError):
    """The action is dangerous: it may be done only after a spoken yes. Raised before anything was sent."""

    code = "confirmation_needed"

    def __init__(self, names: tuple[str, ...], verb: str) -> None:
        super().__init__("this needs a spoken confirmation")
        self.names = names
        self.verb = verb


class NotAllowed(PolicyError):
    """The configuration forbids this by voice. Raised before anything was sent."""

    code = "not_allowed"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("this is not allowed by voice", fix="see [safety] in the configuration")
        self.names = names


class AlreadyRunning(AssistantError):
    """Another instance holds the lock."""

    code = "already_running"
