"""Words ↔ values, per language: pure functions, no I/O, no clock of their own."""
