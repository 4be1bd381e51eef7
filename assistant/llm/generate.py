"""One answer, token by token: reads the prompt, chooses, heeds grammar and bounds. Runs on the inference thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.llm.answer import Choice, Completion, Ended, Request
from assistant.llm.decoder import Cancelled, Context, LanguageModel, Logits
from assistant.llm.repeats import repeated_tokens
from assistant.llm.sampling import Sampler, log_mass, log_probability
from assistant.llm.spoken import AnswerText, Piece

LOOP_CHECK_EVERY = 8
"""Tokens between two looks for a loop."""


class Generator:
    """Writes one answer into one context."""

    def __init__(
        self,
        model: LanguageModel,
        context: Context,
        request: Request,
        emit: Callable[[Piece], None],
        elapsed: Callable[[], float],
    ) -> None:
        """`elapsed` gives the seconds since the work for this answer began."""
        self._model = model
        self._context = context
        self._request = request
        self._text = AnswerText(model.tokenizer, request.limits.stop, request.is_plain, emit)
        self._sampler = Sampler(request.sampling)
        self._weights = _Weights(model, request)
        self._tokens: list[int] = []
        self._elapsed = elapsed
        self._first_token_s: float | None = None

    def run(self, prompt: Sequence[int], stopped: Callable[[], Ended]) -> Completion:
        """Read `prompt` behind what the context holds, and answer; `stopped` says why when the context was stopped.

        Raises InputError when the prompt is longer than what the model can take.
        """
        reused = len(self._context.tokens)
        self._context.cache.room_for(reused + len(prompt))
        room = self._model.form.max_positions - reused - len(prompt)
        budget = min(self._request.limits.max_tokens, room)
        try:
            ended = self._answer(list(prompt), budget)
        except Cancelled:
            ended = stopped()
        if ended is Ended.LOOP and not self._text.is_loop:
            text = self._text.cut(self._text_of(self._tokens[: -repeated_tokens(self._tokens)]))
        else:
            text = self._text.finish()
        if self._text.is_loop:
            ended = Ended.LOOP
        return Completion(
            text=text,
            ended=ended,
            tokens=tuple(self._tokens),
            choices=tuple(self._weights.choices),
            alternative_logprob=self._weights.alternative,
            removed=self._text.removed,
            prompt_tokens=reused + len(prompt),
            reused_tokens=reused,
            first_token_s=self._first_token_s,
            seconds=self._elapsed(),
        )

    def _answer(self, unread: list[int], budget: int) -> Ended:
        constraint = self._request.constraint
        while True:
            unread += self._forced(budget - len(self._tokens))
            if constraint is not None and constraint.is_over:
                return Ended.STOP
            if len(self._tokens) >= budget:
                return Ended.LENGTH
            token = self._chosen(self._context.feed(unread))
            if token in self._model.form.eos or self._model.tokenizer.is_control(token):
                return Ended.STOP
            unread = [token]
            if constraint is not None:
                constraint.accept(unread)
            if (ended := self._written(unread)) is not None:
                return ended

    def _forced(self, room: int) -> list[int]:
        """What the grammar leaves no choice about."""
        constraint = self._request.constraint
        if constraint is None or constraint.is_over:
            return []
        tokens = list(constraint.forced())[: max(0, room)]
        if tokens:
            constraint.accept(tokens)
            self._weights.forced(self._tokens, tokens)
            self._written(tokens)
        return tokens

    def _chosen(self, logits: Logits) -> int:
        constraint = self._request.constraint
        if constraint is None:
            token = self._sampler.choose(logits, self._tokens)
        else:
            total = log_mass(logits)
            constraint.allowed(logits)
            token = self._sampler.choose(logits, self._tokens)
            self._weights.chosen(self._tokens, token, logits, total)
        if self._first_token_s is None:
            self._first_token_s = self._elapsed()
        return token

    def _written(self, tokens: Sequence[int]) -> Ended | None:
        """Take tokens into the answer; why it ends with them, if it does."""
        self._tokens += tokens
        self._text.push(tokens)
        if self._text.is_stopped:
            return Ended.STOP
        if self._text.is_loop:
            return Ended.LOOP
        is_due = self._request.constraint is None and len(self._tokens) % LOOP_CHECK_EVERY == 0
        return Ended.LOOP if is_due and repeated_tokens(self._tokens) else None

    def _text_of(self, tokens: Sequence[int]) -> str:
        """The text of a part of the answer, cleaned as the whole."""
        request = self._request
        text = AnswerText(self._model.tokenizer, request.limits.stop, request.is_plain, _nobody)
        text.push(tokens)
        return text.finish()


class _Weights:
    """How likely the chosen tokens were, and the first that would have led to the alternative."""

    def __init__(self, model: LanguageModel, request: Request) -> None:
        self.choices: list[Choice] = []
        self._other = model.tokenizer.encode(request.alternative) if request.constraint and request.alternative else []
        self._logprob = 0.0
        self._is_parted = not self._other
        self._is_possible = bool(self._other)

    @property
    def alternative(self) -> float | None:
        """The logarithm of the alternative's probability, as far as it is another way than the answer's."""
        return self._logprob if self._is_possible else None

    def chosen(self, before: Sequence[int], token: int, allowed: Logits, total: float) -> None:
        """A token was chosen among the allowed logits; `total` is the log mass of all."""
        mass = log_mass(allowed)
        self.choices.append(Choice(token, float(allowed[token]) - mass, float(np.exp(mass - total))))
        if self._is_parted or len(before) >= len(self._other):
            return
        other = self._other[len(before)]
        logprob = log_probability(allowed, other)
        if np.isfinite(logprob):
            self._logprob += logprob
        else:
            self._is_possible = False
        self._is_parted = other != token

    def forced(self, before: Sequence[int], tokens: Sequence[int]) -> None:
        """The grammar forced these tokens: where they aren't the alternative's, that is none."""
        if self._is_parted:
            return
        expected = self._other[len(before) : len(before) + len(tokens)]
        if list(tokens[: len(expected)]) != expected:
            self._is_parted, self._is_possible = True, False


def _nobody(piece: Piece) -> None:
    """Nobody listens to these pieces."""
    del piece
