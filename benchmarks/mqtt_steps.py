"""Plays a sequence to the product and judges each step: what came in, what is published, what is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.core.home import Action, EntityState
from assistant.home.command import Unsupported, order_for
from assistant.home.config import ConfigFault
from assistant.home.known import Known
from assistant.home.order import Outgoing
from assistant.home.template import TemplateFault
from benchmarks import mqtt_answers, mqtt_payloads
from benchmarks.mqtt_cases import Step
from benchmarks.mqtt_discovery import new_intake
from benchmarks.mqtt_say import action_for

_START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Play:
    """One sequence, with a home of its own."""

    def __init__(self) -> None:
        self._intake = new_intake()
        self._before: dict[str, EntityState] = {}
        """States as they stood before the last message."""
        self._was_sent = False

    def judge(self, step: Step) -> str:
        """What is wrong with a step; empty when it is right."""
        self._intake.registry.lapse(_at(step))
        match step.direction:
            case "in":
                return self._hear(step)
            case "query":
                return self._ask(step)
            case "out":
                fault = self._say(step)
                self._was_sent = not fault
                return fault
            case "none":
                return self._say_in_vain(step)
            case "device":
                # what the program then did to its hardware follows from the message before
                return "" if self._was_sent else "the message before was not sent"
            case _:
                return f"{step.direction} is no known direction"

    def _known(self) -> Sequence[Known]:
        return self._intake.registry.roster.all()

    def _hear(self, step: Step) -> str:
        registry = self._intake.registry
        self._before = {each.entity.id: each.state for each in registry.roster.all()}
        listeners = [each for each in registry.roster.all() if step.topic in each.topics]
        faults = len(registry.faults)
        taken = self._intake.take(step.topic, step.payload, _at(step))
        if len(registry.faults) != faults:
            return "reported as a fault"
        if taken.is_announcement:
            return self._fault_of_announcement(step)
        touched = set(taken.touched)
        missed = [each.entity.id for each in listeners if each.entity.id not in touched]
        return f"not heard by {missed}" if missed else ""

    def _fault_of_announcement(self, step: Step) -> str:
        behind = self._intake.registry.roster.behind(step.topic)
        if not step.payload:
            return "still there" if behind else ""
        return "" if behind or b'"platform"' in step.payload else "nothing announced"

    def _ask(self, step: Step) -> str:
        known = mqtt_answers.target_of(self._known(), step)
        asked = set(step.say.casefold().strip("?").split())
        if step.answer.startswith("no such") and known is not None:
            # another entity of the same device may be left
            known = known if asked & set(known.entity.name.casefold().split()) else None
        before = self._before.get(known.entity.id, EntityState()) if known is not None else EntityState()
        return mqtt_answers.fault_of(known, before, step)

    def _say(self, step: Step) -> str:
        topics = {step.topic, *(step.wanted.get("also_ok_topic") or ())}
        found = [(known, messages) for known, messages in self._sent(step)]
        if not found:
            return "nothing can be sent"
        # the sentence names no device: the one that is meant has the topic
        meant = [messages for _, messages in found if topics & {each.topic for each in messages}]
        return mqtt_payloads.fault_of((meant or [found[0][1]])[0], step)

    def _say_in_vain(self, step: Step) -> str:
        asked = [known for known in self._known() if action_for(known, step.say) is not None]
        if not asked:
            return "nobody can be asked this"
        sent = [messages for _, messages in self._sent(step)]
        return f"sent {sent}" if sent else ""

    def _sent(self, step: Step) -> Iterator[tuple[Known, Sequence[Outgoing]]]:
        for known in self._known():
            action = action_for(known, step.say)
            if action is None or not known.state.is_available:
                continue
            try:
                yield known, order_for(known.announced, _with_code(action, known, step), known.state).messages
            except (Unsupported, TemplateFault, ConfigFault):
                continue


def _at(step: Step) -> datetime:
    return _START + timedelta(seconds=step.at_s)


def _with_code(action: Action, known: Known, step: Step) -> Action:
    """Where something is to be published, the speaker has said the code that the panel announces."""
    code = known.announced.config.text("code")
    if step.direction != "out" or not code or code.startswith("REMOTE_CODE"):
        return action
    return replace(action, values={"code": code, **action.values})
