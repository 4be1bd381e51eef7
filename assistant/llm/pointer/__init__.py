"""A small encoder that chooses a tool and points at things, places and words: a planner of a few milliseconds."""
