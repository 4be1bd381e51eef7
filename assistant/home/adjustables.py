"""Commands of what has one value or one button: numbers, selects, texts, buttons, scenes, sirens, updates; pure."""

from __future__ import annotations

from assistant.core.home import EntityState
from assistant.home.config import Config
from assistant.home.order import Order, Outgoing, Request, Unsupported, Wanted, Writer, constant, is_in, topic_of
from assistant.home.template import render

PRESS = constant("payload_press", "PRESS", None)
SCENE = constant("payload_on", "ON", None)


def set_value(request: Request) -> Order:
    """A number in the device's limits."""
    number = request.between("value", *number_range(request.config))
    step = request.config.number("step", 1)
    return Order((request.send(number),), request.seen(_counts(number, max(step, 0.01) / 2), "state_topic"))


def number_range(config: Config) -> tuple[float, float]:
    """The least and the greatest number."""
    return config.number("min", 1), config.number("max", 100)


def _counts(number: float, tolerance: float) -> Wanted:
    def holds(state: EntityState) -> bool:
        try:
            return abs(float(state.value or "") - number) <= tolerance
        except ValueError:
            return False

    return holds


def select_option(request: Request) -> Order:
    """One of the options, as the device writes it."""
    option = request.option("option", request.config.texts("options"))
    return Order((request.send(option),), request.seen(is_in(option), "state_topic"))


def set_text(request: Request) -> Order:
    """A text as long as the device takes."""
    text, config = request.text("text"), request.config
    low, high = config.number("min", 0), config.number("max", 255)
    if not low <= len(text) <= high:
        raise Unsupported(f"a text has {low:g} to {high:g} characters")
    return Order((request.send(text),), request.seen(is_in(text), "state_topic"))


def send_message(request: Request) -> Order:
    """A text to show or say."""
    if not request.text("message"):
        raise Unsupported("no message was said")
    return Order((request.send(request.text("message")),), None)


def install(request: Request) -> Order:
    """Install the latest version; a minute later than anybody waits, it is told."""
    payload = request.config.payload("payload_install", "") or ""
    if not payload:
        raise Unsupported("it can't be updated from here")
    return Order((request.send(payload),), None)


def siren(state: str) -> Writer:
    """On, with the tone, seconds and loudness that were said; off."""

    def write(request: Request) -> Order:
        config = request.config
        body: dict[str, object] = {"state": config.text(f"payload_{state}", state.upper())}
        if state == "on":
            body |= _noise(request)
        source = config.template("command_template")
        if state == "off":
            source = config.template("command_off_template") or source
        if source:
            text = render(source, {"value": body["state"], **body})
            message = Outgoing(topic_of(config), text, config.flag("retain"))
        else:
            message = Outgoing.json(topic_of(config), body, retain=config.flag("retain"))
        return Order((message,), request.seen(is_in(state), "state_topic"))

    return write


def _noise(request: Request) -> dict[str, object]:
    noise: dict[str, object] = {}
    if request.text("tone"):
        noise["tone"] = request.option("tone", request.config.texts("available_tones"))
    if (seconds := request.number("duration")) is not None:
        noise["duration"] = round(seconds)
    if request.number("volume_pct") is not None:
        noise["volume_level"] = round(request.percent("volume_pct") / 100, 2)
    return noise
