"""The language model as chat needs it: prompts in its own form, answers sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assistant.llm.answer import Limits, Request
from assistant.llm.chat_template import ChatTemplate, Message
from assistant.llm.engine import Generation
from assistant.llm.form import WEIGHTS_FILE, Form
from assistant.llm.sampling import Sampling
from assistant.llm.tokens import Tokenizer

SAMPLING = Sampling(repeat_penalty=1.1)
"""The likeliest words are least often wrong; what was said lately is a little less likely, so that it does not loop."""
SMALL_BYTES = 400_000_000
"""Models with fewer bytes of weights get confused by what they are told (measured with 135 M weights)."""


class Generates(Protocol):
    """What chat asks of an engine."""

    async def tokenizer(self) -> Tokenizer:
        """The model's tokenizer. Raises ModelMissing or ModelDamaged."""
        ...

    async def load(self, prefixes: Sequence[str] = ()) -> None:
        """Bring the weights and these prefixes into memory. Raises ModelMissing or ModelDamaged."""
        ...

    def stream(self, request: Request) -> Generation:
        """An answer piece by piece."""
        ...


class ChatModel:
    """An engine with its model's template."""

    def __init__(self, engine: Generates, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        weights = folder / WEIGHTS_FILE
        self.is_small = not weights.is_file() or weights.stat().st_size < SMALL_BYTES
        self._template: ChatTemplate | None = None
        self._prefix: tuple[tuple[Message, ...], str] | None = None
        """The messages that stay, and how a prompt with them begins."""

    async def prepare(self, stable: tuple[Message, ...]) -> None:
        """Have the model and the beginning of its prompts in memory. Raises ModelMissing or ModelDamaged."""
        await self._engine.load([await self._begins(stable)])

    async def answer(self, stable: tuple[Message, ...], turn: tuple[Message, ...], limits: Limits) -> Generation:
        """An answer to the last of the messages. Raises ModelMissing or ModelDamaged."""
        prefix = await self._begins(stable)
        whole = await self._rendered((*stable, *turn))
        if not whole.startswith(prefix):  # a template that writes the beginning anew for each end
            prefix = ""
        return self._engine.stream(
            Request(whole[len(prefix) :], prefix, limits=limits, sampling=SAMPLING, is_plain=True)
        )

    async def _begins(self, stable: tuple[Message, ...]) -> str:
        """What the prompts have in common that begin with these messages, up to where a token ends for sure."""
        if self._prefix is None or self._prefix[0] != stable:
            one, other = [await self._rendered((*stable, Message("user", text))) for text in ("a", "b")]
            shared = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            self._prefix = (stable, one[: one.rfind("\n", 0, shared) + 1])
        return self._prefix[1]

    async def _rendered(self, messages: Sequence[Message]) -> str:
        tokenizer = await self._engine.tokenizer()
        if self._template is None:
            self._template = ChatTemplate(Form.read(self._folder).chat_template)
        rendered = self._template.render(messages, tokenizer.harmless)
        return rendered.prefix + rendered.prompt
