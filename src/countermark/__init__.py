"""Countermark: find works in AI training sets, and come out with evidence."""

__version__ = "0.1.0"
