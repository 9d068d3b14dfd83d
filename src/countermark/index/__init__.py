"""The index: the read-only, memory-mapped set of fingerprints of a catalog."""
