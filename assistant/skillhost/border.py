"""The border between the house and a skill: whatever a skill raises becomes a value here."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant.core.errors import PolicyError, SkillLoadError
from assistant.skillhost.worker import SkillCut, SkillStuck, Worker

T = TypeVar("T")
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A call into a skill that did not end well; `where` is "file, line n" when it is known."""

    what: str
    where: str = ""
    is_stuck: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Guard:
    """Calls into one skill: with a time limit, on its worker when it has one."""

    skill: str
    path: Path
    worker: Worker | None = None

    async def call(
        self,
        make: Callable[[], Coroutine[Any, Any, T]],
        timeout_s: float,
        lets_through: tuple[type[PolicyError], ...] = (),
    ) -> T | Failure:
        """The result of `make()`, or why there is none; nothing but `lets_through` and our own end is raised."""
        try:
            if self.worker is not None:
                return await self.worker.call(make, timeout_s)
            async with asyncio.timeout(timeout_s):
                return await make()
        except lets_through:
            raise
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return self._failed(Failure("it cancelled itself", str(self.path)))
        except SkillStuck as error:
            return self._failed(Failure(error.what, is_stuck=True))
        except SkillLoadError as error:
            return self._failed(Failure(str(error)))
        except (Exception, SystemExit, SkillCut) as error:
            _LOGGER.exception("a skill failed", extra={"skill": self.skill})
            return Failure(_reason(error, timeout_s), _where(error, self.path))

    def _failed(self, failure: Failure) -> Failure:
        _LOGGER.error("a skill can't be used", extra={"skill": self.skill, "why": str(failure)})
        return failure


def _reason(error: BaseException, timeout_s: float) -> str:
    if isinstance(error, TimeoutError) and not error.args:
        return f"took longer than {timeout_s:g} s"
    return f"{type(error).__name__}: {error}"


def _where(error: BaseException, path: Path) -> str:
    """The last line of the skill's own files that the error passed through."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    root = path if path.is_dir() else path.parent
    cause = error.__cause__ or error
    for frame in reversed([*traceback.extract_tb(error.__traceback__), *traceback.extract_tb(cause.__traceback__)]):
        if Path(frame.filename).is_relative_to(root):
            return f"{frame.filename}, line {frame.lineno}"
    return str(path)
