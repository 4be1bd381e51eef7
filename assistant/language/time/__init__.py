"""Times as predicates over the calendar: series of spans, forward and backward from a moment, with a grain.

spans.py     a stretch of wall time; units of the calendar
fields.py    "the 13th, a Friday, at three": what a calendar and a clock show
series.py    units one after the other, what holds at once, the nth from now
derived.py   made from another series: the nth after it, the last in it, from here to there, shifted, a part of it
feasts.py    Easter and the seasons
resolve.py   a series against now and a Reading: an instant, an interval, or all time on one side

All of it is naive wall time; the zone comes in at the very end (resolve.py).
"""
