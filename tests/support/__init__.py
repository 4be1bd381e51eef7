"""Real parts that tests start: a sound server."""
