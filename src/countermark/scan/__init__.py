"""Scanning: a corpus planned into shards, each scanned once, each with its receipt."""
