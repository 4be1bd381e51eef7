"""Korean: its words and its grammar of numbers, durations and times."""
