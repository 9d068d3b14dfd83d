"""Organisations that sign as such, with a verified mandate."""
