"""Recordings in a corpus: folders, archives, tables, captures."""
