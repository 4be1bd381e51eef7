"""Templates out of discovery payloads: other people's text, run in a sandbox with limits."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from jinja2 import Template, TemplateError

from assistant.home.payload import NotJson, Payload
from assistant.home.sandbox import ENVIRONMENT, TemplateFault, guarded, renew_budget

MAX_SOURCE, MAX_RESULT = 4_000, 4_000
"""Characters of a template, and of what it may give."""
MAX_SLOW = 500
SLOW_S = 0.25
"""A template that took longer once is not run again."""
_FAULTS = (
    ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError, MemoryError,
)  # fmt: skip
_LOGGER = logging.getLogger(__name__)
_slow: dict[str, None] = {}
"""Templates that were too slow, the latest last."""

__all__ = ["MAX_RESULT", "MAX_SOURCE", "TemplateFault", "read_value", "render"]


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Template:
    try:
        code = ENVIRONMENT.compile(guarded(source))
    except SyntaxError as error:
        raise TemplateFault("the template can't be compiled") from error
    # the plain dict: what Jinja would make of it is copied key by key for every rendering
    return Template.from_code(ENVIRONMENT, code, ENVIRONMENT.globals)


def render(source: str, values: Mapping[str, object], now: datetime | None = None) -> str:
    """The template's text, for a message that came `now`. Raises TemplateFault."""
    if len(source) > MAX_SOURCE:
        raise TemplateFault(f"a template of {len(source)} characters is too long")
    if source in _slow:
        raise TemplateFault("this template was too slow before")
    began = time.perf_counter()
    renew_budget(now)
    try:
        return _text(_compiled(source), values)
    except TemplateFault:
        raise
    except TemplateError as error:
        raise TemplateFault(str(error.message)) from error
    except _FAULTS as error:
        raise TemplateFault(f"a template failed: {type(error).__name__}") from error
    finally:
        if time.perf_counter() - began > SLOW_S:
            _slow[source] = None
            if len(_slow) > MAX_SLOW:
                del _slow[next(iter(_slow))]
            _LOGGER.warning("a template is too slow and is not run again", extra={"payload": source[:200]})


def _text(template: Template, values: Mapping[str, object]) -> str:
    parts, size = [], 0
    for part in template.generate(values):
        parts.append(part)
        size += len(part)
        if size > MAX_RESULT:
            raise TemplateFault("a template gave too much text")
    return "".join(parts).strip()


def read_value(source: str | None, payload: Payload) -> str:
    """A state message through its value template (or none): text. Raises TemplateFault."""
    if not source:
        return payload.text
    values: dict[str, object] = {"value": payload.text}
    # not JSON: value_json stays undefined, which a template may test for
    with suppress(NotJson):
        values["value_json"] = payload.json()
    return render(source, values, payload.at)
