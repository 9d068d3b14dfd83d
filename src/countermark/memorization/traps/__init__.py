"""Traps: text that is drawn at random and planted in a work before it is published."""
