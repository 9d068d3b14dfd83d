"""Runners: where the shards of a run are scanned. Each is one file; the scan itself knows none of them."""
