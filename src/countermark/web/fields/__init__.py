"""What several forms ask for: names as people write them, and countries."""
