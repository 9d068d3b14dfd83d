"""Evidence: what a person reads and checks."""
