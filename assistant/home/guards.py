"""Commands of locks and alarm panels, with the device's own code where it asks for one; pure."""

from __future__ import annotations

import hmac
import re

from assistant.home.config import Config
from assistant.home.order import NeedsCode, Order, Request, Unsupported, Wanted, Writer, is_in
from assistant.home.template import render

REMOTE = ("REMOTE_CODE", "REMOTE_CODE_TEXT")
"""The device checks the code itself."""
_STATES = {"disarm": ("disarmed", "disarming"), "trigger": ("triggered", "pending")}
"""What shows that it was done; arming may take its time."""


# ── locks ────────────────────────────────────────────────────────────────────────────────────────


def turned(verb: str, payload: str | None, wanted: Wanted) -> Writer:
    """Lock, unlock, open: the code goes along where the template takes one."""

    def write(request: Request) -> Order:
        config = request.config
        key = f"payload_{verb}"
        if payload is None and key not in config:
            raise Unsupported(f"it can't {verb}")
        text = config.payload(key, payload or "")
        if text is None:
            raise Unsupported(f"it has no {key}")
        code = _spoken_code(request)
        pattern = config.text("code_format")
        # a lock may be made fast without its code, but never opened
        if pattern and verb != "lock" and not _fits(pattern, code):
            raise NeedsCode("the lock needs its code")
        return Order((request.send(text, code=code),), request.seen(wanted, "state_topic"), is_in("jammed"))

    return write


def _fits(pattern: str, code: str) -> bool:
    if not code:
        return False
    # somebody else's pattern: only the two forms in use are read, any other takes every code
    simple = {"^\\d+$": r"\d+", "^[0-9]+$": r"\d+"}.get(pattern)
    sized = re.fullmatch(r"\^(?:\\d|\[0-9\])\{(\d{1,2})\}\$", pattern)
    if sized:
        return code.isdigit() and len(code) == int(sized[1])
    return code.isdigit() if simple else True


def _spoken_code(request: Request) -> str:
    return "".join(request.text("code").split())


# ── alarm panels ─────────────────────────────────────────────────────────────────────────────────


def armed(verb: str) -> Writer:
    """Arm, disarm, trigger."""
    states = _STATES.get(verb, (verb.replace("arm_", "armed_"), "arming", "pending"))

    def write(request: Request) -> Order:
        config, code = request.config, _spoken_code(request)
        if not _supports(config, verb):
            raise Unsupported(f"it can't {verb}")
        if needs_code(config, verb) and not _is_right(config, code):
            raise NeedsCode("the alarm panel needs its code")
        payload = config.text(f"payload_{verb}", verb.upper())
        message = request.send(payload)
        if source := config.template("command_template"):
            text = render(source, {"action": payload, "value": payload, "code": code or None})
            message = type(message)(message.topic, text, message.retain)
        return Order((message,), request.seen(is_in(*states), "state_topic"))

    return write


def _supports(config: Config, verb: str) -> bool:
    features = config.texts("supported_features")
    return verb == "disarm" or not isinstance(config.raw("supported_features"), list) or verb in features


def needs_code(config: Config, verb: str) -> bool:
    """True where the configuration asks for a code, or where there is one and nothing says that it isn't needed."""
    kind = "arm" if verb.startswith("arm") else verb
    key = f"code_{kind}_required"
    if key in config:
        return config.flag(key)
    return "code" in config


def _is_right(config: Config, code: str) -> bool:
    expected = config.text("code")
    if not code:
        return False
    if not expected or expected in REMOTE:
        return True
    return hmac.compare_digest(expected.encode(), code.encode())


def features_of_guard(component: str, config: Config) -> frozenset[str]:
    """What can be armed, what a lock can do besides, and which of it needs the device's code (`code_disarm` …);
    `checks_code` where a wrong one does nothing."""
    checked = {"checks_code"} if _checks_code(component, config) else set()
    if component == "lock":
        features = checked | ({"open"} if "payload_open" in config else set())
        return frozenset(features | ({"code_unlock", "code_open"} if config.text("code_format") else set()))
    verbs = [verb for verb in ARM_VERBS if _supports(config, verb)]
    return frozenset(verbs) | {f"code_{verb}" for verb in verbs if needs_code(config, verb)} | checked


def _checks_code(component: str, config: Config) -> bool:
    """True where the code is known here, or goes along with the command to be checked by the device."""
    is_known = component != "lock" and config.text("code") not in ("", *REMOTE)
    return is_known or re.search(r"\{[{%][^{}]*\bcode\b", config.template("command_template") or "") is not None


LOCK = turned("lock", "LOCK", is_in("locked", "locking"))
UNLOCK = turned("unlock", "UNLOCK", is_in("unlocked", "unlocking", "open", "opening"))
UNLATCH = turned("open", None, is_in("open", "opening", "unlocked", "unlocking"))
ARM_VERBS = ("arm_home", "arm_away", "arm_night", "arm_vacation", "arm_custom_bypass", "disarm", "trigger")
