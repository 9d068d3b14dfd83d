"""Self-test: plants altered copies of the user's works in real text, and counts what is found."""
