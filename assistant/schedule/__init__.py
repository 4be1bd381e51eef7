"""What must happen later: SQLite keeps it, APScheduler wakes us."""
