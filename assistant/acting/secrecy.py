"""Takes secrets out of a finished turn before anybody can look at it: PINs, and the codes of locks and alarms."""

from __future__ import annotations

from dataclasses import replace

from assistant.acting.pin_answers import asks_pin
from assistant.acting.spoken_digits import without_digits
from assistant.core.actions import HIDDEN, SECRET_VALUES
from assistant.core.turn import Command, Commands, Outcome, Question, Transcript, Turn


def hide_secrets(turn: Turn) -> None:
    """Change the turn where a secret was asked for or said."""
    question, language = turn.situation.open_question, turn.transcript.language
    plan = turn.understood.plan if turn.understood else None
    commands = plan.commands if isinstance(plan, Commands) else ()
    if not _asks(question) and not any(map(_has_secret, commands)):
        return
    turn.transcript = _quiet(turn.transcript)
    turn.situation = replace(turn.situation, open_question=question and _question(question, language))
    if turn.understood is not None and commands:
        hidden = Commands(tuple(_command(command, language) for command in commands))
        turn.understood = replace(turn.understood, plan=hidden)
    turn.outcomes = tuple(_outcome(outcome, language) for outcome in turn.outcomes)
    if turn.reply is not None:
        turn.reply = replace(turn.reply, outcomes=tuple(_outcome(each, language) for each in turn.reply.outcomes))


def _asks(question: Question | None) -> bool:
    """True where the answer may be a secret, or completes a command that holds one."""
    return question is not None and (
        asks_pin(question) or question.slot in SECRET_VALUES or _has_secret(question.pending)
    )


def _has_secret(command: Command) -> bool:
    return bool(SECRET_VALUES & command.slots.keys())


def _quiet(transcript: Transcript) -> Transcript:
    language = transcript.language
    others = tuple(replace(each, text=without_digits(each.text, language)) for each in transcript.alternatives)
    return replace(transcript, text=without_digits(transcript.text, language), alternatives=others)


def _command(command: Command, language: str) -> Command:
    return replace(
        command,
        slots={name: HIDDEN if name in SECRET_VALUES and value else value for name, value in command.slots.items()},
        text=without_digits(command.text, language),
        words={name: HIDDEN if name in SECRET_VALUES else said for name, said in command.words.items()},
    )


def _outcome(outcome: Outcome, language: str) -> Outcome:
    return replace(outcome, question=outcome.question and _question(outcome.question, language))


def _question(question: Question, language: str) -> Question:
    return replace(question, pending=_command(question.pending, language))
