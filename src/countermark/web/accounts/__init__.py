"""Accounts of organisers and representatives."""
