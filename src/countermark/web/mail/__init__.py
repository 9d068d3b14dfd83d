"""The outbox, its messages and their delivery."""
