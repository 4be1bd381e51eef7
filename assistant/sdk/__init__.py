"""All that a skill may import: the whole surface on one screen.

class Skill                    base of every skill
@intent(*sentences)            a method that people call by those sentences; annotated parameters are its slots
@home_intent(name)             a method that takes over the sentences of a Home Assistant intent
Context                        where, when and with what a method runs; ctx.ask(…) asks back
Outcome                        what became of it: Outcome.done/told/failed/refused/not_found(key, **values)
Duration, When, Number, Text, Option, EntityName, AreaName, Place   slot types
Time, WakeTime, {Timer,Alarm,Wake,Reminder,Event}Request   slot types of scheduling
Request, Instant, Interval, Recurrence, Offset, Length   what those hold
Action, ActionResult, ActionStatus, Area, Entity, EntityState, HomeView   the home
Wanted, the_item, items_meant, by_name, is_called, span_of, falls_in   which of several things is meant
Plan, plan_from, time_from, wall, moment_of, moved, move_item, move_item_to   times said → times kept
leave_out, names_a_day         some times of what repeats don't come
described, each_described, sayable   what an outcome holds of scheduled things
unless_unkept                  a method whose StoreError is said
NewItem, ItemKind, ScheduledItem, Change, AS_IS, Repeat, Anchor   what must happen later
NewEvent, Event, EventId, Occurrence   the calendar
Watch, Sense, Deed             what is waited for, and what is done then
"""

from assistant.core.clock import Clock
from assistant.core.errors import AssistantError, InputError, SkillError, StoreError
from assistant.core.home import (
    Action,
    ActionResult,
    ActionStatus,
    Area,
    AreaId,
    Entity,
    EntityId,
    EntityState,
    HomeView,
    Value,
)
from assistant.core.hooks import Deed, Sense, Watch
from assistant.core.intents import SlotKind
from assistant.core.ports import CalendarPort, SchedulePort
from assistant.core.schedule import (
    AS_IS,
    Anchor,
    Change,
    Event,
    EventId,
    ItemId,
    ItemKind,
    NewEvent,
    NewItem,
    Occurrence,
    Repeat,
    ScheduledItem,
)
from assistant.core.turn import Outcome, OutcomeStatus, SlotValue, TimeValue
from assistant.core.values import Direction, Grain, Instant, Interval, Length, Offset, Recurrence, Request, Wish
from assistant.language.moments import moment_of
from assistant.sdk.choosing import Wanted, by_name, due_in, falls_in, is_called, items_meant, span_of, the_item
from assistant.sdk.context import Context, HelpEntry
from assistant.sdk.keeping import unless_unkept
from assistant.sdk.moving import move_item, move_item_to, moved
from assistant.sdk.planning import Plan, plan_from, time_from, wall
from assistant.sdk.skill import IntentMark, Skill, Slots, home_intent, intent
from assistant.sdk.skipping import leave_out, names_a_day
from assistant.sdk.slots import (
    AlarmRequest,
    AreaName,
    Duration,
    EntityName,
    EventRequest,
    Number,
    Option,
    Place,
    ReminderRequest,
    Text,
    Time,
    TimerRequest,
    WakeRequest,
    WakeTime,
    When,
)
from assistant.sdk.telling import described, each_described, sayable

__all__ = [
    "AS_IS",
    "Action",
    "ActionResult",
    "ActionStatus",
    "AlarmRequest",
    "Anchor",
    "Area",
    "AreaId",
    "AreaName",
    "AssistantError",
    "CalendarPort",
    "Change",
    "Clock",
    "Context",
    "Deed",
    "Direction",
    "Duration",
    "Entity",
    "EntityId",
    "EntityName",
    "EntityState",
    "Event",
    "EventId",
    "EventRequest",
    "Grain",
    "HelpEntry",
    "HomeView",
    "InputError",
    "Instant",
    "IntentMark",
    "Interval",
    "ItemId",
    "ItemKind",
    "Length",
    "NewEvent",
    "NewItem",
    "Number",
    "Occurrence",
    "Offset",
    "Option",
    "Outcome",
    "OutcomeStatus",
    "Place",
    "Plan",
    "Recurrence",
    "ReminderRequest",
    "Repeat",
    "Request",
    "SchedulePort",
    "ScheduledItem",
    "Sense",
    "Skill",
    "SkillError",
    "SlotKind",
    "SlotValue",
    "Slots",
    "StoreError",
    "Text",
    "Time",
    "TimeValue",
    "TimerRequest",
    "Value",
    "WakeRequest",
    "WakeTime",
    "Wanted",
    "Watch",
    "When",
    "Wish",
    "by_name",
    "described",
    "due_in",
    "each_described",
    "falls_in",
    "home_intent",
    "intent",
    "is_called",
    "items_meant",
    "leave_out",
    "moment_of",
    "move_item",
    "move_item_to",
    "moved",
    "names_a_day",
    "plan_from",
    "sayable",
    "span_of",
    "the_item",
    "time_from",
    "unless_unkept",
    "wall",
]
