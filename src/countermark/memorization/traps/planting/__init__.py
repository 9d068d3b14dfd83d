"""Planting: a copy of a file in which places of its text are written in another way, and all else is as it was."""
