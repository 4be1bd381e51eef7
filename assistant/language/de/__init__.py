"""German, as far as tables tell it."""
