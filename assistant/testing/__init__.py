"""Public fakes for tests: clock, home, recogniser, voice."""
