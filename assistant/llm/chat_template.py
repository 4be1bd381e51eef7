"""A conversation as the one text a model was trained on, by the template in its own files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.core.errors import ModelDamaged
from assistant.llm.template_sandbox import TemplateFault, compiled

Role = Literal["system", "user", "assistant"]

_CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
"""For a model that brings no template: the most widespread form."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A conversation as text: `prefix` stays while the system message stays, `prompt` is all behind it."""

    prefix: str
    prompt: str


class ChatTemplate:
    """A model's Jinja template, in a sandbox with a bound on work and size."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        """Raises ModelDamaged for a template that does not compile."""
        self._tokens = {"bos_token": bos, "eos_token": eos}
        try:
            self._render = compiled(source or _CHATML)
        except TemplateFault as error:
            raise _damaged(error) from error

    def render(self, messages: Sequence[Message], harmless: Callable[[str], str]) -> Rendered:
        """Text that ends where the assistant's answer begins.

        `harmless` (Tokenizer.harmless) takes control tokens out of the contents. Raises ModelDamaged for a template
        that fails, works too much or grows too large.
        """
        text = self._text(messages, harmless)
        system = [message for message in messages[:1] if message.role == "system"]
        if not system or len(messages) < 2:
            return Rendered("", text)
        # What two conversations have in common that differ from their first question's first letter on.
        other = "b" if messages[1].content.lstrip()[:1] == "a" else "a"
        shared = _shared(text, self._text([*system, Message("user", other)], harmless))
        return Rendered(text[:shared], text[shared:])

    def _text(self, messages: Sequence[Message], harmless: Callable[[str], str]) -> str:
        values = {
            "messages": [{"role": one.role, "content": harmless(one.content).strip()} for one in messages],
            "add_generation_prompt": True,
            "enable_thinking": False,
            **self._tokens,
        }
        try:
            return self._render(values)
        except TemplateFault as error:
            raise _damaged(error) from error


def fitted(
    messages: Sequence[Message], count: Callable[[Sequence[Message]], int], max_tokens: int
) -> tuple[Message, ...]:
    """The messages without as many of the oldest turns (a user's message and all up to the next) as it takes.

    System messages and the last turn always stay. `count` gives the tokens of a conversation.
    """
    system = [message for message in messages if message.role == "system"]
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or (message.role == "assistant" and not turns):
            turns.append([message])
        elif message.role == "assistant":
            turns[-1].append(message)
    while len(turns) > 1 and count(_joined(system, turns)) > max_tokens:
        del turns[0]
    return tuple(_joined(system, turns))


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _joined(system: list[Message], turns: list[list[Message]]) -> list[Message]:
    return [*system, *(message for turn in turns for message in turn)]


def _damaged(error: TemplateFault) -> ModelDamaged:
    return ModelDamaged(
        "the chat template of the language model can't be used", why=str(error), fix="build or pull it again"
    )
