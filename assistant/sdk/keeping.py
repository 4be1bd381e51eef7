"""What a skill says when the disk fails it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from assistant.core.errors import StoreError
from assistant.core.turn import Outcome
from assistant.sdk.context import Context

_LOGGER = logging.getLogger(__name__)
_Owner = TypeVar("_Owner")
_Given = ParamSpec("_Given")
_Method = Callable[Concatenate[_Owner, Context, _Given], Coroutine[Any, Any, Outcome]]


def unless_unkept(method: _Method[_Owner, _Given]) -> _Method[_Owner, _Given]:
    """Turn a StoreError of a method into the outcome with the reply key `not_changed`; the log says why."""

    @wraps(method)
    async def call(self: _Owner, ctx: Context, /, *args: _Given.args, **kwargs: _Given.kwargs) -> Outcome:
        try:
            return await method(self, ctx, *args, **kwargs)
        except StoreError as error:
            _LOGGER.error("nothing could be saved", extra={"skill": ctx.skill, "why": str(error)}, exc_info=True)
            return Outcome.failed("not_changed")

    return call
