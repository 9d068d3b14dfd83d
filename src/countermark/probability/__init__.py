"""Exact statistics: bounds, ranks, corrections. Nothing here knows of works or models."""
