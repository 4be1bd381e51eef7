"""iCalendar files (RFC 5545): what they hold, read and written.

read_calendar(data, zone=, now=, source=, list_name=) → Content
write_calendar(content, now) → bytes
Import it where it is needed only: the parser takes a fifth of a second to load.
"""

from assistant.schedule.ical.content import Content, FileItem, ListEntry, Refusal
from assistant.schedule.ical.reading import join, read_calendar
from assistant.schedule.ical.writing import write_calendar

__all__ = ["Content", "FileItem", "ListEntry", "Refusal", "join", "read_calendar", "write_calendar"]
