"""Sign, confirm, change, withdraw."""
