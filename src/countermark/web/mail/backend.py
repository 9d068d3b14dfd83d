"""What Django and allauth send goes through the outbox, like every other mail."""
