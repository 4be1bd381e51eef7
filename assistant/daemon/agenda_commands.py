"""What the control socket can ask about timers, alarms, reminders, lists and the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.acting.converse import Said
from assistant.core.errors import InputError
from assistant.core.schedule import EventId, ItemId, Occurrence, ScheduledItem
from assistant.core.turn import OutcomeStatus, Source, Transcript
from assistant.daemon.brain import Brain
from assistant.daemon.control import Command, Emit, Message
from assistant.daemon.phrasing import sentence_for
from assistant.daemon.upload import Inbox, from_piece, pieces
from assistant.schedule.list_notes import SKILL, ListNotes, name_of_list
from assistant.schedule.part import Part

if TYPE_CHECKING:
    from assistant.schedule.transfer import Transfer

MAX_DAYS = 3660
MAX_ROWS = 2000
"""Entries in one answer: its line has a limit."""
MAX_REFUSED = 50
"""Refused entries that are named in one answer."""
_KEPT = frozenset({OutcomeStatus.DONE, OutcomeStatus.ASSUMED, OutcomeStatus.PARTLY})


class AgendaCommands:
    """One method per command; `part` says what it is about."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain
        self._lists = ListNotes(brain.schedule.notebook(SKILL))
        self._inbox = Inbox()

    def table(self) -> Mapping[str, Command]:
        """Name → method."""
        return {
            "items": self.items,
            "events": self.events,
            "lists": self.lists,
            "calendars": self.calendars,
            "add": self.add,
            "cancel": self.cancel,
            "cancel_lines": self.cancel_lines,
            "export": self.export,
            "import": self.take_in,
        }

    async def items(self, request: Message, _: Emit) -> Message:
        """Timers, alarms or reminders (`part`) that are still to come, soonest first."""
        kind = _part(request).kind
        return {"items": [self._item(item) for item in self._brain.schedule.pending(kind)][:MAX_ROWS]}

    async def events(self, request: Message, _: Emit) -> Message:
        """What takes place in the next `days`."""
        days = request.get("days", 14)
        if not isinstance(days, int) or not 1 <= days <= MAX_DAYS:
            raise InputError(f"days are 1 to {MAX_DAYS}")
        now = self._brain.clock.now()
        found = await self._brain.schedule.calendar.between(now, now + timedelta(days=days), MAX_ROWS)
        return {"events": [self._event(each) for each in found]}

    async def lists(self, _: Message, __: Emit) -> Message:
        """Every line of every list."""
        lists = await self._lists.lists()
        return {
            "lines": [
                {"list": name, "text": line.text, "done": line.is_done, "count": line.count}
                for name, lines in lists.items()
                for line in lines
            ][:MAX_ROWS]
        }

    async def calendars(self, _: Message, __: Emit) -> Message:
        """How the calendars from elsewhere are doing."""
        states = [state for source in self._brain.sources.values() for state in source.states]
        return {"calendars": [asdict(state) for state in states]}

    async def add(self, request: Message, _: Emit) -> Message:
        """Keep what a typed `phrase` says; gives the reply, and whether it was kept."""
        part, phrase = _part(request), _text(request, "phrase")
        sentence = await sentence_for(self._brain, part.value, phrase, str(request.get("list") or ""))
        transcript = Transcript(sentence, self._brain.config.settings.general.language, "typed")
        # a question that nobody can answer here must not wait for the next phrase
        channel = f"add-{uuid4().hex}"
        turn = await self._brain.conversation.take(Said(transcript, Source.TYPED, channel, self._brain.area_id))
        is_kept = bool(turn.outcomes) and all(outcome.status in _KEPT for outcome in turn.outcomes)
        return {
            "sentence": sentence,
            "reply": turn.reply.text if turn.reply else "",
            "kept": is_kept,
            "turn": self._brain.trace.as_json(turn),
        }

    async def cancel(self, request: Message, _: Emit) -> Message:
        """Remove by `ids`, or `all` of a part; gives how many there were."""
        part = _part(request)
        kind = part.kind
        if kind is None:
            return {"cancelled": await self._brain.schedule.calendar.cancel(map(EventId, _ids(request)))}
        there = {item.id for item in self._brain.schedule.pending(kind)}
        wanted = there if request.get("all") is True else set(map(ItemId, _ids(request)))
        if missing := sorted(wanted - there):
            raise InputError(f"there is no number {missing[0]} among the {part}", fix=f"see assistant {part} list")
        return {"cancelled": await self._brain.schedule.cancel(wanted)}

    async def cancel_lines(self, request: Message, _: Emit) -> Message:
        """Take `text` off the list `list`, or without `text` remove the list; gives how many lines went."""
        name = name_of_list(_text(request, "list"))
        text = str(request["text"]) if request.get("text") else None
        lists = await self._lists.lists()
        if name not in lists:
            raise InputError(f"there is no list {name!r}", fix=f"there are: {', '.join(lists) or 'none'}")
        gone = await self._lists.remove(name, text)
        if text is not None and not gone:
            raise InputError(f"{text!r} is not on the list {name!r}", fix="see assistant lists list")
        return {"cancelled": gone}

    async def export(self, request: Message, emit: Emit) -> Message:
        """A part as an .ics file, in events with base64 pieces; gives its length."""
        data = await self._transfer().export(_part(request))
        for piece in pieces(data):
            await emit({"event": "piece", "data": piece})
        return {"bytes": len(data)}

    async def take_in(self, request: Message, _: Emit) -> Message:
        """A piece (`data`) of the file `name`; with the last one (`more` false) its part is kept."""
        part, upload = _part(request), _text(request, "upload")
        self._inbox.put(upload, from_piece(request.get("data", "")))
        if request.get("more") is True:
            return {}
        data = self._inbox.take(upload)
        taken = await self._transfer().take_in(part, data, _text(request, "name")[:200])
        return {
            "new": taken.new,
            "known": taken.known,
            "refused": len(taken.refused),
            "refusals": [asdict(each) for each in taken.refused[:MAX_REFUSED]],
        }

    def _transfer(self) -> Transfer:
        # the parser of calendars is loaded by those who need it
        from assistant.schedule.transfer import Transfer

        brain = self._brain
        return Transfer(brain.schedule, brain.schedule.calendar, self._lists, str(brain.zone), brain.clock)

    def _item(self, item: ScheduledItem) -> dict[str, Any]:
        left = item.remaining if item.due_at is None else item.due_at - self._brain.clock.now()
        return {
            "id": item.id,
            "label": item.label,
            "due": item.due_at.astimezone(self._brain.zone).isoformat(timespec="seconds") if item.due_at else None,
            "remaining": str(left).split(".")[0] if left is not None else None,
            "repeats": item.repeat.rule if item.repeat else None,
            "paused": item.is_paused,
            "snoozed": item.snoozed,
        }

    def _event(self, occurrence: Occurrence) -> dict[str, Any]:
        event, zone = occurrence.event, self._brain.zone
        if event.is_all_day:
            first, length = occurrence.start_local.date(), event.end_local - event.start_local
            start, end = first.isoformat(), (first + length).isoformat()
        else:
            start = occurrence.start_at.astimezone(zone).isoformat(timespec="minutes")
            end = occurrence.end_at.astimezone(zone).isoformat(timespec="minutes")
        return {
            "id": event.id,
            "label": event.label,
            "start": start,
            "end": end,
            "all_day": event.is_all_day,
            "repeats": event.repeat.rule if event.repeat else None,
            "source": event.source,
        }


def _part(request: Message) -> Part:
    part = str(request.get("part"))
    if part not in set(Part):
        raise InputError(f"there is no part {part!r}", fix=f"there are: {', '.join(Part)}")
    return Part(part)


def _text(request: Message, key: str) -> str:
    text = request.get(key)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{key} is missing")
    return text.strip()


def _ids(request: Message) -> Sequence[int]:
    ids = request.get("ids")
    if not isinstance(ids, list) or not ids or not all(type(each) is int for each in ids):
        raise InputError("which ones?", fix="give their numbers")
    return ids
