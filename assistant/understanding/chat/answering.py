"""A model's answer on its way: cut into whole sentences, and ended by the first that may not be said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Protocol

from assistant.llm.answer import Completion, Ended, Limits
from assistant.llm.chat_template import Message
from assistant.understanding.chat.guard import Verdict

_ENDS = tuple(".!?…。！？\"'”’»)]")
_CUT_OFF = frozenset({Ended.LENGTH, Ended.TIME, Ended.CANCELLED})


class Answer(Protocol):
    """An answer, within the asynchronous context that it is (llm.engine.Generation)."""

    def sentences(self) -> AsyncIterator[str]:
        """Whole sentences as they come."""
        ...

    @property
    def completion(self) -> Completion:
        """All of it, when the iteration has ended."""
        ...


class Answers(Protocol):
    """The model behind chat (chat.model.ChatModel)."""

    is_small: bool
    """Few words are best for it."""

    async def prepare(self, stable: tuple[Message, ...]) -> None:
        """Have it in memory. Raises ModelMissing or ModelDamaged."""
        ...

    async def answer(
        self, stable: tuple[Message, ...], turn: tuple[Message, ...], limits: Limits
    ) -> AbstractAsyncContextManager[Answer]:
        """An answer to the last message. Raises ModelMissing or ModelDamaged."""
        ...


async def allowed(
    judged: AsyncGenerator[tuple[Verdict, str], None], limit: int
) -> AsyncGenerator[tuple[Verdict, str], None]:
    """So many good sentences at most; the first that is not good ends them, and is the last. Empty ones are skipped."""
    kept = 0
    async with aclosing(judged):
        async for verdict, sentence in judged:
            if verdict is Verdict.EMPTY:
                continue
            yield verdict, sentence
            kept += 1
            if verdict is not Verdict.GOOD or kept == limit:
                return


async def whole(
    answer: Answer, following: Callable[[AsyncIterator[str]], Awaitable[str | None]]
) -> AsyncGenerator[str, None]:
    """The sentences of an answer (`following` gives the next, None at the end), each at once if it ends as one. What a
    limit cut off is left out, unless there is nothing else."""
    sentences, held, has_said = answer.sentences(), "", False
    while (sentence := await following(sentences)) is not None:
        if held:
            yield held
            has_said, held = True, ""
        if sentence.rstrip().endswith(_ENDS):
            yield sentence
            has_said = True
        else:
            held = sentence
    if held and not (has_said and answer.completion.ended in _CUT_OFF):
        yield f"{held.rstrip(' ,;:–—')}."
