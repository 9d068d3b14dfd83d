"""Matching recordings: candidates by votes, verification, composition."""
