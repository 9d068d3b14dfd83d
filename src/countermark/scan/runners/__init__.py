"""Runners: where the shards are scanned."""
