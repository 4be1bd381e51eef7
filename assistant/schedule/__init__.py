"""What must happen later: timers, reminders, alarms and events on disk, told when they are due.

Schedule(path, clock, settings, on_due)   async context manager; a SchedulePort
Schedule.calendar                         a CalendarPort, in the same database
Schedule.notebook(skill)                  a skill's notebook in the same database
Schedule.rescue                           set when the database was found damaged
announcement(due)                         the words that tell an item
"""

from assistant.schedule.notebook import SqliteNotebook
from assistant.schedule.rescue import Rescue
from assistant.schedule.service import Schedule
from assistant.schedule.words import Announcement, announcement

__all__ = ["Announcement", "Rescue", "Schedule", "SqliteNotebook", "announcement"]
