"""When on a day, or in a part of it, that was said without a time."""

from __future__ import annotations

from datetime import time

from assistant.language.time.fields import Part

DAY_AT = time(9)
"""When on a day that was said without a time."""
PART_AT = {
    Part.EARLY_MORNING: time(7),
    Part.MORNING: DAY_AT,
    Part.LUNCH: time(12),
    Part.AFTERNOON: time(15),
    Part.AFTER_WORK: time(18),
    Part.EVENING: time(19),
    Part.LATE_EVENING: time(22),
    Part.NIGHT: time(21),
}
"""When in a part of the day that was said without a time."""
