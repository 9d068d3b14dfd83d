"""Limits, lists, alarms, switches and the challenge."""
