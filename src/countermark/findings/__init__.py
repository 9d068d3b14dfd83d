"""Findings: the rows that everything else reads."""
