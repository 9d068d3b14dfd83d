"""Linkage: a catalog against listings of a data set, by identifiers and by names."""
